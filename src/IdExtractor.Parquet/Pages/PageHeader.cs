namespace IdExtractor.Parquet.Pages;

/// <summary>Page types, numbered as in parquet.thrift.</summary>
public enum PageType
{
    /// <summary>Data, first version: levels and values are compressed together.</summary>
    Data = 0,

    /// <summary>Never written in practice; skipped.</summary>
    Index = 1,

    /// <summary>The dictionary of the chunk.</summary>
    Dictionary = 2,

    /// <summary>Data, second version: uncompressed levels precede the values.</summary>
    DataV2 = 3,
}

/// <summary>
/// A page header, validated as far as possible without its chunk: no size or count is negative or
/// above the limits.
/// </summary>
public readonly record struct PageHeader
{
    /// <summary>The type of the page. May be a number that is not in the enum.</summary>
    public PageType Type { get; init; }

    /// <summary>Length of the body after decompression in bytes, including levels.</summary>
    public int UncompressedSize { get; init; }

    /// <summary>Length of the body in the file, in bytes.</summary>
    public int CompressedSize { get; init; }

    /// <summary>
    /// CRC-32 of the body as stored in the file; null when the writer did not store one.
    /// </summary>
    public uint? Crc { get; init; }

    /// <summary>
    /// Number of values, including nulls; for a dictionary, the number of entries.
    /// </summary>
    public int ValueCount { get; init; }

    /// <summary>Encoding of the values.</summary>
    public ParquetEncoding Encoding { get; init; }

    /// <summary>Encoding of the definition levels of a first-version page.</summary>
    public ParquetEncoding LevelEncoding { get; init; }

    /// <summary>Length of a second-version page's definition levels, in bytes.</summary>
    public int DefinitionLevelsSize { get; init; }

    /// <summary>Length of a second-version page's repetition levels, in bytes.</summary>
    public int RepetitionLevelsSize { get; init; }

    /// <summary>
    /// False when the values of a second-version page are uncompressed despite the chunk's codec.
    /// </summary>
    public bool IsCompressed { get; init; }

    /// <summary>Length of the header itself, in bytes.</summary>
    public int HeaderSize { get; init; }

    /// <summary>True for data pages of either version.</summary>
    public bool IsData => Type is PageType.Data or PageType.DataV2;
}
