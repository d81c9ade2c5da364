using IdExtractor.Core.Job;
using IdExtractor.Core.Keys;
using IdExtractor.Core.Scan;
using IdExtractor.Core.Storage;
using IdExtractor.Foundation.Errors;
using IdExtractor.Parquet.Footer;
using IdExtractor.Testing.Stores;

namespace IdExtractor.Fuzz.Reading;

/// <summary>Runs the production's whole scan step over files in memory.</summary>
internal static class TableRun
{
    /// <summary>
    /// Scans for the keys and returns the distinct ids, in order, with the run's counters. Null and
    /// empty ids are dropped.
    /// </summary>
    /// <param name="images">The files.</param>
    /// <param name="keyColumn">Chooses the column of the documents.</param>
    /// <param name="idColumn">Chooses the column of the ids.</param>
    /// <param name="keys">The documents that match.</param>
    /// <param name="threads">Scanning threads.</param>
    /// <param name="longestId">Bytes of the longest id that may come.</param>
    /// <param name="prune">Row groups may be ruled out by bounds and bloom filters, which are
    /// trusted: not for files that lie.</param>
    /// <exception cref="IdExtractorException">The scan was refused.</exception>
    public static (IReadOnlyList<string> Ids, RunProgress Progress) Run(
        IReadOnlyList<ParquetImage> images, Func<ParquetImage, ColumnDescriptor> keyColumn, Func<ParquetImage, ColumnDescriptor> idColumn,
        KeySet keys, int threads, int longestId, bool prune)
    {
        var store = new MemoryObjectStore();
        var files = images.Select((image, number) => Plan(store, number, image, keyColumn(image), idColumn(image))).ToList();
        var plan = new TablePlan { Table = "memory", SourcePartition = "unpartitioned", Files = files, Skipped = [] };
        using var collector = IdGathering.CreateCollector(threads, longestId);
        var progress = new RunProgress();
        var scan = new TableScan(plan, keys, collector, progress, new ScanOptions(NullIdPolicy.Drop, threads, prune));
        scan.RunAsync(CancellationToken.None).GetAwaiter().GetResult();
        return (IdGathering.SortedOf(collector), progress);
    }

    private static PlannedFile Plan(
        MemoryObjectStore store, int number, ParquetImage image, ColumnDescriptor keyColumn, ColumnDescriptor idColumn)
    {
        var groups = image.Footer.ReadRowGroups([keyColumn, idColumn]).Where(group => group.RowCount > 0).ToList();
        return new PlannedFile(
            store, Put(store, $"{number}.parquet", image.Bytes).GetAwaiter().GetResult(), image.Name, image.Footer, keyColumn, idColumn,
            groups);
    }

    private static async Task<ObjectInfo> Put(MemoryObjectStore store, string key, ReadOnlyMemory<byte> bytes)
    {
        var writer = await store.CreateAsync(key, new WriteOptions(), CancellationToken.None).ConfigureAwait(false);
        await using (writer.ConfigureAwait(false))
        {
            await writer.AppendAsync(bytes, CancellationToken.None).ConfigureAwait(false);
            return await writer.CompleteAsync(ObjectInfo.EmptyMetadata, CancellationToken.None).ConfigureAwait(false);
        }
    }
}
