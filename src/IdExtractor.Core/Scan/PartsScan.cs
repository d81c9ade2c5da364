using IdExtractor.Core.Collect;
using IdExtractor.Core.Feed;
using IdExtractor.Core.Job;
using IdExtractor.Core.Scan.Lanes;
using IdExtractor.Foundation.Errors;
using IdExtractor.Foundation.Memory;
using IdExtractor.Parquet;
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
    public static async Task RunAsync(IdParts parts, IdShard shard, NullIdPolicy onNullId, RunProgress progress, MemoryBudget memory, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentNullException.ThrowIfNull(progress);
        var sink = new MatchedIdSink(shard, onNullId);
        progress.SetTotals(parts.Tables.Sum(file => file.Footer.RowCount), parts.Texts.Sum(part => part.Object.Size) + parts.Tables.Sum(file => file.Object.Size));
        foreach (var part in parts.Texts)
        {
            sink.OpenText(ErrorPlace.Of(part.Name));
            await ReadTextAsync(part, parts.IdColumn, sink, cancellationToken).ConfigureAwait(false);
            progress.AddBytesRead(part.Object.Size);
            Count(sink, progress);
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

    private static async Task ReadTablesAsync(
        IReadOnlyList<PlannedFile> files, MatchedIdSink sink, RunProgress progress, MemoryBudget memory, CancellationToken cancellationToken)
    {
        using var columns = new ColumnReader();
        using var batch = new ColumnBatch();
        using var readers = new ChunkReaders(
            files.SelectMany(file => file.RowGroups, (file, group) => new PlannedRange(file, group.Chunks[0].Offset, group.Chunks[0].Length)), readers: 1, concurrency: 1, progress, cancellationToken);
        using var source = new ObjectChunkSource(progress, cancellationToken);
        foreach (var file in files)
        {
            var reader = await readers.OpenAsync(file).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                foreach (var rowGroup in file.RowGroups)
                {
                    var chunk = rowGroup.Chunks[0];
                    var context = new ChunkContext(file.Name, rowGroup.Index, chunk, ParquetLimits.Default) { Memory = memory };
                    source.Open(reader, chunk.Offset, chunk.Length);
                    columns.Open(context, source);
                    sink.Open(context.Place(), context.Column);
                    while (columns.Read(batch))
                        Take(batch, sink);
                    Count(sink, progress);
                }
            }
        }
    }

    private static void Take(ColumnBatch batch, MatchedIdSink sink)
    {
        for (var i = 0; i < batch.ValueCount; i++)
            sink.Add(batch.Value(i));
        for (var i = batch.ValueCount; i < batch.RowCount; i++)
            sink.AddNull();
    }

    private static void Count(MatchedIdSink sink, RunProgress progress)
    {
        var (taken, dropped) = sink.TakeCounts();
        progress.AddScanned(taken, nullDocuments: 0);
        progress.AddMatched(taken, dropped);
    }
}
