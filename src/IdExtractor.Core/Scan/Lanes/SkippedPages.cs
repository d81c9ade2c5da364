using IdExtractor.Parquet;
using IdExtractor.Parquet.Pages;
using IdExtractor.Parquet.Thrift;

namespace IdExtractor.Core.Scan.Lanes;

/// <summary>
/// Checks what an offset index states about skipped pages. The row numbers of a page depend on the
/// rows of all pages before it, so an index that is shifted on skipped pages only would publish the
/// id of another row. The headers of these pages reveal it, and they are read without the page
/// bodies.
/// </summary>
internal static class SkippedPages
{
    /// <summary>Most headers are shorter.</summary>
    private const int HeadBytes = 128;

    /// <summary>
    /// A longer header contains long statistics. In that case, reading all pages shows whether the
    /// index is correct.
    /// </summary>
    private const int MaxHeadBytes = 4 << 10;

    /// <summary>Headers requested concurrently from a remote store.</summary>
    private const int Batch = 16;

    /// <summary>
    /// From a remote store, a request for one header takes as long as reading about this many bytes
    /// in one stream, with <see cref="Batch"/> requests in flight.
    /// </summary>
    private const long FarBytes = 64 << 10;

    /// <summary>
    /// False when reading the skipped pages would be faster than reading their headers one by one.
    /// </summary>
    public static bool AreWorthChecking(PageSelection selection, SideReader file) =>
        file.IsNear || selection.SkippedBytes >= selection.SkippedBeforeLast * FarBytes;

    /// <summary>
    /// True when the header of each skipped page before the last wanted one confirms the index.
    /// </summary>
    public static bool AreAsIndexed(PageSelection selection, SideReader file)
    {
        var places = new List<(long Offset, int Count)>(Batch);
        var pages = new List<int>(Batch);
        for (var page = 0; page <= selection.Last; page++)
        {
            if (!selection.Contains(page))
            {
                pages.Add(page);
                places.Add((selection.Index[page].Offset, Math.Min(HeadBytes, selection.Index[page].Size)));
            }

            if (pages.Count != (file.IsNear ? 1 : Batch) && (page != selection.Last || pages.Count == 0))
                continue;
            var heads = file.ReadAll(places);
            for (var i = 0; i < heads.Length; i++)
            {
                if (!IsAsIndexed(selection.Index, pages[i], heads[i], file))
                    return false;
            }

            pages.Clear();
            places.Clear();
        }

        return true;
    }

    private static bool IsAsIndexed(OffsetIndex index, int page, byte[] head, SideReader file)
    {
        var place = index[page];
        if (!TryParse(head, out var header))
        {
            if (place.Size <= head.Length || !TryParse(file.Read(place.Offset, Math.Min(MaxHeadBytes, place.Size)), out header))
                return false;
        }

        return header.IsData && header.ValueCount == index.RowsOf(page) && header.HeaderSize + (long)header.CompressedSize == place.Size;
    }

    private static bool TryParse(byte[] head, out PageHeader header)
    {
        try
        {
            return PageHeaderParser.TryRead(head, ParquetLimits.Default, out header);
        }
        catch (ThriftFormatException)
        {
            header = default;
            return false;
        }
    }
}
