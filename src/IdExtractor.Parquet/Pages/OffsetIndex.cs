using IdExtractor.Parquet.Footer;
using IdExtractor.Parquet.Thrift;

namespace IdExtractor.Parquet.Pages;

/// <summary>
/// Where the data pages of one chunk of a flat column are, and which rows they hold (parquet-format, PageIndex.md, <c>OffsetIndex</c>). Immutable.
/// </summary>
/// <remarks>
/// Only an index without a gap is taken: its pages lie back to back up to the end of the chunk, and their rows ascend from 0. Whoever goes to a page by it has to hold the page's own header
/// against it.
/// </remarks>
internal sealed class OffsetIndex
{
    private const int MaxDepth = 8;
    private const int LeastBytesPerPage = 7;

    private readonly PageLocation[] _pages;
    private readonly long _rowCount;

    private OffsetIndex(PageLocation[] pages, long rowCount) => (_pages, _rowCount) = (pages, rowCount);

    /// <summary>Data pages, 1 or more.</summary>
    public int PageCount => _pages.Length;

    /// <summary>One page.</summary>
    /// <param name="page">0 up to <see cref="PageCount"/> - 1.</param>
    public PageLocation this[int page] => _pages[page];

    /// <summary>Rows of a page, 1 or more.</summary>
    public long RowsOf(int page) => (page + 1 < _pages.Length ? _pages[page + 1].FirstRow : _rowCount) - _pages[page].FirstRow;

    /// <summary>The page that holds a row of the chunk.</summary>
    public int PageOfRow(long row)
    {
        var (low, high) = (0, _pages.Length - 1);
        while (low < high)
        {
            var middle = (low + high + 1) >> 1;
            if (_pages[middle].FirstRow <= row)
                low = middle;
            else
                high = middle - 1;
        }

        return low;
    }

    /// <summary>Reads an index.</summary>
    /// <param name="input">Its bytes.</param>
    /// <param name="chunk">The chunk that it belongs to.</param>
    /// <returns>Null when it is malformed, or when it contradicts the chunk: it then tells nothing.</returns>
    public static OffsetIndex? TryRead(ReadOnlySpan<byte> input, ColumnChunk chunk)
    {
        try
        {
            var pages = Array.Empty<PageLocation>();
            var reader = new CompactReader(input, MaxDepth);
            reader.BeginStruct();
            while (reader.NextField(out var id, out var type))
            {
                if (id == 1)
                    pages = ReadPages(ref reader, type, input.Length);
                else
                    reader.Skip(type);
            }

            return IsSound(pages, chunk) ? new OffsetIndex(pages, chunk.ValueCount) : null;
        }
        catch (ThriftFormatException)
        {
            return null;
        }
    }

    private static PageLocation[] ReadPages(ref CompactReader reader, ThriftType listType, int inputLength)
    {
        var count = reader.ReadList(listType, out var elementType);
        if (count > 0)
            reader.Expect(elementType, ThriftType.Struct);

        // An offset, a size and a row take at least seven bytes with the end of their structure.
        if (count > (inputLength - reader.Position) / LeastBytesPerPage)
            throw new ThriftFormatException("more pages than there are bytes for", reader.Position);
        var pages = new PageLocation[count];
        foreach (ref var page in pages.AsSpan())
        {
            var outer = reader.BeginStruct();
            while (reader.NextField(out var id, out var type))
            {
                switch (id)
                {
                    case 1:
                        page = page with { Offset = reader.ReadI64(type) };
                        break;
                    case 2:
                        page = page with { Size = reader.ReadI32(type) };
                        break;
                    case 3:
                        page = page with { FirstRow = reader.ReadI64(type) };
                        break;
                    default:
                        reader.Skip(type);
                        break;
                }
            }

            reader.EndStruct(outer);
        }

        return pages;
    }

    private static bool IsSound(PageLocation[] pages, ColumnChunk chunk)
    {
        if (pages.Length == 0 || pages[0].FirstRow != 0 || pages[0].Offset < chunk.Offset)
            return false;
        var (end, row) = (pages[0].Offset, -1L);
        foreach (var page in pages)
        {
            if (page.Offset != end || page.Size <= 0 || page.FirstRow <= row)
                return false;
            (end, row) = (end + page.Size, page.FirstRow);
            if (end > chunk.Offset + chunk.Length)
                return false;
        }

        return end == chunk.Offset + chunk.Length && row < chunk.ValueCount;
    }
}

/// <summary>One data page, as the offset index tells.</summary>
/// <param name="Offset">First byte of its header in the file.</param>
/// <param name="Size">Bytes, its header counted.</param>
/// <param name="FirstRow">Its first row in the row group.</param>
internal readonly record struct PageLocation(long Offset, int Size, long FirstRow);
