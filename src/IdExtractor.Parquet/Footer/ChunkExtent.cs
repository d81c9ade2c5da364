using IdExtractor.Parquet.Thrift;

namespace IdExtractor.Parquet.Footer;

/// <summary>
/// Finds where the bytes of a chunk end: its pages, its indexes and its bloom filter. Allocates
/// nothing, because it runs for every column of a file.
/// </summary>
internal static class ChunkExtent
{
    private enum Part
    {
        Pages,
        OffsetIndex,
        ColumnIndex,
        BloomFilter,
    }

    /// <summary>Reads a <c>ColumnChunk</c>.</summary>
    /// <param name="reader">The reader, at the struct.</param>
    /// <param name="limit">Where the footer starts. Parts that reach into it are ignored here;
    /// other checks handle them.</param>
    /// <returns>The first byte after the last part; 0 when no part is known, or the pages are in
    /// another file.</returns>
    public static long ReadEnd(ref CompactReader reader, long limit)
    {
        var after = ChunkSkim.TryRead(reader.Input, reader.Position, reader.LevelsLeft, limit, out var found);
        if (after < 0)
            return ReadEndByFields(ref reader, limit);
        reader.ContinueAt(after);
        return found;
    }

    /// <summary>The same, field by field: the reference implementation of
    /// <see cref="ChunkSkim"/>.</summary>
    public static long ReadEndByFields(ref CompactReader reader, long limit)
    {
        Span<long> offsets = stackalloc long[4];
        Span<long> lengths = stackalloc long[4];
        offsets.Clear();
        lengths.Clear();
        var isElsewhere = false;
        var outer = reader.BeginStruct();
        while (reader.NextField(out var id, out var type))
        {
            switch (id)
            {
                case 1 when type == ThriftType.Binary:
                    isElsewhere = reader.ReadBinary(type).Length > 0;
                    break;
                case 3 when type == ThriftType.Struct:
                    ReadMetadata(ref reader, offsets, lengths);
                    break;
                case 4 or 6 when type == ThriftType.I64:
                    offsets[(int)(id == 4 ? Part.OffsetIndex : Part.ColumnIndex)] = reader.ReadI64(type);
                    break;
                case 5 or 7 when type == ThriftType.I32:
                    lengths[(int)(id == 5 ? Part.OffsetIndex : Part.ColumnIndex)] = reader.ReadI32(type);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        reader.EndStruct(outer);
        var end = 0L;
        for (var part = 0; part < offsets.Length && !isElsewhere; part++)
            end = Math.Max(end, EndOf(offsets[part], lengths[part], limit));
        return end;
    }

    /// <summary>The end of one part; 0 when it is absent or reaches into the footer.</summary>
    public static long EndOf(long offset, long length, long limit) =>
        offset > 0 && offset < limit && length > 0 && length <= limit - offset ? offset + length : 0;

    /// <summary>Where the first page starts, dictionary or data.</summary>
    public static long StartOf(long data, long dictionary) => dictionary > 0 && dictionary < data ? dictionary : data;

    private static void ReadMetadata(ref CompactReader reader, scoped Span<long> offsets, scoped Span<long> lengths)
    {
        var (data, dictionary) = (0L, 0L);
        var outer = reader.BeginStruct();
        while (reader.NextField(out var id, out var type))
        {
            switch (id)
            {
                case 7 when type == ThriftType.I64:
                    lengths[(int)Part.Pages] = reader.ReadI64(type);
                    break;
                case 9 when type == ThriftType.I64:
                    data = reader.ReadI64(type);
                    break;
                case 11 when type == ThriftType.I64:
                    dictionary = reader.ReadI64(type);
                    break;
                case 14 when type == ThriftType.I64:
                    offsets[(int)Part.BloomFilter] = reader.ReadI64(type);
                    break;
                case 15 when type == ThriftType.I32:
                    lengths[(int)Part.BloomFilter] = reader.ReadI32(type);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        reader.EndStruct(outer);
        offsets[(int)Part.Pages] = StartOf(data, dictionary);
    }
}
