namespace IdExtractor.Parquet;

/// <summary>
/// What a file may claim before it is refused. Every limit is checked before the memory it speaks of is allocated. The defaults are far above what known writers produce.
/// </summary>
public sealed record ParquetLimits
{
    /// <summary>Rows of one row group: they are numbered by 32-bit integers.</summary>
    public const int MaxRowsPerRowGroup = int.MaxValue;

    /// <summary>The limits that the product runs with.</summary>
    public static ParquetLimits Default { get; } = new();

    /// <summary>Footer, in bytes.</summary>
    public int MaxFooterBytes { get; init; } = 512 << 20;

    /// <summary>Schema elements, groups and leaves together.</summary>
    public int MaxSchemaElements { get; init; } = 1 << 20;

    /// <summary>Levels of groups in the schema, and of structs in Thrift.</summary>
    public int MaxDepth { get; init; } = 64;

    /// <summary>Row groups in one file.</summary>
    public int MaxRowGroups { get; init; } = 1 << 20;

    /// <summary>One page header, in bytes (statistics in it may hold whole values).</summary>
    public int MaxPageHeaderBytes { get; init; } = 16 << 20;

    /// <summary>One page, compressed or not, in bytes.</summary>
    public int MaxPageBytes { get; init; } = 1 << 30;

    /// <summary>One dictionary page, uncompressed, in bytes.</summary>
    public int MaxDictionaryBytes { get; init; } = 512 << 20;

    /// <summary>Entries of one dictionary.</summary>
    public int MaxDictionaryEntries { get; init; } = 1 << 26;

    /// <summary>Values (nulls counted) of one page.</summary>
    public int MaxValuesPerPage { get; init; } = 1 << 30;

    /// <summary>One value, in bytes.</summary>
    public int MaxValueBytes { get; init; } = 256 << 20;
}
