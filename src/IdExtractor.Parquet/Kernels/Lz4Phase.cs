namespace IdExtractor.Parquet.Kernels;

/// <summary>What of an LZ4 sequence comes next in the input, or is being put out.</summary>
internal enum Lz4Phase : byte
{
    /// <summary>The token: a sequence begins.</summary>
    Token,

    /// <summary>More bytes of the number of literals.</summary>
    LiteralLength,

    /// <summary>Literals.</summary>
    Literals,

    /// <summary>The match's offset; or the block is at its end.</summary>
    Offset,

    /// <summary>More bytes of the match's length.</summary>
    MatchLength,

    /// <summary>The match.</summary>
    Match,
}
