using IdExtractor.Core.Parquet.Footer;
using IdExtractor.Core.Parquet.Thrift;

namespace IdExtractor.Core.Parquet.Pages;

/// <summary>
/// Bounds of the values of each data page of one chunk (parquet-format, PageIndex.md, <c>ColumnIndex</c>). They may be wider than the values (cut), never narrower, when the writer is honest.
/// Immutable.
/// </summary>
internal sealed class ColumnIndex
{
    private const int MaxDepth = 8;

    private readonly ReadOnlyMemory<byte> _bytes;
    private bool[] _nullPages = [];
    private Range[] _min = [];
    private Range[] _max = [];
    private long[]? _nullCounts;
    private int _order;

    private ColumnIndex(ReadOnlyMemory<byte> bytes) => _bytes = bytes;

    /// <summary>Pages that it speaks of.</summary>
    public int PageCount => _nullPages.Length;

    /// <summary>The page holds nulls only, and has no bounds.</summary>
    public bool IsNullPage(int page) => _nullPages[page];

    /// <summary>Lower bound of a page that is no null page.</summary>
    public ReadOnlySpan<byte> Min(int page) => _bytes.Span[_min[page]];

    /// <summary>Upper bound of a page that is no null page.</summary>
    public ReadOnlySpan<byte> Max(int page) => _bytes.Span[_max[page]];

    /// <summary>Reads an index and holds it against what else is known of its chunk.</summary>
    /// <param name="input">Its bytes; kept.</param>
    /// <param name="chunk">The chunk that it belongs to.</param>
    /// <param name="pages">Where the pages are.</param>
    /// <param name="order">How bounds are compared.</param>
    /// <returns>Null when it is malformed, or contradicts itself, the other index or the footer: it then tells nothing.</returns>
    public static ColumnIndex? TryRead(ReadOnlyMemory<byte> input, ColumnChunk chunk, OffsetIndex pages, BoundOrder order)
    {
        try
        {
            var index = new ColumnIndex(input);
            index.Read(pages.PageCount);
            return index.IsComplete(pages.PageCount) && index.AgreesInNulls(chunk, pages) && index.AgreesInOrder(order) && index.AgreesWithFooter(chunk.Statistics, order) ? index : null;
        }
        catch (ThriftFormatException)
        {
            return null;
        }
    }

    private void Read(int pageCount)
    {
        var reader = new CompactReader(_bytes.Span, MaxDepth);
        reader.BeginStruct();
        while (reader.NextField(out var id, out var type))
        {
            switch (id)
            {
                case 1:
                    _nullPages = new bool[ReadCount(ref reader, type, pageCount, out var flagType)];
                    if (flagType != ThriftType.False)
                        reader.Expect(flagType, ThriftType.True);
                    foreach (ref var isNull in _nullPages.AsSpan())
                        isNull = reader.ReadListBool();
                    break;
                case 2:
                    _min = ReadBounds(ref reader, type, pageCount);
                    break;
                case 3:
                    _max = ReadBounds(ref reader, type, pageCount);
                    break;
                case 4:
                    _order = reader.ReadI32(type);
                    break;
                case 5:
                    _nullCounts = new long[ReadCount(ref reader, type, pageCount, out var countType)];
                    foreach (ref var count in _nullCounts.AsSpan())
                        count = reader.ReadI64(countType);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }
    }

    /// <summary>Every list has one element a page; any other length is refused before memory is taken for it.</summary>
    private static int ReadCount(ref CompactReader reader, ThriftType type, int pageCount, out ThriftType elementType)
    {
        var count = reader.ReadList(type, out elementType);
        return count == pageCount ? count : throw new ThriftFormatException($"{count} elements for {pageCount} pages", reader.Position);
    }

    private static Range[] ReadBounds(ref CompactReader reader, ThriftType type, int pageCount)
    {
        var bounds = new Range[ReadCount(ref reader, type, pageCount, out var elementType)];
        foreach (ref var bound in bounds.AsSpan())
        {
            var length = reader.ReadBinary(elementType).Length;
            bound = new Range(reader.Position - length, reader.Position);
        }

        return bounds;
    }

    private bool IsComplete(int pageCount) => _nullPages.Length == pageCount && _min.Length == pageCount && _max.Length == pageCount && _order is >= 0 and <= 2;

    private bool AgreesInNulls(ColumnChunk chunk, OffsetIndex pages)
    {
        if (chunk.Column.MaxDefinitionLevel == 0 && _nullPages.Contains(true))
            return false;
        if (_nullCounts is null)
            return true;
        var sum = 0L;
        for (var page = 0; page < PageCount; page++)
        {
            var (nulls, rows) = (_nullCounts[page], pages.RowsOf(page));
            if (nulls < 0 || nulls > rows || _nullPages[page] != (nulls == rows))
                return false;
            sum += nulls;
        }

        return chunk.Statistics?.NullCount is not { } known || known == sum;
    }

    /// <summary>Each pair of bounds is one, and pages that claim to ascend or descend do.</summary>
    private bool AgreesInOrder(BoundOrder order)
    {
        const int Ascending = 1;
        const int Descending = 2;
        var before = -1;
        for (var page = 0; page < PageCount; page++)
        {
            if (_nullPages[page])
                continue;
            if (!order.IsBound(Min(page)) || !order.IsBound(Max(page)) || order.Compare(Min(page), Max(page)) > 0)
                return false;
            if (before >= 0 && _order == Ascending && (order.Compare(Min(before), Min(page)) > 0 || order.Compare(Max(before), Max(page)) > 0))
                return false;
            if (before >= 0 && _order == Descending && (order.Compare(Min(before), Min(page)) < 0 || order.Compare(Max(before), Max(page)) < 0))
                return false;
            before = page;
        }

        return true;
    }

    /// <summary>
    /// No page lies beside the bounds of the whole chunk, and the pages reach these bounds where both were written in full: bounds that are cut to different lengths cannot be held against
    /// each other.
    /// </summary>
    private bool AgreesWithFooter(ColumnStatistics? statistics, BoundOrder order)
    {
        if (statistics is not { IsLegacy: false, Min: { } min, Max: { } max } || !order.IsBound(min.Span) || !order.IsBound(max.Span))
            return true;
        var (reachesMin, reachesMax) = (false, false);
        for (var page = 0; page < PageCount; page++)
        {
            if (_nullPages[page])
                continue;
            if (order.Compare(Min(page), max.Span) > 0 || order.Compare(Max(page), min.Span) < 0)
                return false;
            reachesMin |= Min(page).Length != min.Length || order.Compare(Min(page), min.Span) <= 0;
            reachesMax |= Max(page).Length != max.Length || order.Compare(Max(page), max.Span) >= 0;
        }

        return reachesMin && reachesMax;
    }
}
