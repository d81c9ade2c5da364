using IdExtractor.Parquet.Footer;
using IdExtractor.Parquet.Pages;

namespace IdExtractor.Core.Scan.Lanes;

/// <summary>
/// Reads the page index of a chunk and uses it to choose the pages of ids to read. An index that is
/// missing, too large, malformed or contradicted is not used.
/// </summary>
internal static class PageIndexReader
{
    /// <summary>
    /// Enough for tens of thousands of pages. A larger index costs more than it saves.
    /// </summary>
    private const int MaxBytes = 1 << 20;

    /// <summary>Typical size of one page's entry in an offset index, in bytes.</summary>
    private const int BytesPerPage = 16;

    /// <summary>
    /// Approximate number of data pages in a chunk, from the size of its offset index; 0 when it
    /// has none.
    /// </summary>
    public static long EstimatePages(ColumnChunk chunk) => (chunk.OffsetIndex?.Length ?? 0) / BytesPerPage;

    /// <summary>Where the pages of a chunk are; null when there is no usable index.</summary>
    public static OffsetIndex? ReadOffsets(ColumnChunk chunk, SideReader file) =>
        Read(chunk.OffsetIndex, file) is { } bytes ? OffsetIndex.TryRead(bytes, chunk) : null;

    /// <summary>Bounds of the pages of a chunk; null when there is no usable index.</summary>
    public static ColumnIndex? ReadBounds(ColumnChunk chunk, OffsetIndex pages, BoundOrder order, SideReader file) =>
        Read(chunk.ColumnIndex, file) is { } bytes ? ColumnIndex.TryRead(bytes, chunk, pages, order) : null;

    /// <summary>True when the bounds of the pages contradict those in the footer.</summary>
    public static bool ContradictsFooter(ColumnChunk chunk, BoundOrder order, SideReader file) =>
        Read(chunk.ColumnIndex, file) is { } bytes && ColumnIndex.Contradicts(bytes, chunk, order);

    /// <summary>
    /// The pages that contain some rows, so that only the headers of the others are read. Null when
    /// all pages must be read: there is no index, it is wrong, or there are so many rows that few
    /// pages could be skipped.
    /// </summary>
    public static PageSelection? SelectPages(ColumnChunk chunk, RowSet rows, SideReader file)
    {
        if (EstimatePages(chunk) is var estimate && (estimate < 2 || rows.Count >= estimate) || ReadOffsets(chunk, file) is not { } pages)
            return null;
        var selection = new PageSelection(pages);
        for (var row = rows.NextFrom(0); row >= 0;)
        {
            var page = pages.PageOfRow(row);
            selection.Add(page);
            row = page + 1 < pages.PageCount ? rows.NextFrom(pages[page + 1].FirstRow) : -1;
        }

        return SkippedPages.AreWorthChecking(selection, file) && SkippedPages.AreAsIndexed(selection, file) ? selection : null;
    }

    private static byte[]? Read(FileRange? range, SideReader file) =>
        range is { Length: > 0 and <= MaxBytes } place && place.Offset > 0 && place.Length.Value <= file.FileLength - place.Offset
            ? file.Read(place.Offset, (int)place.Length.Value)
            : null;
}
