using System.Collections.Concurrent;
using IdExtractor.Core.Job;
using IdExtractor.Core.Keys;
using IdExtractor.Core.Scan.Lanes;
using IdExtractor.Parquet;
using IdExtractor.Parquet.Footer;
using IdExtractor.Parquet.Pages;

namespace IdExtractor.Core.Scan.Match;

/// <summary>
/// Rules out documents before reading any of them. Whole row groups are ruled out by the bounds in
/// the footer and, when there are few keys, by the bloom filter; pages are ruled out by the page
/// index. Only types whose order and hash the format defines are considered, and only hints that
/// are present and contradict nothing (ADR 6 lists the checks). Thread safe.
/// </summary>
internal sealed class RowGroupPruner(KeySet keys)
{
    /// <summary>
    /// A column whose indexes have ruled out less than one page in this many is not clustered by
    /// document.
    /// </summary>
    private const int LeastGain = 20;

    /// <summary>Larger hints are not used, or not fetched ahead.</summary>
    private const int MaxHintBytes = 2 << 20;

    /// <summary>Number of indexes to read before their gain is judged.</summary>
    private const int Trials = 8;

    private readonly ConcurrentDictionary<(PhysicalType, int, LogicalType), ColumnKeys?> _columns = new();
    private long _indexesRead, _pagesSeen, _pagesRuledOut;

    /// <summary>True when no document of the chunk can be a key.</summary>
    public bool IsRuledOut(ColumnChunk documents, SideReader file)
    {
        if (KeysFor(documents.Column) is not { } column)
            return false;
        if (column.IsRuledOut(documents.Statistics))
            return !PageIndexReader.ContradictsFooter(documents, column.Order, file);
        return column.Hashes is { } hashes && BloomFilterCheck.DeniesAll(hashes, documents, file);
    }

    /// <summary>
    /// True when the chunk may be skipped in whole or in part, so that it should not be fetched
    /// ahead before a closer look. Reads nothing.
    /// </summary>
    public bool MayLeaveOut(ColumnChunk documents) =>
        KeysFor(documents.Column) is { } column
        && (column.IsRuledOut(documents.Statistics)
            || (column.Hashes is not null && BloomFilterCheck.IsPossible(documents))
            || IsWorthReading(column, documents));

    /// <summary>
    /// The pages of a chunk that may contain keys, from its page index; empty when no document can
    /// be a key. Null when all pages must be read.
    /// </summary>
    public PageSelection? SelectPages(ColumnChunk documents, SideReader file)
    {
        if (KeysFor(documents.Column) is not { } column || !IsWorthReading(column, documents))
            return null;
        if (PageIndexReader.ReadOffsets(documents, file) is not { } pages
            || PageIndexReader.ReadBounds(documents, pages, column.Order, file) is not { } bounds)
            return null;
        var selection = new PageSelection(pages);
        for (var page = 0; page < pages.PageCount; page++)
        {
            var isRuledOut = bounds.IsNullPage(page) ? bounds.IsSurelyNull(page) : column.IsRuledOut(bounds.Min(page), bounds.Max(page));
            if (!isRuledOut)
                selection.Add(page);
        }

        Interlocked.Increment(ref _indexesRead);
        Interlocked.Add(ref _pagesSeen, pages.PageCount);
        Interlocked.Add(ref _pagesRuledOut, selection.SkippedCount);
        return selection.SkippedCount > 0 && SkippedPages.AreWorthChecking(selection, file) ? selection : null;
    }

    /// <summary>
    /// The hints of a row group that the checks above and the choice of its ids will probably read.
    /// Reads nothing.
    /// </summary>
    /// <param name="rowGroup">The row group: documents first.</param>
    public IEnumerable<FileRange> HintsOf(RowGroup rowGroup)
    {
        var documents = rowGroup.KeyChunk;
        if (KeysFor(documents.Column) is not { } column)
            return [];
        var isRuledOut = column.IsRuledOut(documents.Statistics);
        var wantsPages = !isRuledOut && IsWorthReading(column, documents);
        var wantsFilter = !isRuledOut && column.Hashes is not null && BloomFilterCheck.IsPossible(documents);
        FileRange?[] hints =
        [
            isRuledOut || wantsPages ? documents.ColumnIndex : null,
            wantsPages ? documents.OffsetIndex : null,
            wantsPages || wantsFilter ? rowGroup.IdChunk.OffsetIndex : null,
            wantsFilter ? BloomFilterCheck.Probable(documents.BloomFilter) : null,
        ];
        return hints.OfType<FileRange>().Where(hint => hint.Length <= MaxHintBytes);
    }

    private ColumnKeys? KeysFor(ColumnDescriptor column) =>
        _columns.GetOrAdd((column.Physical, column.TypeLength, column.Logical), _ => ColumnKeys.For(column, keys));

    /// <summary>
    /// An index is worth reading when documents are clustered and there are few keys per page: with
    /// k keys spread over p pages, about e^-(k/p) of the pages contain none. A few indexes show
    /// whether documents are clustered.
    /// </summary>
    private bool IsWorthReading(ColumnKeys column, ColumnChunk documents)
    {
        var pages = PageIndexReader.EstimatePages(documents);
        return documents.ColumnIndex is not null && pages > 1 && column.CountIn(documents.Statistics) < 2L * pages
            && (Volatile.Read(ref _indexesRead) < Trials || Volatile.Read(ref _pagesRuledOut) * LeastGain >= Volatile.Read(ref _pagesSeen));
    }
}
