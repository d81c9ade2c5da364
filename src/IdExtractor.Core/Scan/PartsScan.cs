using IdExtractor.Core.Collect;
using IdExtractor.Core.Feed;
using IdExtractor.Core.Job;
using IdExtractor.Core.Scan.Lanes;
using IdExtractor.Foundation.Errors;
using IdExtractor.Foundation.Memory;
using IdExtractor.Parquet.Pages;

namespace IdExtractor.Core.Scan;

/// <summary>
/// Reads every id of the parts that another engine wrote, for <c>publish</c>. They are few compared
/// with Table B, so one thread reads them one after another.
/// </summary>
public static class PartsScan
{
    /// <summary>Runs the scan to the end.</summary>
    /// <param name="parts">The parts to read.</param>
    /// <param name="shard">Takes the ids.</param>
    /// <param name="onNullId">What to do with a row without an id.</param>
    /// <param name="progress">Receives the counts.</param>
    /// <param name="memory">The budget for pages.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="IdExtractorException">A part is damaged or cannot be read, or an id cannot
    /// be published.</exception>
    public static async Task RunAsync(
        IdParts parts, IdShard shard, NullIdPolicy onNullId, RunProgress progress, MemoryBudget memory, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentNullException.ThrowIfNull(progress);
        var sink = new MatchedIdSink(shard, onNullId);
        progress.SetTotals(
            parts.Tables.Sum(file => file.Footer.RowCount),
            parts.Texts.Sum(part => part.Object.Size) + parts.Tables.Sum(file => file.Object.Size));
        foreach (var part in parts.Texts)
        {
            sink.OpenText(ErrorPlace.Of(part.Name));
            await ReadTextAsync(part, parts.IdColumn, sink, cancellationToken).ConfigureAwait(false);
            progress.AddBytesRead(part.Object.Size);
            Count(sink, progress, part.Name);
        }

        await ReadTablesAsync(parts.Tables, sink, progress, memory, cancellationToken).ConfigureAwait(false);
    }

    private static async Task ReadTextAsync(TextPart part, string idColumn, MatchedIdSink sink, CancellationToken cancellationToken)
    {
        if (part.IsCsv)
        {
            var records = new CsvColumnParser(new CsvSource(part.Name, "part", idColumn, "--id-column", NeedsHeader: true), sink.Add);
            await TextObject.ReadAsync(part.Store, part.Object, records.Feed, cancellationToken).ConfigureAwait(false);
            records.Finish();
            return;
        }

        var lines = new LineSplitter(part.Name, sink.Add);
        await TextObject.ReadAsync(part.Store, part.Object, lines.Feed, cancellationToken).ConfigureAwait(false);
        lines.Finish();
    }

    private static Task ReadTablesAsync(
        IReadOnlyList<PlannedFile> files, MatchedIdSink sink, RunProgress progress, MemoryBudget memory,
        CancellationToken cancellationToken) =>
        new ColumnOfFiles(files).ReadAsync(
            (_, chunk) => sink.Open(chunk.Place(), chunk.Column),
            (_, batch) => Take(batch, sink),
            file => Count(sink, progress, file.Name),
            progress, memory, cancellationToken);

    private static void Take(ColumnBatch batch, MatchedIdSink sink)
    {
        for (var i = 0; i < batch.ValueCount; i++)
            sink.Add(batch.Value(i));
        for (var i = batch.ValueCount; i < batch.RowCount; i++)
            sink.AddNull();
    }

    private static void Count(MatchedIdSink sink, RunProgress progress, string file)
    {
        var (taken, dropped) = sink.TakeCounts();
        progress.AddScanned(taken, nullDocuments: 0);
        progress.AddMatched(taken, dropped, file);
    }
}
