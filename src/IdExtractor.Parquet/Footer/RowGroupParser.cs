using IdExtractor.Foundation.Errors;
using IdExtractor.Parquet.Thrift;

namespace IdExtractor.Parquet.Footer;

/// <summary>
/// Reads <c>RowGroup</c> structs, keeps the chunks of the requested columns and skips the rest.
/// Pages and indexes must lie between the leading magic and the footer. When bytes were cut out of
/// a file, its last parts appear to reach into the footer. All columns of the last row group are
/// therefore checked, because pages without a CRC may not reveal the cut.
/// </summary>
internal sealed class RowGroupParser(
    string file, long footerStart, int leafCount, IReadOnlyList<ColumnDescriptor> wanted, HintTrust trust, ReadOnlyMemory<byte> thrift)
{
    /// <summary>Pages start after the magic.</summary>
    private const int FirstOffset = 4;

    private readonly bool _leavesDictionaryOut = WriterDefects.LeavesDictionaryOutOfSizes(trust.Writer);
    private readonly ColumnTrust[] _trust = [.. wanted.Select(trust.Of)];

    /// <summary>Reads the requested chunks of a wide row group, and no other.</summary>
    /// <param name="reader">A reader of the whole footer, at any place; left at the next row
    /// group.</param>
    /// <param name="place">The row group.</param>
    /// <param name="map">Finds its chunks.</param>
    public RowGroup ReadWide(ref CompactReader reader, RowGroupMap.Place place, RowGroupMap map)
    {
        CheckChunkCount(place.ChunkCount, place.Group);
        var chunks = new ChunkFields?[wanted.Count];
        for (var slot = 0; slot < chunks.Length; slot++)
        {
            var leaf = wanted[slot].Index;
            if (SlotOf(leaf) is var first && first < slot)
            {
                chunks[slot] = chunks[first];
                continue;
            }

            var (position, skipped) = map.Find(place, leaf);
            reader.ContinueAt(position);
            for (; skipped > 0; skipped--)
                reader.Skip(ThriftType.Struct);
            chunks[slot] = ChunkFields.Read(ref reader);
        }

        reader.ContinueAt(place.End);
        return Check(chunks, place.Group, place.RowCount);
    }

    /// <summary>Reads a row group with the requested chunks: the reference implementation of
    /// <see cref="ReadWide"/>. Of the last one, no chunk may reach into the footer.</summary>
    /// <param name="reader">A reader of the whole footer, at the row group.</param>
    /// <param name="index">Which row group.</param>
    /// <param name="isLast">Whether it is the last.</param>
    public RowGroup Read(ref CompactReader reader, int index, bool isLast)
    {
        var chunks = new ChunkFields?[wanted.Count];
        var rowCount = -1L;
        var outer = reader.BeginStruct();
        while (reader.NextField(out var id, out var type))
        {
            if (id == 1)
                ReadChunks(ref reader, type, index, chunks, isLast);
            else if (id == 3)
                rowCount = reader.ReadI64(type);
            else
                reader.Skip(type);
        }

        reader.EndStruct(outer);
        CheckRows(file, rowCount, index);
        return Check(chunks, index, rowCount);
    }

    private void ReadChunks(ref CompactReader reader, ThriftType type, int group, ChunkFields?[] chunks, bool isLast)
    {
        var count = ReadChunkCount(ref reader, type);
        CheckChunkCount(count, group);
        for (var leaf = 0; leaf < count; leaf++)
        {
            var slot = SlotOf(leaf);
            if (slot < 0 && !isLast)
            {
                reader.Skip(ThriftType.Struct);
                continue;
            }

            var fields = ChunkFields.Read(ref reader);
            if (isLast)
                CheckNothingIsCut(fields, group);
            for (var other = Math.Max(slot, 0); slot >= 0 && other < wanted.Count; other++)
            {
                if (wanted[other].Index == leaf)
                    chunks[other] = fields;
            }
        }
    }

    /// <summary>Reads the header of a list of chunks.</summary>
    public static int ReadChunkCount(ref CompactReader reader, ThriftType type)
    {
        var count = reader.ReadList(type, out var elementType);
        if (count > 0)
            reader.Expect(elementType, ThriftType.Struct);
        return count;
    }

    /// <summary>Checks a row group's number of rows; -1 means that it is missing.</summary>
    /// <exception cref="CorruptFileException">The number is missing, negative or too
    /// large.</exception>
    public static void CheckRows(string file, long rowCount, int group)
    {
        if (rowCount < 0)
            throw Corrupt(file, "A row group has no or a negative number of rows", group, null);
        if (rowCount > ParquetLimits.MaxRowsPerRowGroup)
            throw Corrupt(
                file, "A row group claims too many rows", group, null, $"at most {ParquetLimits.MaxRowsPerRowGroup}", $"{rowCount}");
    }

    private void CheckChunkCount(int count, int group)
    {
        if (count != leafCount && wanted.Count > 0)
            throw Corrupt("A row group does not hold one chunk a column", group, null, $"{leafCount} chunks", $"{count}");
    }

    private int SlotOf(int leaf)
    {
        for (var i = 0; i < wanted.Count; i++)
        {
            if (wanted[i].Index == leaf)
                return i;
        }

        return -1;
    }

    private RowGroup Check(ChunkFields?[] fields, int group, long rowCount)
    {
        var chunks = new ColumnChunk[fields.Length];
        for (var i = 0; i < chunks.Length; i++)
            chunks[i] = Check(fields[i], wanted[i], _trust[i], group, rowCount);
        return new RowGroup(group, rowCount, chunks);
    }

    private ColumnChunk Check(ChunkFields? fields, ColumnDescriptor column, ColumnTrust hints, int group, long rowCount)
    {
        if (fields is null)
            throw Corrupt("A row group has no chunk for the column", group, column);
        if (fields.IsEncrypted)
            throw new UnsupportedFileException("Encrypted column", Place(group, column), "write it without encryption");
        if (fields.HasFilePath)
            throw new UnsupportedFileException(
                "The column's data lies in another file", Place(group, column), "read the data files themselves");
        if (!fields.HasMetadata)
            throw Corrupt("A chunk has no metadata", group, column);
        if (fields.Physical != (int)column.Physical)
            throw Corrupt("A chunk's type is not the schema's", group, column, column.Physical.ToString(), $"type {fields.Physical}");
        if (!fields.IsOf(column, thrift.Span))
            throw Corrupt("A chunk belongs to another column than its place says", group, column);
        if (!Enum.IsDefined((CompressionCodec)fields.Codec))
            throw new UnsupportedFileException($"Unknown compression codec {fields.Codec}", Place(group, column));
        if (fields.ValueCount < 0 || (column.MaxRepetitionLevel == 0 && fields.ValueCount != rowCount))
            throw Corrupt(
                "A chunk's number of values is not the row group's number of rows", group, column, $"{rowCount}", $"{fields.ValueCount}");

        var start = fields.Start;
        if (fields.ValueCount > 0 && (start < FirstOffset || fields.CompressedLength <= 0 || fields.CompressedLength > footerStart - start))
        {
            throw Corrupt(
                "A chunk lies outside the part of the file that is for pages", group, column, $"bytes inside {FirstOffset}..{footerStart}",
                $"offset {start}, length {fields.CompressedLength}");
        }

        return new ColumnChunk
        {
            Column = column,
            Codec = (CompressionCodec)fields.Codec,
            ValueCount = fields.ValueCount,
            Offset = fields.ValueCount == 0 ? 0 : start,
            Length = fields.ValueCount == 0 ? 0 : LengthOf(fields),
            UncompressedLength = fields.UncompressedLength,
            Statistics = fields.Statistics?.ToStatistics(thrift, column, hints, fields.ValueCount),
            BloomFilter = fields.BloomFilter,
            ColumnIndex = hints is { HasOrder: true, HasTrueBounds: true } ? fields.ColumnIndex : null,
            OffsetIndex = fields.OffsetIndex,
        };
    }

    /// <summary>
    /// Length of the pages in bytes. Some old writers omit the dictionary page or its header from
    /// the size. For these the whole dictionary is added. The result may exceed the chunk, but
    /// reading stops at the chunk's last value.
    /// </summary>
    private long LengthOf(ChunkFields fields)
    {
        var isTooShort = fields.DictionaryLength > 0
            && (_leavesDictionaryOut || fields.CompressedLength <= fields.DictionaryLength);
        return isTooShort
            ? Math.Min(fields.CompressedLength + fields.DictionaryLength, footerStart - fields.Start) : fields.CompressedLength;
    }

    /// <summary>
    /// Checks that no part of the chunk reaches into the footer. An index that lies entirely
    /// outside the pages' part of the file proves nothing: some tools rewrite files without their
    /// indexes and leave stale references in the footer, which are ignored.
    /// </summary>
    private void CheckNothingIsCut(ChunkFields fields, int group)
    {
        if (!fields.HasMetadata || fields.HasFilePath)
            return;
        FileRange? pages = fields is { ValueCount: > 0, CompressedLength: > 0 }
            ? new FileRange(fields.Start, fields.CompressedLength)
            : null;
        foreach (var range in (ReadOnlySpan<FileRange?>)[pages, fields.ColumnIndex, fields.OffsetIndex])
        {
            if (range is not { Offset: > 0 and var offset, Length: { } length } || offset >= footerStart || length <= footerStart - offset)
                continue;
            throw new CorruptFileException(
                "A chunk or its index reaches into the footer, as when bytes were cut out of the file", new ErrorPlace
                {
                    Object = file,
                    RowGroup = group,
                    Column = fields.Path(thrift.Span),
                    Expected = $"bytes inside {FirstOffset}..{footerStart}",
                    Actual = $"offset {offset}, length {length}",
                }, "rewrite or remove the file");
        }
    }

    private ErrorPlace Place(int group, ColumnDescriptor? column) => Place(file, group, column);

    private static ErrorPlace Place(string file, int group, ColumnDescriptor? column) =>
        new() { Object = file, RowGroup = group, Column = column?.Name };

    private CorruptFileException Corrupt(
        string problem, int group, ColumnDescriptor? column, string? expected = null, string? actual = null) =>
        Corrupt(file, problem, group, column, expected, actual);

    private static CorruptFileException Corrupt(
        string file, string problem, int group, ColumnDescriptor? column, string? expected = null, string? actual = null) =>
        new(problem, Place(file, group, column) with { Expected = expected, Actual = actual }, "rewrite or remove the file");
}
