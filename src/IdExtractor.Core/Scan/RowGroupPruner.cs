using System.Collections.Concurrent;
using IdExtractor.Core.Match;
using IdExtractor.Core.Parquet;
using IdExtractor.Core.Parquet.Footer;
using IdExtractor.Core.Parquet.Pages;

namespace IdExtractor.Core.Scan;

/// <summary>
/// Rules documents out before a byte of them is read: whole row groups by the bounds in the footer and, when keys are few, by the bloom filter, and pages by the page index. Only for types
/// whose order and hash the format defines, and only by what is well formed and contradicts nothing; whatever is missing or odd rules nothing out. For any number of threads.
/// </summary>
internal sealed class RowGroupPruner(KeySet keys)
{
    /// <summary>A larger filter costs about as much as a look at the documents.</summary>
    private const int MaxBloomFilterBytes = 1 << 20;

    /// <summary>A column whose index has ruled out less than one page in this many is not clustered by document.</summary>
    private const int LeastGain = 20;

    /// <summary>Indexes that are looked at before their gain is judged.</summary>
    private const int Trials = 8;

    private readonly ConcurrentDictionary<(PhysicalType, int, LogicalType), ColumnKeys?> _columns = new();
    private long _indexesRead, _pagesSeen, _pagesRuledOut;

    /// <summary>True when no document of the chunk can be a key.</summary>
    public bool IsRuledOut(ColumnChunk documents, SideReader file) =>
        KeysFor(documents.Column) is { } column && (column.IsRuledOut(documents.Statistics) || IsDeniedByBloomFilter(column, documents, file));

    /// <summary>The chunk may turn out not to be wanted whole, so that it is not read ahead of a closer look. Reads nothing.</summary>
    public bool MayLeaveOut(ColumnChunk documents) =>
        KeysFor(documents.Column) is { } column
        && (column.IsRuledOut(documents.Statistics) || (column.Hashes is not null && documents.BloomFilter is { Offset: > 0 }) || IsWorthReading(column, documents));

    /// <summary>The pages of a chunk that may hold keys, by its page index; none when no document can be a key. Null when all are to be read.</summary>
    public PageSelection? SelectPages(ColumnChunk documents, SideReader file)
    {
        if (KeysFor(documents.Column) is not { } column || !IsWorthReading(column, documents))
            return null;
        if (PageIndexReader.ReadOffsets(documents, file) is not { } pages || PageIndexReader.ReadBounds(documents, pages, column.Order, file) is not { } bounds)
            return null;
        var selection = new PageSelection(pages);
        for (var page = 0; page < pages.PageCount; page++)
        {
            if (!bounds.IsNullPage(page) && !column.IsRuledOut(bounds.Min(page), bounds.Max(page)))
                selection.Add(page);
        }

        Interlocked.Increment(ref _indexesRead);
        Interlocked.Add(ref _pagesSeen, pages.PageCount);
        Interlocked.Add(ref _pagesRuledOut, selection.SkippedCount);
        return selection.SkippedCount == 0 ? null : selection;
    }

    private ColumnKeys? KeysFor(ColumnDescriptor column) => _columns.GetOrAdd((column.Physical, column.TypeLength, column.Logical), _ => ColumnKeys.For(column, keys));

    /// <summary>
    /// An index pays when documents are clustered and keys are few beside pages: of k keys spread over p pages, about e^-(k/p) of the pages hold none. Whether documents are clustered shows
    /// after a few indexes.
    /// </summary>
    private bool IsWorthReading(ColumnKeys column, ColumnChunk documents)
    {
        var pages = PageIndexReader.EstimatePages(documents);
        return documents.ColumnIndex is not null && pages > 1 && column.CountIn(documents.Statistics) < 2L * pages
            && (Volatile.Read(ref _indexesRead) < Trials || Volatile.Read(ref _pagesRuledOut) * LeastGain >= Volatile.Read(ref _pagesSeen));
    }

    private static bool IsDeniedByBloomFilter(ColumnKeys column, ColumnChunk documents, SideReader file)
    {
        if (column.Hashes is not { } hashes || documents.BloomFilter is not { Offset: > 0 } range || range.Offset >= file.FileLength)
            return false;
        var room = file.FileLength - range.Offset;
        var head = file.Read(range.Offset, (int)Math.Min(BloomFilterHeader.MaxSize, room));
        if (!BloomFilterHeader.TryRead(head, out var headerSize, out var bitsetSize))
            return false;

        // A header that contradicts the footer's length belongs to a filter of another size, which would deny what is there.
        if (bitsetSize > MaxBloomFilterBytes || headerSize + (long)bitsetSize > room || (range.Length is { } length && length != headerSize + bitsetSize))
            return false;
        if (!BloomFilter.TryCreate(file.Read(range.Offset + headerSize, bitsetSize), out var filter))
            return false;
        foreach (var hash in hashes)
        {
            if (filter.MayContain(hash))
                return false;
        }

        return true;
    }
}
