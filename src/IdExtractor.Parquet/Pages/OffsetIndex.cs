using IdExtractor.Parquet.Footer;
using IdExtractor.Parquet.Thrift;

namespace IdExtractor.Parquet.Pages;

/// <summary>
/// Where the data pages of one chunk of a flat column are, and which rows they hold
/// (parquet-format, PageIndex.md, <c>OffsetIndex</c>). Immutable.
/// </summary>
/// <remarks>
/// Only an index without gaps is accepted: its pages are contiguous up to the end of the chunk, and
/// their rows ascend from 0. A caller that seeks to a page by this index must check it against the
/// page's own header.
/// </remarks>
internal sealed class OffsetIndex
{
    private const int MaxDepth = 8;
    private const int LeastBytesPerPage = 7;

    private readonly PageLocation[] _pages;
    private readonly long _rowCount;

    private OffsetIndex(PageLocation[] pages, long rowCount) => (_pages, _rowCount) = (pages, rowCount);

    /// <summary>Number of data pages, 1 or more.</summary>
    public int PageCount => _pages.Length;

    /// <summary>The location of one page.</summary>
    /// <param name="page">0 up to <see cref="PageCount"/> - 1.</param>
    public PageLocation this[int page] => _pages[page];

    /// <summary>Number of rows in a page, 1 or more.</summary>
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
    /// <param name="input">The bytes of the index.</param>
    /// <param name="chunk">The chunk that it belongs to.</param>
    /// <returns>Null when the index is malformed or contradicts the chunk. It is unusable
    /// then.</returns>
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

        // An offset, a size and a row number take at least seven bytes, including the end of the
        // struct.
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

/// <summary>The location of one data page according to the offset index.</summary>
/// <param name="Offset">First byte of its header in the file.</param>
/// <param name="Size">Length in bytes, including the header.</param>
/// <param name="FirstRow">Its first row in the row group.</param>
internal readonly record struct PageLocation(long Offset, int Size, long FirstRow);
