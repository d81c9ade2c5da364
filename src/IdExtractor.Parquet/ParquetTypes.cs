namespace IdExtractor.Parquet;

/// <summary>Physical types, numbered as in parquet.thrift.</summary>
public enum PhysicalType
{
    /// <summary>One bit.</summary>
    Boolean = 0,

    /// <summary>32-bit little endian.</summary>
    Int32 = 1,

    /// <summary>64-bit little endian.</summary>
    Int64 = 2,

    /// <summary>Deprecated 12-byte timestamp.</summary>
    Int96 = 3,

    /// <summary>IEEE single.</summary>
    Float = 4,

    /// <summary>IEEE double.</summary>
    Double = 5,

    /// <summary>Length-prefixed bytes.</summary>
    ByteArray = 6,

    /// <summary>Bytes of the fixed length that the schema gives.</summary>
    FixedLenByteArray = 7,
}

/// <summary>Encodings, numbered as in parquet.thrift.</summary>
public enum ParquetEncoding
{
    /// <summary>Values stored as they are.</summary>
    Plain = 0,

    /// <summary>Dictionary indices, under the deprecated number.</summary>
    PlainDictionary = 2,

    /// <summary>Run lengths and bit packing.</summary>
    Rle = 3,

    /// <summary>Deprecated packing of levels, most significant bit first.</summary>
    BitPacked = 4,

    /// <summary>Integers as packed differences.</summary>
    DeltaBinaryPacked = 5,

    /// <summary>Packed lengths, then the bytes.</summary>
    DeltaLengthByteArray = 6,

    /// <summary>Shared prefixes and suffixes.</summary>
    DeltaByteArray = 7,

    /// <summary>Dictionary indices.</summary>
    RleDictionary = 8,

    /// <summary>Bytes grouped by their position in the value.</summary>
    ByteStreamSplit = 9,
}

/// <summary>Codecs, numbered as in parquet.thrift.</summary>
public enum CompressionCodec
{
    /// <summary>None.</summary>
    Uncompressed = 0,

    /// <summary>Snappy, raw format.</summary>
    Snappy = 1,

    /// <summary>gzip; some writers store zlib or raw deflate under this number.</summary>
    Gzip = 2,

    /// <summary>LZO; not supported.</summary>
    Lzo = 3,

    /// <summary>Brotli.</summary>
    Brotli = 4,

    /// <summary>
    /// LZ4 in Hadoop's framing; some writers store a bare block or an LZ4 frame under this number.
    /// </summary>
    Lz4 = 5,

    /// <summary>Zstandard.</summary>
    Zstd = 6,

    /// <summary>LZ4 block.</summary>
    Lz4Raw = 7,
}
