using System.Collections;

namespace IdExtractor.Parquet.Pages;

/// <summary>The data pages of one chunk that are wanted; the others are not even looked at. For one thread.</summary>
/// <param name="index">Where the pages are.</param>
internal sealed class PageSelection(OffsetIndex index)
{
    private readonly BitArray _wanted = new(index.PageCount);

    /// <summary>Where the pages are.</summary>
    public OffsetIndex Index => index;

    /// <summary>Pages that are wanted.</summary>
    public int Count { get; private set; }

    /// <summary>Pages that are not.</summary>
    public int SkippedCount => index.PageCount - Count;

    /// <summary>Wants a page that was not wanted before.</summary>
    public void Add(int page)
    {
        _wanted[page] = true;
        Count++;
        Last = Math.Max(Last, page);
        SkippedBytes -= index[page].Size;
    }

    /// <summary>The last page that is wanted; -1 when there is none.</summary>
    public int Last { get; private set; } = -1;

    /// <summary>Bytes of the pages that are not wanted.</summary>
    public long SkippedBytes { get; private set; } = index[index.PageCount - 1].Offset + index[index.PageCount - 1].Size - index[0].Offset;

    /// <summary>
    /// Pages before <see cref="Last"/> that are not wanted: the row numbers of the wanted ones
    /// depend on them.
    /// </summary>
    public int SkippedBeforeLast => Last + 1 - Count;

    /// <summary>True when the page is wanted.</summary>
    public bool Contains(int page) => _wanted[page];

    /// <summary>The first page from <paramref name="page"/> on that is wanted; -1 when there is none.</summary>
    public int NextFrom(int page)
    {
        while (page < _wanted.Length && !_wanted[page])
            page++;
        return page < _wanted.Length ? page : -1;
    }

    /// <summary>Bytes from the start of a page to the end of the last wanted page that follows it without a gap: what may be read in one go.</summary>
    public long RunLength(int page)
    {
        var last = page;
        while (last + 1 < _wanted.Length && _wanted[last + 1])
            last++;
        return index[last].Offset + index[last].Size - index[page].Offset;
    }
}
