namespace IdExtractor.Parquet.Footer;

/// <summary>
/// Where the pages of one column in one row group are, according to the footer. Offsets and sizes
/// have been checked against the file's size.
/// </summary>
public sealed record ColumnChunk
{
    /// <summary>The column.</summary>
    public required ColumnDescriptor Column { get; init; }

    /// <summary>Codec of all its pages.</summary>
    public required CompressionCodec Codec { get; init; }

    /// <summary>Values in the chunk, including nulls.</summary>
    public required long ValueCount { get; init; }

    /// <summary>First byte of its first page.</summary>
    public required long Offset { get; init; }

    /// <summary>Length of all its pages in bytes, including headers.</summary>
    public required long Length { get; init; }

    /// <summary>Bytes after decompression, as claimed by the footer; only for display.</summary>
    public long UncompressedLength { get; init; }

    /// <summary>Statistics, if the writer stored any.</summary>
    public ColumnStatistics? Statistics { get; init; }

    /// <summary>Where the split-block bloom filter is, if there is one.</summary>
    public FileRange? BloomFilter { get; init; }

    /// <summary>Where the column index is, if there is one.</summary>
    public FileRange? ColumnIndex { get; init; }

    /// <summary>Where the offset index is, if there is one.</summary>
    public FileRange? OffsetIndex { get; init; }
}

/// <summary>A range of bytes in a file.</summary>
/// <param name="Offset">First byte, from 0.</param>
/// <param name="Length">Number of bytes; null when the file does not state it.</param>
public readonly record struct FileRange(long Offset, long? Length);
