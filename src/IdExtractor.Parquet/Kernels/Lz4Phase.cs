namespace IdExtractor.Parquet.Kernels;

/// <summary>
/// The part of an LZ4 sequence that comes next in the input, or is being written.
/// </summary>
internal enum Lz4Phase : byte
{
    /// <summary>The token: a sequence starts.</summary>
    Token,

    /// <summary>More bytes of the number of literals.</summary>
    LiteralLength,

    /// <summary>Literals.</summary>
    Literals,

    /// <summary>The match's offset, or the end of the block.</summary>
    Offset,

    /// <summary>More bytes of the match's length.</summary>
    MatchLength,

    /// <summary>The match.</summary>
    Match,
}
