using IdExtractor.Parquet.Footer;
using IdExtractor.Parquet.Thrift;

namespace IdExtractor.Parquet.Pages;

/// <summary>
/// Bounds of the values of each data page of one chunk (parquet-format, PageIndex.md,
/// <c>ColumnIndex</c>). They may be wider than the values (truncated), never narrower, when the
/// writer is correct. Immutable.
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
    private bool _hasProvedNulls;

    private ColumnIndex(ReadOnlyMemory<byte> bytes) => _bytes = bytes;

    /// <summary>Pages in the index.</summary>
    public int PageCount => _nullPages.Length;

    /// <summary>
    /// True when the page has no bounds because, according to the writer, all its rows are null.
    /// </summary>
    public bool IsNullPage(int page) => _nullPages[page];

    /// <summary>
    /// True when all rows of the page are null and the null counts in this index and in the footer
    /// confirm it.
    /// </summary>
    public bool IsSurelyNull(int page) => _nullPages[page] && _hasProvedNulls;

    /// <summary>Lower bound of a page; undefined for a null page.</summary>
    public ReadOnlySpan<byte> Min(int page) => _bytes.Span[_min[page]];

    /// <summary>Upper bound of a page; undefined for a null page.</summary>
    public ReadOnlySpan<byte> Max(int page) => _bytes.Span[_max[page]];

    /// <summary>Reads an index and checks it against the other metadata of its chunk.</summary>
    /// <param name="input">The bytes of the index; retained.</param>
    /// <param name="chunk">The chunk that it belongs to.</param>
    /// <param name="pages">Where the pages are.</param>
    /// <param name="order">How bounds are compared.</param>
    /// <returns>Null when the index is malformed, or contradicts itself, the offset index or the
    /// footer. It is unusable then.</returns>
    public static ColumnIndex? TryRead(ReadOnlyMemory<byte> input, ColumnChunk chunk, OffsetIndex pages, BoundOrder order) =>
        TryRead(input, pages.PageCount) is { } index
        && index.AgreesInNulls(chunk, pages) && index.AgreesInOrder(order) && index.AgreesWithFooter(chunk.Statistics, order)
            ? index
            : null;

    /// <summary>
    /// True when a well-formed index has bounds outside those that the footer gives for the whole
    /// chunk. One of the two is wrong, so neither can be used.
    /// </summary>
    /// <inheritdoc cref="TryRead(ReadOnlyMemory{byte}, ColumnChunk, OffsetIndex, BoundOrder)"/>
    public static bool Contradicts(ReadOnlyMemory<byte> input, ColumnChunk chunk, BoundOrder order)
    {
        if (UsableBounds(chunk.Statistics, order) is not var (min, max) || TryRead(input, pageCount: null) is not { } index
            || !index.AgreesInOrder(order))
            return false;
        for (var page = 0; page < index.PageCount; page++)
        {
            if (index.HasBounds(page) && !index.LiesWithin(page, min.Span, max.Span, order))
                return true;
        }

        return false;
    }

    private static ColumnIndex? TryRead(ReadOnlyMemory<byte> input, int? pageCount)
    {
        try
        {
            var index = new ColumnIndex(input);
            index.Read(pageCount);
            var pages = pageCount ?? index.PageCount;
            var isComplete = index.PageCount == pages && index._min.Length == pages && index._max.Length == pages;
            return isComplete && index._order is >= 0 and <= 2 ? index : null;
        }
        catch (ThriftFormatException)
        {
            return null;
        }
    }

    private static (ReadOnlyMemory<byte> Min, ReadOnlyMemory<byte> Max)? UsableBounds(ColumnStatistics? statistics, BoundOrder order) =>
        statistics is { Min: { } min, Max: { } max } && (!statistics.IsLegacy || order.IsTrueOfLegacyFields)
        && order.IsBound(min.Span) && order.IsBound(max.Span)
            ? (min, max)
            : null;

    private bool HasBounds(int page) => !_nullPages[page] && !ColumnStatistics.IsPlaceholder(Min(page), Max(page));

    private void Read(int? pageCount)
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

    /// <summary>
    /// Reads a list's length. Every list must have one element per page; any other length is
    /// rejected before memory is allocated for it.
    /// </summary>
    private static int ReadCount(ref CompactReader reader, ThriftType type, int? pageCount, out ThriftType elementType)
    {
        var count = reader.ReadList(type, out elementType);
        return count == (pageCount ?? count)
            ? count
            : throw new ThriftFormatException($"{count} elements for {pageCount} pages", reader.Position);
    }

    private static Range[] ReadBounds(ref CompactReader reader, ThriftType type, int? pageCount)
    {
        var bounds = new Range[ReadCount(ref reader, type, pageCount, out var elementType)];
        foreach (ref var bound in bounds.AsSpan())
        {
            var length = reader.ReadBinary(elementType).Length;
            bound = new Range(reader.Position - length, reader.Position);
        }

        return bounds;
    }

    /// <summary>
    /// Null counts are optional here and in the footer. When all are present, they prove which
    /// pages hold only nulls. Otherwise a null page is assumed only to lack bounds, and is read.
    /// </summary>
    private bool AgreesInNulls(ColumnChunk chunk, OffsetIndex pages)
    {
        if (chunk.Column.MaxDefinitionLevel == 0 && _nullPages.Contains(true))
            return false;
        var (sum, least) = (0L, 0L);
        for (var page = 0; page < PageCount; page++)
        {
            var rows = pages.RowsOf(page);
            least += _nullPages[page] ? rows : 0;
            if (_nullCounts is null)
                continue;
            var nulls = _nullCounts[page];
            if (nulls < 0 || nulls > rows || _nullPages[page] != (nulls == rows))
                return false;
            sum += nulls;
        }

        var known = chunk.Statistics?.NullCount;
        _hasProvedNulls = _nullCounts is not null && known is not null;
        return known is null || (_nullCounts is null ? least <= known : sum == known);
    }

    /// <summary>
    /// Checks that each page's bounds are a valid pair, and that pages declared ascending or
    /// descending are in that order. Pages without bounds are ignored.
    /// </summary>
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
            if (ColumnStatistics.IsPlaceholder(Min(page), Max(page)))
                continue;
            if (before >= 0
                && _order == Ascending
                && (order.Compare(Min(before), Min(page)) > 0 || order.Compare(Max(before), Max(page)) > 0))
                return false;
            if (before >= 0
                && _order == Descending
                && (order.Compare(Min(before), Min(page)) < 0 || order.Compare(Max(before), Max(page)) < 0))
                return false;
            before = page;
        }

        return true;
    }

    /// <summary>
    /// Checks that no page lies outside the bounds of the whole chunk and that the pages reach
    /// these bounds. Truncated bounds may fall short or go beyond, and cannot be compared with each
    /// other.
    /// </summary>
    private bool AgreesWithFooter(ColumnStatistics? statistics, BoundOrder order)
    {
        if (UsableBounds(statistics, order) is not var (min, max))
            return true;
        var (reachesMin, reachesMax) = (false, false);
        for (var page = 0; page < PageCount; page++)
        {
            if (_nullPages[page])
                continue;
            if (!LiesWithin(page, min.Span, max.Span, order))
                return false;
            reachesMin |= order.Compare(Min(page), min.Span) <= 0 || (statistics!.IsMinExact != true && Min(page).Length != min.Length);
            reachesMax |= order.Compare(Max(page), max.Span) >= 0 || (statistics!.IsMaxExact != true && Max(page).Length != max.Length);
        }

        return reachesMin && reachesMax;
    }

    /// <summary>
    /// Checks that the page has values within the bounds of its chunk, and none outside them. A
    /// lower bound shorter than the chunk's may be truncated, so it may be below the chunk's.
    /// Likewise, a shorter upper bound may be above the chunk's.
    /// </summary>
    private bool LiesWithin(int page, ReadOnlySpan<byte> min, ReadOnlySpan<byte> max, BoundOrder order) =>
        order.Compare(Min(page), max) <= 0 && order.Compare(Max(page), min) >= 0
        && (Min(page).Length < min.Length || order.Compare(Min(page), min) >= 0)
        && (Max(page).Length < max.Length || order.Compare(Max(page), max) <= 0);
}
