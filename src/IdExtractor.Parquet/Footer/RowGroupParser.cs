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

    /// <summary>
    /// Number of rows in a row group, and the end of the last byte range that any of its columns
    /// refers to.
    /// </summary>
    public (long Rows, long End) ReadTotals(ref CompactReader reader)
    {
        var (rows, end) = (-1L, 0L);
        var outer = reader.BeginStruct();
        while (reader.NextField(out var id, out var type))
        {
            switch (id)
            {
                case 1:
                    for (var left = ReadChunkCount(ref reader, type); left > 0; left--)
                        end = Math.Max(end, ChunkExtent.ReadEnd(ref reader, footerStart));
                    break;
                case 3:
                    rows = reader.ReadI64(type);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        reader.EndStruct(outer);
        return (rows, end);
    }

    /// <summary>Reads a row group with the requested chunks.</summary>
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
        CheckRows(rowCount, index);
        var checkedChunks = new ColumnChunk[wanted.Count];
        for (var i = 0; i < wanted.Count; i++)
            checkedChunks[i] = Check(chunks[i], wanted[i], index, rowCount);
        return new RowGroup(index, rowCount, checkedChunks);
    }

    private void ReadChunks(ref CompactReader reader, ThriftType type, int group, ChunkFields?[] chunks, bool isLast)
    {
        var count = ReadChunkCount(ref reader, type);
        if (count != leafCount && wanted.Count > 0)
            throw Corrupt("A row group does not hold one chunk a column", group, null, $"{leafCount} chunks", $"{count}");
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
            if (slot < 0)
                continue;
            chunks[slot] = fields;
            for (var other = slot + 1; other < wanted.Count; other++)
            {
                if (wanted[other].Index == leaf)
                    chunks[other] = chunks[slot];
            }
        }
    }

    private static int ReadChunkCount(ref CompactReader reader, ThriftType type)
    {
        var count = reader.ReadList(type, out var elementType);
        if (count > 0)
            reader.Expect(elementType, ThriftType.Struct);
        return count;
    }

    /// <summary>Checks a row group's number of rows; -1 means that it is missing.</summary>
    /// <exception cref="CorruptFileException">The number is missing, negative or too
    /// large.</exception>
    public void CheckRows(long rowCount, int group)
    {
        if (rowCount < 0)
            throw Corrupt("A row group has no or a negative number of rows", group, null);
        if (rowCount > ParquetLimits.MaxRowsPerRowGroup)
            throw Corrupt("A row group claims too many rows", group, null, $"at most {ParquetLimits.MaxRowsPerRowGroup}", $"{rowCount}");
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

    private ColumnChunk Check(ChunkFields? fields, ColumnDescriptor column, int group, long rowCount)
    {
        if (fields is null)
            throw Corrupt("A row group has no chunk for the column", group, column);
        if (fields.IsEncrypted)
            throw new UnsupportedFileException("Encrypted column", Place(group, column), "write it without encryption");
        if (fields.HasFilePath)
            throw new UnsupportedFileException("The column's data lies in another file", Place(group, column), "read the data files themselves");
        if (!fields.HasMetadata)
            throw Corrupt("A chunk has no metadata", group, column);
        if (fields.Physical != (int)column.Physical)
            throw Corrupt("A chunk's type is not the schema's", group, column, column.Physical.ToString(), $"type {fields.Physical}");
        if (fields.PathParts > 0 && !fields.PathEquals(column.Path))
            throw Corrupt("A chunk belongs to another column than its place says", group, column);
        if (!Enum.IsDefined((CompressionCodec)fields.Codec))
            throw new UnsupportedFileException($"Unknown compression codec {fields.Codec}", Place(group, column));
        if (fields.ValueCount < 0 || (column.MaxRepetitionLevel == 0 && fields.ValueCount != rowCount))
            throw Corrupt("A chunk's number of values is not the row group's number of rows", group, column, $"{rowCount}", $"{fields.ValueCount}");

        var start = fields.Start;
        if (fields.ValueCount > 0 && (start < FirstOffset || fields.CompressedLength <= 0 || fields.CompressedLength > footerStart - start))
        {
            throw Corrupt("A chunk lies outside the part of the file that is for pages", group, column, $"bytes inside {FirstOffset}..{footerStart}",
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
            Statistics = fields.Statistics?.ToStatistics(thrift, column, trust, fields.ValueCount),
            BloomFilter = fields.BloomFilter,
            ColumnIndex = trust.HasOrder(column) && trust.HasTrueBounds(column) ? fields.ColumnIndex : null,
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
            && (WriterDefects.LeavesDictionaryOutOfSizes(trust.Writer) || fields.CompressedLength <= fields.DictionaryLength);
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
        FileRange? pages = fields is { ValueCount: > 0, CompressedLength: > 0 } ? new FileRange(fields.Start, fields.CompressedLength) : null;
        foreach (var range in (ReadOnlySpan<FileRange?>)[pages, fields.ColumnIndex, fields.OffsetIndex])
        {
            if (range is not { Offset: > 0 and var offset, Length: { } length } || offset >= footerStart || length <= footerStart - offset)
                continue;
            throw new CorruptFileException("A chunk or its index reaches into the footer, as when bytes were cut out of the file", new ErrorPlace
            {
                Object = file,
                RowGroup = group,
                Column = fields.Path,
                Expected = $"bytes inside {FirstOffset}..{footerStart}",
                Actual = $"offset {offset}, length {length}",
            }, "rewrite or remove the file");
        }
    }

    private ErrorPlace Place(int group, ColumnDescriptor? column) => new() { Object = file, RowGroup = group, Column = column?.Name };

    private CorruptFileException Corrupt(string problem, int group, ColumnDescriptor? column, string? expected = null, string? actual = null) =>
        new(problem, Place(group, column) with { Expected = expected, Actual = actual }, "rewrite or remove the file");
}
