using System.Buffers.Binary;
using System.IO.Compression;
using IdExtractor.Parquet;
using IdExtractor.Parquet.Footer;
using IdExtractor.Parquet.Pages;

namespace IdExtractor.Testing.Pages;

/// <summary>
/// Writes the pages of one chunk of an optional column, compressed by Snappy, LZ4 or Zstandard or
/// not at all.
/// </summary>
internal sealed class ChunkBuilder
{
    private const byte Int32Field = 5;
    private const byte StructField = 12;

    private readonly EncodedBytes _bytes = new();
    private readonly ColumnDescriptor _column;
    private readonly CompressionCodec _codec;
    private long _rows;

    public ChunkBuilder(string name, CompressionCodec codec = CompressionCodec.Snappy)
        : this(new ColumnDescriptor { Index = 0, Path = [name], Physical = PhysicalType.ByteArray, MaxDefinitionLevel = 1 }, codec)
    {
    }

    public ChunkBuilder(ColumnDescriptor column, CompressionCodec codec)
    {
        _column = column;
        _codec = codec;
    }

    /// <summary>Write data pages of the second version.</summary>
    public bool IsSecondVersion { get; init; }

    public byte[] ToArray() => _bytes.ToArray();

    /// <summary>The chunk, were it written at an offset of a file.</summary>
    public ColumnChunk ToChunk(long offset = 0) => new()
    {
        Column = _column,
        Codec = _codec,
        ValueCount = _rows,
        Offset = offset,
        Length = _bytes.Length,
    };

    public ChunkBuilder AddDictionary(IReadOnlyCollection<byte[]> entries)
    {
        var body = Plain(entries);
        var compressed = Compress(body);
        AddHeader(PageType.Dictionary, body.Length, compressed.Length, 7, [entries.Count, (int)ParquetEncoding.Plain]);
        _bytes.Add(compressed);
        return this;
    }

    public ChunkBuilder AddPlain(IReadOnlyCollection<byte[]?> rows) =>
        AddData([.. rows.Select(row => row is not null)], Plain(rows.OfType<byte[]>()), ParquetEncoding.Plain);

    /// <summary>Adds a page of integers as packed differences.</summary>
    public ChunkBuilder AddIntegerDeltas(IReadOnlyCollection<byte[]?> rows)
    {
        var is32Bit = _column.Physical == PhysicalType.Int32;
        var values = rows.OfType<byte[]>().Select(
            value => is32Bit ? BinaryPrimitives.ReadInt32LittleEndian(value) : BinaryPrimitives.ReadInt64LittleEndian(value));
        return AddData(
            [.. rows.Select(row => row is not null)], PlainEncoders.DeltaBinaryPacked([.. values], is32Bit),
            ParquetEncoding.DeltaBinaryPacked);
    }

    /// <summary>
    /// Adds a page of values of a fixed width, split by the places of their bytes.
    /// </summary>
    public ChunkBuilder AddSplit(IReadOnlyCollection<byte[]?> rows) => AddData([.. rows.Select(row => row is not null)],
        PlainEncoders.ByteStreamSplit(
            [.. rows.OfType<byte[]>().SelectMany(value => value)], _column.FixedWidth), ParquetEncoding.ByteStreamSplit);

    /// <summary>Adds a page of positions in the dictionary; a negative one is null.</summary>
    public ChunkBuilder AddIndices(int[] rows, int width, Random random)
    {
        var hybrid = PlainEncoders.Hybrid([.. rows.Where(row => row >= 0)], width, random);
        return AddData([.. rows.Select(row => row >= 0)], [(byte)width, .. hybrid], ParquetEncoding.RleDictionary);
    }

    /// <summary>Adds a page of a delta encoding of byte arrays.</summary>
    public ChunkBuilder AddDeltas(byte[][] rows, ParquetEncoding encoding) =>
        AddData(
            [.. rows.Select(_ => true)],
            encoding == ParquetEncoding.DeltaByteArray ? PlainEncoders.DeltaByteArray(rows) : PlainEncoders.DeltaLengthByteArray(rows),
            encoding);

    private byte[] Plain(IEnumerable<byte[]> values) =>
        _column.FixedWidth > 0 ? [.. values.SelectMany(value => value)] : PlainEncoders.ByteArrays(values);

    private byte[] Compress(byte[] body) => _codec switch
    {
        CompressionCodec.Uncompressed => body,
        CompressionCodec.Zstd => ZstdTestEncoder.Compress(body, null),
        CompressionCodec.Lz4Raw => Lz4Page.Compress(body),
        CompressionCodec.Gzip => Gzipped(body),
        _ => SnappyPage.Compress(body),
    };

    private static byte[] Gzipped(byte[] body)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
            gzip.Write(body);
        return compressed.ToArray();
    }

    private ChunkBuilder AddData(bool[] isPresent, byte[] values, ParquetEncoding encoding)
    {
        var levels = new EncodedBytes()
            .AddVarint(((ulong)(isPresent.Length + 7) / 8 << 1) | 1)
            .AddLowBitsFirst(isPresent.Select(present => present ? 1UL : 0), 1)
            .ToArray();
        _rows += isPresent.Length;
        if (IsSecondVersion)
        {
            var part = Compress(values);
            AddHeader(PageType.DataV2, levels.Length + values.Length, levels.Length + part.Length, 8,
                [isPresent.Length, isPresent.Count(present => !present), isPresent.Length, (int)encoding, levels.Length, 0]);
            _bytes.Add(levels).Add(part);
            return this;
        }

        var length = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, levels.Length);
        byte[] body = [.. length, .. levels, .. values];
        var compressed = Compress(body);
        AddHeader(
            PageType.Data, body.Length, compressed.Length, 5,
            [isPresent.Length, (int)encoding, (int)ParquetEncoding.Rle, (int)ParquetEncoding.Rle]);
        _bytes.Add(compressed);
        return this;
    }

    private void AddHeader(PageType type, int uncompressed, int compressed, int structField, int[] fields)
    {
        AddInt(1, (int)type);
        AddInt(1, uncompressed);
        AddInt(1, compressed);
        _bytes.Add((byte)((structField - 3) << 4 | StructField));
        foreach (var field in fields)
            AddInt(1, field);
        _bytes.Add(0, 0);
    }

    private void AddInt(int delta, int value) => _bytes.Add((byte)(delta << 4 | Int32Field)).AddZigZag(value);
}
