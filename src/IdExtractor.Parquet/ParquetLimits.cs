namespace IdExtractor.Parquet;

/// <summary>
/// Limits on what a file may claim; files above them are rejected. Every limit is checked before
/// the corresponding memory is allocated. The defaults are far above what known writers produce.
/// </summary>
public sealed record ParquetLimits
{
    /// <summary>Rows in one row group; row numbers are 32-bit integers.</summary>
    public const int MaxRowsPerRowGroup = int.MaxValue;

    /// <summary>The default limits, used in production.</summary>
    public static ParquetLimits Default { get; } = new();

    /// <summary>Size of the footer, in bytes.</summary>
    public int MaxFooterBytes { get; init; } = 512 << 20;

    /// <summary>Most schema elements of a file, groups and leaves together.</summary>
    public int MaxSchemaElements { get; init; } = 1 << 20;

    /// <summary>Greatest nesting depth of groups in the schema, and of structs in Thrift.</summary>
    public int MaxDepth { get; init; } = 64;

    /// <summary>Row groups in one file.</summary>
    public int MaxRowGroups { get; init; } = 1 << 20;

    /// <summary>Size of one page header, in bytes (its statistics may hold whole values).</summary>
    public int MaxPageHeaderBytes { get; init; } = 16 << 20;

    /// <summary>Size of one page, compressed or not, in bytes.</summary>
    public int MaxPageBytes { get; init; } = 1 << 30;

    /// <summary>Size of one dictionary page, uncompressed, in bytes.</summary>
    public int MaxDictionaryBytes { get; init; } = 512 << 20;

    /// <summary>Entries in one dictionary.</summary>
    public int MaxDictionaryEntries { get; init; } = 1 << 26;

    /// <summary>Values in one page, including nulls.</summary>
    public int MaxValuesPerPage { get; init; } = 1 << 30;

    /// <summary>Size of one value, in bytes.</summary>
    public int MaxValueBytes { get; init; } = 256 << 20;
}
