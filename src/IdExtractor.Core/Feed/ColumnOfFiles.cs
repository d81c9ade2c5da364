using IdExtractor.Core.Job;
using IdExtractor.Foundation.Errors;
using IdExtractor.Foundation.Memory;
using IdExtractor.Parquet;
using IdExtractor.Parquet.Pages;

namespace IdExtractor.Core.Feed;

/// <summary>
/// Reads the first planned column of some files from end to end, one row group after another: the
/// keys of Table A, or the ids of parts that another engine wrote.
/// </summary>
/// <param name="files">The files.</param>
internal sealed class ColumnOfFiles(IReadOnlyList<PlannedFile> files)
{
    private IEnumerable<PlannedRange> Ranges =>
        files.SelectMany(file => file.RowGroups, (file, group) => new PlannedRange(file, group.KeyChunk.Offset, group.KeyChunk.Length));

    /// <summary>The requests that <see cref="ReadAsync"/> makes.</summary>
    public RequestCount CountRequests() => RequestCount.OfPlan(Ranges);

    /// <summary>Reads all values.</summary>
    /// <param name="begin">Called before each row group.</param>
    /// <param name="take">Called for each batch of it.</param>
    /// <param name="end">Called after each row group.</param>
    /// <param name="progress">Counts bytes.</param>
    /// <param name="memory">The budget for pages.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="IdExtractorException">A file is damaged or cannot be read.</exception>
    public async Task ReadAsync(
        Action<PlannedFile, ChunkContext> begin, Action<PlannedFile, ColumnBatch> take, Action<PlannedFile> end,
        RunProgress progress, MemoryBudget memory, CancellationToken cancellationToken)
    {
        using var columns = new ColumnReader();
        using var batch = new ColumnBatch();
        using var readers = new ChunkReaders(Ranges, readers: 1, concurrency: 1, progress, cancellationToken);
        using var source = new ObjectChunkSource(progress, cancellationToken);
        foreach (var file in files)
        {
            var reader = await readers.OpenAsync(file).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                foreach (var rowGroup in file.RowGroups)
                {
                    var chunk = rowGroup.KeyChunk;
                    var context = new ChunkContext(file.Name, rowGroup.Index, chunk, ParquetLimits.Default) { Memory = memory };
                    source.Open(reader, chunk.Offset, chunk.Length);
                    columns.Open(context, source);
                    begin(file, context);
                    while (columns.Read(batch))
                        take(file, batch);
                    end(file);
                }
            }
        }
    }
}
