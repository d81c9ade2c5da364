namespace IdExtractor.Parquet.Pages;

/// <summary>Page types, numbered as in parquet.thrift.</summary>
public enum PageType
{
    /// <summary>Data, first version: levels and values are compressed together.</summary>
    Data = 0,

    /// <summary>Never written in practice; passed over.</summary>
    Index = 1,

    /// <summary>The dictionary of the chunk.</summary>
    Dictionary = 2,

    /// <summary>Data, second version: levels stand uncompressed before the values.</summary>
    DataV2 = 3,
}

/// <summary>A page header, checked as far as it can be without the chunk around it: no size and no count is negative or above the limits.</summary>
public readonly record struct PageHeader
{
    /// <summary>What the page holds. May be a number that this program does not know.</summary>
    public PageType Type { get; init; }

    /// <summary>Bytes of the body after decompression, levels counted.</summary>
    public int UncompressedSize { get; init; }

    /// <summary>Bytes of the body in the file.</summary>
    public int CompressedSize { get; init; }

    /// <summary>CRC-32 of the body as it stands in the file; null when the writer left none.</summary>
    public uint? Crc { get; init; }

    /// <summary>Values, nulls counted; for a dictionary, entries.</summary>
    public int ValueCount { get; init; }

    /// <summary>Encoding of the values.</summary>
    public ParquetEncoding Encoding { get; init; }

    /// <summary>Encoding of the definition levels of a first-version page.</summary>
    public ParquetEncoding LevelEncoding { get; init; }

    /// <summary>Bytes of the definition levels of a second-version page.</summary>
    public int DefinitionLevelsSize { get; init; }

    /// <summary>Bytes of the repetition levels of a second-version page.</summary>
    public int RepetitionLevelsSize { get; init; }

    /// <summary>False when the values of a second-version page are not compressed, whatever the chunk's codec.</summary>
    public bool IsCompressed { get; init; }

    /// <summary>Bytes of the header itself.</summary>
    public int HeaderSize { get; init; }

    /// <summary>A page of rows.</summary>
    public bool IsData => Type is PageType.Data or PageType.DataV2;
}
