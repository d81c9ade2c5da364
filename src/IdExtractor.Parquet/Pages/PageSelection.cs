using System.Collections;

namespace IdExtractor.Parquet.Pages;

/// <summary>
/// The selected data pages of one chunk; the others are not read at all. For one thread.
/// </summary>
/// <param name="index">Where the pages are.</param>
internal sealed class PageSelection(OffsetIndex index)
{
    private readonly BitArray _wanted = new(index.PageCount);

    /// <summary>Where the pages are.</summary>
    public OffsetIndex Index => index;

    /// <summary>Number of selected pages.</summary>
    public int Count { get; private set; }

    /// <summary>Number of pages that are not selected.</summary>
    public int SkippedCount => index.PageCount - Count;

    /// <summary>Selects a page that was not selected before.</summary>
    public void Add(int page)
    {
        _wanted[page] = true;
        Count++;
        Last = Math.Max(Last, page);
        SkippedBytes -= index[page].Size;
    }

    /// <summary>The last selected page; -1 when there is none.</summary>
    public int Last { get; private set; } = -1;

    /// <summary>Total length of the pages that are not selected, in bytes.</summary>
    public long SkippedBytes { get; private set; } = index[index.PageCount - 1].Offset + index[index.PageCount - 1].Size - index[0].Offset;

    /// <summary>
    /// Number of unselected pages before <see cref="Last"/>. The row numbers of the selected pages
    /// depend on them.
    /// </summary>
    public int SkippedBeforeLast => Last + 1 - Count;

    /// <summary>True when the page is selected.</summary>
    public bool Contains(int page) => _wanted[page];

    /// <summary>
    /// The first selected page at or after <paramref name="page"/>; -1 when there is none.
    /// </summary>
    public int NextFrom(int page)
    {
        while (page < _wanted.Length && !_wanted[page])
            page++;
        return page < _wanted.Length ? page : -1;
    }

    /// <summary>
    /// Bytes from the start of a page to the end of the run of contiguous selected pages that it
    /// belongs to: what can be read without a seek.
    /// </summary>
    public long RunLength(int page)
    {
        var last = page;
        while (last + 1 < _wanted.Length && _wanted[last + 1])
            last++;
        return index[last].Offset + index[last].Size - index[page].Offset;
    }
}
