using IdExtractor.Core.Feed;
using IdExtractor.Core.Job;
using IdExtractor.Core.Storage;
using IdExtractor.Parquet;
using IdExtractor.Parquet.Footer;
using IdExtractor.Parquet.Pages;

namespace IdExtractor.Core.Scan.Lanes;

/// <summary>
/// Cuts large row groups where pages of both columns begin at the same row, so that lanes have
/// equal work to the end and one row group can keep all threads busy. Each part is a row group of
/// its own, whose chunks contain some of the pages. Immutable.
/// </summary>
/// <remarks>
/// A row group stays whole when it is small, when its store is remote, when its documents have a
/// dictionary, or when a column has only one page, since reading cannot start in the middle of a
/// page. DuckDB writes such files, but with many row groups.
/// </remarks>
internal sealed class RowGroupSplitter(long partBytes)
{
    /// <summary>Smaller parts are not worth the pages that must be started again.</summary>
    public const long LeastPartBytes = 2 << 20;

    /// <summary>
    /// Parts per lane: the more there are, the less one lane waits for another at the end.
    /// </summary>
    private const int PartsOfLane = 6;

    /// <summary>Creates the splitter for a scan.</summary>
    /// <param name="bytes">Total size of both columns.</param>
    /// <param name="lanes">Number of lanes that scan at the same time.</param>
    public static RowGroupSplitter For(long bytes, int lanes) => new(Math.Max(LeastPartBytes, bytes / (lanes * (long)PartsOfLane)));

    /// <summary>Cuts a row group.</summary>
    /// <param name="task">The row group.</param>
    /// <param name="reader">Its file.</param>
    /// <param name="cancellationToken">Cancels the splitting.</param>
    /// <returns>The parts in order; the task itself when it stays whole.</returns>
    public IReadOnlyList<ScanTask> Split(ScanTask task, IObjectReader reader, CancellationToken cancellationToken)
    {
        var (documents, ids) = (task.Documents, task.Ids);
        if (task.IsPart || !reader.IsNear || documents.Length + ids.Length < 2 * partBytes)
            return [task];
        using var source = new ObjectChunkSource(new RunProgress(), cancellationToken);
        if (Outline(documents) is not { LeadLength: 0 } documentPages || Outline(ids) is not { } idPages)
            return [task];
        var parts = new List<ScanTask>();
        var (first, firstId) = (0, 0);
        for (var (page, id) = (1, 0); page < documentPages.Pages.Count; page++)
        {
            var place = documentPages.Pages[page];
            while (idPages.Pages[id].FirstRow < place.FirstRow && id < idPages.Pages.Count - 1)
                id++;
            var isEnd = page == documentPages.Pages.Count - 1;
            if (!isEnd
                && (idPages.Pages[id].FirstRow != place.FirstRow
                    || Size(documentPages, first, page) + Size(idPages, firstId, id) < partBytes))
                continue;
            if (isEnd)
                id = idPages.Pages.Count - 1;
            parts.Add(
                Part(
                    task, Cut(documents, documentPages, first, page), Cut(ids, idPages, firstId, id), idPages.LeadLength,
                    isFirst: first == 0));
            (first, firstId) = (page, id);
        }

        return parts;

        PageOutline? Outline(ColumnChunk chunk)
        {
            source.Open(reader, chunk.Offset, chunk.Length);
            return PageOutline.TryRead(chunk, source, ParquetLimits.Default);
        }
    }

    private static long Size(PageOutline pages, int from, int to) => pages.Pages[to].Offset - pages.Pages[from].Offset;

    /// <summary>
    /// The chunk of some pages. Statistics and indexes describe the whole chunk, and have already
    /// been used.
    /// </summary>
    private static ColumnChunk Cut(ColumnChunk chunk, PageOutline pages, int from, int to) => chunk with
    {
        Offset = pages.Pages[from].Offset,
        Length = Size(pages, from, to),
        ValueCount = pages.Pages[to].FirstRow - pages.Pages[from].FirstRow,
        Statistics = null,
        BloomFilter = null,
        ColumnIndex = null,
        OffsetIndex = null,
    };

    /// <summary>
    /// The dictionary of the ids, if there is one, is placed before the pages of every part.
    /// </summary>
    private static ScanTask Part(ScanTask task, ColumnChunk documents, ColumnChunk ids, long lead, bool isFirst)
    {
        var whole = task.Ids;
        ids = ids with { Offset = ids.Offset - lead, Length = ids.Length + lead };
        return new ScanTask(task.File, task.RowGroup.With(documents.ValueCount, documents, ids))
        {
            IsPart = true,
            IdsLead = isFirst ? default : new FileRange(whole.Offset, lead),
        };
    }
}
