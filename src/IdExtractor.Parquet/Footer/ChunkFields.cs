using System.Text;
using IdExtractor.Parquet.Thrift;

namespace IdExtractor.Parquet.Footer;

/// <summary>
/// <c>ColumnChunk</c> and <c>ColumnMetaData</c> as stored in the file, unchecked. An optional field
/// with an unexpected type is skipped, as generated Thrift readers do.
/// </summary>
internal sealed class ChunkFields
{
    /// <summary>Where the list of the column's names is; 0 when there is none.</summary>
    private int _pathPosition;
    private ThriftType _pathType;
    private long _columnIndexOffset, _offsetIndexOffset, _bloomOffset;
    private int _columnIndexLength, _offsetIndexLength;
    private int? _bloomLength;

    public bool IsEncrypted { get; private set; }

    public bool HasFilePath { get; private set; }

    public bool HasMetadata { get; private set; }

    public int Physical { get; private set; } = -1;

    public int Codec { get; private set; } = -1;

    public long ValueCount { get; private set; } = -1;

    public long UncompressedLength { get; private set; }

    public long CompressedLength { get; private set; }

    public long DataPageOffset { get; private set; }

    public long DictionaryPageOffset { get; private set; }

    /// <summary>Where the first page starts, dictionary or data.</summary>
    public long Start => DictionaryPageOffset > 0 && DictionaryPageOffset < DataPageOffset ? DictionaryPageOffset : DataPageOffset;

    /// <summary>
    /// Bytes of the dictionary page, including its header; 0 when no dictionary precedes the data
    /// pages.
    /// </summary>
    public long DictionaryLength => DataPageOffset - Start;

    public StatisticsFields? Statistics { get; private set; }

    public FileRange? BloomFilter => _bloomOffset > 0 ? new FileRange(_bloomOffset, _bloomLength) : null;

    public FileRange? ColumnIndex =>
        _columnIndexOffset > 0 && _columnIndexLength > 0 ? new FileRange(_columnIndexOffset, _columnIndexLength) : null;

    public FileRange? OffsetIndex =>
        _offsetIndexOffset > 0 && _offsetIndexLength > 0 ? new FileRange(_offsetIndexOffset, _offsetIndexLength) : null;

    /// <summary>The names from the root of the schema down, joined with dots.</summary>
    /// <param name="thrift">The bytes that the chunk was read from.</param>
    public string Path(ReadOnlySpan<byte> thrift) => string.Join('.', Names(thrift));

    /// <summary>True when the chunk names this column, or none.</summary>
    /// <param name="column">The column.</param>
    /// <param name="thrift">The bytes that the chunk was read from.</param>
    public bool IsOf(ColumnDescriptor column, ReadOnlySpan<byte> thrift)
    {
        if (_pathPosition == 0)
            return true;
        var reader = new CompactReader(thrift, maxDepth: 1);
        reader.ContinueAt(_pathPosition);
        var count = reader.ReadList(_pathType, out var elementType);
        if (count == 1 && column.Path.Count == 1 && Ascii.Equals(reader.ReadBinary(elementType), column.Path[0]))
            return true;
        return count == 0 || Names(thrift).AsSpan().SequenceEqual([.. column.Path]);
    }

    public static ChunkFields Read(ref CompactReader reader)
    {
        var chunk = new ChunkFields();
        var outer = reader.BeginStruct();
        while (reader.NextField(out var id, out var type))
        {
            switch (id)
            {
                case 1 when type == ThriftType.Binary:
                    chunk.HasFilePath = reader.ReadBinary(type).Length > 0;
                    break;
                case 3:
                    reader.Expect(type, ThriftType.Struct);
                    chunk.ReadMetadata(ref reader);
                    break;
                case 4 when type == ThriftType.I64:
                    chunk._offsetIndexOffset = reader.ReadI64(type);
                    break;
                case 5 when type == ThriftType.I32:
                    chunk._offsetIndexLength = reader.ReadI32(type);
                    break;
                case 6 when type == ThriftType.I64:
                    chunk._columnIndexOffset = reader.ReadI64(type);
                    break;
                case 7 when type == ThriftType.I32:
                    chunk._columnIndexLength = reader.ReadI32(type);
                    break;
                case 8 when type == ThriftType.Struct:
                case 9 when type == ThriftType.Binary:
                    chunk.IsEncrypted = true;
                    reader.Skip(type);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        reader.EndStruct(outer);
        return chunk;
    }

    private void ReadMetadata(ref CompactReader reader)
    {
        HasMetadata = true;
        var outer = reader.BeginStruct();
        while (reader.NextField(out var id, out var type))
        {
            switch (id)
            {
                case 1:
                    Physical = reader.ReadI32(type);
                    break;
                case 3:
                    ReadPath(ref reader, type);
                    break;
                case 4:
                    Codec = reader.ReadI32(type);
                    break;
                case 5:
                    ValueCount = reader.ReadI64(type);
                    break;
                case 6 when type == ThriftType.I64:
                    UncompressedLength = reader.ReadI64(type);
                    break;
                case 7:
                    CompressedLength = reader.ReadI64(type);
                    break;
                case 9:
                    DataPageOffset = reader.ReadI64(type);
                    break;
                case 11 when type == ThriftType.I64:
                    DictionaryPageOffset = reader.ReadI64(type);
                    break;
                case 12 when type == ThriftType.Struct:
                    Statistics = StatisticsFields.Read(ref reader);
                    break;
                case 14 when type == ThriftType.I64:
                    _bloomOffset = reader.ReadI64(type);
                    break;
                case 15 when type == ThriftType.I32:
                    _bloomLength = reader.ReadI32(type);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        reader.EndStruct(outer);
    }

    /// <summary>The names are decoded only when they are needed: of most columns, never.</summary>
    private string[] Names(ReadOnlySpan<byte> thrift)
    {
        if (_pathPosition == 0)
            return [];
        var reader = new CompactReader(thrift, maxDepth: 1);
        reader.ContinueAt(_pathPosition);
        var names = new string[reader.ReadList(_pathType, out var elementType)];
        foreach (ref var name in names.AsSpan())
            name = Encoding.UTF8.GetString(reader.ReadBinary(elementType));
        return names;
    }

    private void ReadPath(ref CompactReader reader, ThriftType type)
    {
        (_pathPosition, _pathType) = (reader.Position, type);
        var count = reader.ReadList(type, out var elementType);
        for (var i = 0; i < count; i++)
            reader.ReadBinary(elementType);
    }
}
