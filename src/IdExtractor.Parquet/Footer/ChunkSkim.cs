using IdExtractor.Parquet.Thrift;

namespace IdExtractor.Parquet.Footer;

/// <summary>
/// Finds the end of a chunk's bytes without a branch per field: all integers of its two structs go
/// to a table by their field ids, and everything else is stepped over. A wide table has tens of
/// thousands of chunks, of which a scan needs two per row group, but all count for the end of the
/// file's data. Chunks that are not as writers store them are left to
/// <see cref="ChunkExtent.ReadEndByFields"/>.
/// </summary>
internal static class ChunkSkim
{
    private const int FilePathField = 1;
    private const int MetadataField = 3;

    /// <summary>Fields of <c>ColumnChunk</c>.</summary>
    private const int OffsetIndexOffset = 4, OffsetIndexLength = 5, ColumnIndexOffset = 6, ColumnIndexLength = 7;

    /// <summary>Fields of <c>ColumnMetaData</c>.</summary>
    private const int CompressedLength = 7, DataOffset = 9, DictionaryOffset = 11, BloomOffset = 14, BloomLength = 15;

    /// <summary>Fields with larger ids do not occur.</summary>
    private const int MaxField = 31;

    /// <summary>Bits of the fields that are used only when they have the type of the
    /// format.</summary>
    private const uint Outer32 = 1 << OffsetIndexLength | 1 << ColumnIndexLength;
    private const uint Outer64 = 1 << OffsetIndexOffset | 1 << ColumnIndexOffset;
    private const uint Inner32 = 1 << BloomLength;
    private const uint Inner64 = 1 << CompressedLength | 1 << DataOffset | 1 << DictionaryOffset | 1 << BloomOffset;

    /// <summary>Reads a <c>ColumnChunk</c>.</summary>
    /// <param name="input">The footer.</param>
    /// <param name="at">Position of the struct's first field.</param>
    /// <param name="levels">Structs and lists that may be nested, the chunk included.</param>
    /// <param name="limit">As for <see cref="ChunkExtent.ReadEnd"/>.</param>
    /// <param name="end">As <see cref="ChunkExtent.ReadEnd"/> returns.</param>
    /// <returns>The position after the struct; negative when the reference implementation has to
    /// read it.</returns>
    public static int TryRead(ReadOnlySpan<byte> input, int at, int levels, long limit, out long end)
    {
        Span<long> outer = stackalloc long[MaxField + 1];
        Span<long> inner = stackalloc long[MaxField + 1];
        outer.Clear();
        inner.Clear();
        end = 0;
        var id = 0;
        while (levels > 1 && (uint)at < (uint)input.Length)
        {
            var header = input[at++];
            var type = (ThriftType)(header & 0x0F);
            if (type == ThriftType.Stop)
            {
                end = EndOf(outer, inner, limit);
                return at;
            }

            id += header >> 4;
            if (header < 0x10 || id > MaxField || (id == FilePathField && type == ThriftType.Binary))
                return CompactSkipper.Unusual;
            at = type switch
            {
                ThriftType.Struct when id == MetadataField => ReadIntegers(input, at, levels - 1, inner),
                ThriftType.I32 or ThriftType.I64 => ReadInteger(input, at, type, Outer32, Outer64, id, outer),
                _ => CompactSkipper.SkipValue(input, at, type, levels),
            };
            if (at < 0)
                return CompactSkipper.Unusual;
        }

        return CompactSkipper.Unusual;
    }

    private static int ReadIntegers(ReadOnlySpan<byte> input, int at, int levels, Span<long> fields)
    {
        var id = 0;
        while ((uint)at < (uint)input.Length)
        {
            var header = input[at++];
            var type = (ThriftType)(header & 0x0F);
            if (type == ThriftType.Stop)
                return at;
            id += header >> 4;
            if (header < 0x10 || id > MaxField)
                return CompactSkipper.Unusual;
            at = type is ThriftType.I32 or ThriftType.I64
                ? ReadInteger(input, at, type, Inner32, Inner64, id, fields)
                : CompactSkipper.SkipValue(input, at, type, levels);
            if (at < 0)
                return CompactSkipper.Unusual;
        }

        return CompactSkipper.Unusual;
    }

    private static int ReadInteger(ReadOnlySpan<byte> input, int at, ThriftType type, uint uses32, uint uses64, int id, Span<long> fields)
    {
        var is32 = type == ThriftType.I32;
        var after = CompactSkipper.ReadVarint(input, at, out var encoded);
        var value = (long)(encoded >> 1) ^ -(long)(encoded & 1);
        if ((((is32 ? uses64 : uses32) >> id) & 1) != 0 || (is32 && (after - at > CompactSkipper.MaxCountBytes || value != (int)value)))
            return CompactSkipper.Unusual;
        fields[id] = value;
        return after;
    }

    private static long EndOf(ReadOnlySpan<long> outer, ReadOnlySpan<long> inner, long limit)
    {
        var start = ChunkExtent.StartOf(inner[DataOffset], inner[DictionaryOffset]);
        var pages = ChunkExtent.EndOf(start, inner[CompressedLength], limit);
        var filter = ChunkExtent.EndOf(inner[BloomOffset], inner[BloomLength], limit);
        var offsets = ChunkExtent.EndOf(outer[OffsetIndexOffset], outer[OffsetIndexLength], limit);
        var bounds = ChunkExtent.EndOf(outer[ColumnIndexOffset], outer[ColumnIndexLength], limit);
        return Math.Max(Math.Max(pages, filter), Math.Max(offsets, bounds));
    }
}
