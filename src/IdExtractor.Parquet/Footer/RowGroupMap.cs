using IdExtractor.Foundation.Errors;
using IdExtractor.Parquet.Thrift;

namespace IdExtractor.Parquet.Footer;

/// <summary>
/// The totals of a footer's row groups and the places of wide ones, made in the one walk over all
/// of it. In a wide row group, chunks are found from marks a kilobyte apart, so that the chunks of
/// two columns are read without walking the others again. Narrow row groups, of which a file may
/// claim very many, take no memory.
/// </summary>
internal sealed class RowGroupMap
{
    /// <summary>Smallest size of a row group whose place is kept, in bytes.</summary>
    private const int WideBytes = 4 << 10;

    /// <summary>Smallest distance between two marks, in bytes.</summary>
    private const int BytesPerMark = 1 << 10;

    private readonly List<Place> _wide = [];
    private readonly List<Mark> _marks = [];

    private RowGroupMap(int count, int start) => (Count, Start) = (count, start);

    /// <summary>Row groups.</summary>
    public int Count { get; }

    /// <summary>Where the first row group starts, in bytes from the start of the footer.</summary>
    public int Start { get; }

    /// <summary>Rows of all row groups.</summary>
    public long RowCount { get; private set; }

    /// <summary>The end of the last byte range that any chunk refers to; 0 when there is
    /// none.</summary>
    public long End { get; private set; }

    /// <summary>The wide row groups, in order.</summary>
    public IReadOnlyList<Place> Wide => _wide;

    /// <summary>A wide row group with one list of chunks.</summary>
    /// <param name="Group">Which one.</param>
    /// <param name="RowCount">Its rows, checked.</param>
    /// <param name="ChunkCount">Its chunks.</param>
    /// <param name="Chunks">Where its first chunk starts, in bytes from the start of the
    /// footer.</param>
    /// <param name="End">Where the next row group starts.</param>
    /// <param name="Marks">Its marks.</param>
    internal readonly record struct Place(int Group, int RowCount, int ChunkCount, int Chunks, int End, Range Marks);

    /// <summary>The position of a chunk.</summary>
    private readonly record struct Mark(int Leaf, int Position);

    /// <summary>Walks all row groups.</summary>
    /// <param name="reader">The reader, at the first row group.</param>
    /// <param name="file">Name of the file, for messages.</param>
    /// <param name="count">Row groups.</param>
    /// <param name="limit">Where the footer starts in the file.</param>
    /// <exception cref="ThriftFormatException">A row group is malformed.</exception>
    /// <exception cref="CorruptFileException">A row group's number of rows is missing, negative or
    /// too large.</exception>
    public static RowGroupMap Read(ref CompactReader reader, string file, int count, long limit)
    {
        var map = new RowGroupMap(count, reader.Position);
        for (var i = 0; i < count; i++)
            map.ReadGroup(ref reader, file, i, limit);
        return map;
    }

    /// <summary>Finds the nearest known chunk at or before one.</summary>
    /// <returns>Its position, and how many chunks to skip from there.</returns>
    public (int Position, int Skipped) Find(Place place, int leaf)
    {
        var found = new Mark(0, place.Chunks);
        var (low, high) = (place.Marks.Start.Value, place.Marks.End.Value);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_marks[middle].Leaf <= leaf)
                (found, low) = (_marks[middle], middle + 1);
            else
                high = middle;
        }

        return (found.Position, leaf - found.Leaf);
    }

    private void ReadGroup(ref CompactReader reader, string file, int index, long limit)
    {
        var (start, firstMark, rows) = (reader.Position, _marks.Count, -1L);
        var (lists, count, chunks) = (0, 0, 0);
        var outer = reader.BeginStruct();
        while (reader.NextField(out var id, out var type))
        {
            switch (id)
            {
                case 1:
                    count = RowGroupParser.ReadChunkCount(ref reader, type);
                    (lists, chunks) = (lists + 1, reader.Position);
                    ReadChunks(ref reader, count, limit);
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
        RowGroupParser.CheckRows(file, rows, index);
        RowCount += rows;
        if (lists == 1 && reader.Position - start >= WideBytes)
            _wide.Add(new Place(index, (int)rows, count, chunks, reader.Position, firstMark.._marks.Count));
    }

    private void ReadChunks(ref CompactReader reader, int count, long limit)
    {
        var nextMark = reader.Position + BytesPerMark;
        for (var leaf = 0; leaf < count; leaf++)
        {
            if (reader.Position >= nextMark)
            {
                _marks.Add(new Mark(leaf, reader.Position));
                nextMark = reader.Position + BytesPerMark;
            }

            End = Math.Max(End, ChunkExtent.ReadEnd(ref reader, limit));
        }
    }
}
