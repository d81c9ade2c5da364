using System.Globalization;
using System.Text;
using IdExtractor.Core.Catalog;
using IdExtractor.Core.Collect;
using IdExtractor.Core.Job;
using IdExtractor.Core.Keys;
using IdExtractor.Core.Plan;
using IdExtractor.Core.Scan;
using IdExtractor.Core.Storage;
using IdExtractor.Parquet;
using IdExtractor.Testing.Stores;

namespace IdExtractor.Core.Tests.Scan;

/// <summary>Scans files in memory for some keys, and returns the ids and the reads.</summary>
internal sealed record PagedScan(IReadOnlyList<string> Ids, RunProgress Progress, IReadOnlyList<StoreCall> Reads)
{
    /// <summary>Plans and scans with the columns <c>documento</c> and <c>id</c>.</summary>
    public static async Task<PagedScan> RunAsync(
        byte[] file, IEnumerable<string> keys, bool prune = true, int threads = 1, long pageMemory = long.MaxValue,
        NullIdPolicy onNullId = NullIdPolicy.Drop, bool share = true)
    {
        var (plan, store) = await PlanAsync(file);
        var before = store.Calls().Count;
        var progress = new RunProgress();
        using var collector = new IdCollector(new IdCollectorOptions { MemoryBudget = 1 << 20, Shards = threads });
        await new TableScan(
            plan, Keys(keys), collector, progress,
            new ScanOptions(onNullId, threads, prune, Share: share) { PageMemory = pageMemory }).RunAsync(CancellationToken.None);
        return new PagedScan(
            IdsOf(collector), progress, [.. store.Calls().Skip(before).Where(call => call.Operation == StoreOperation.Read)]);
    }

    /// <summary>Plans a scan of a file in memory.</summary>
    public static async Task<(TablePlan Plan, RecordingObjectStore Store)> PlanAsync(byte[] file)
    {
        var memory = new MemoryObjectStore();
        var writer = await memory.CreateAsync("part.parquet", new WriteOptions(), CancellationToken.None);
        await using (writer)
        {
            await writer.AppendAsync(file, CancellationToken.None);
            await writer.CompleteAsync(ObjectInfo.EmptyMetadata, CancellationToken.None);
        }

        var store = new RecordingObjectStore(memory, keepCalls: true);
        var selection = await PartitionSearch.SelectAsync(
            new HivePartitionCatalog(new StoreLocation(store, "")), null, CancellationToken.None);
        var plan = await new TablePlanner(ParquetLimits.Default, 1 << 24).PlanAsync(
            selection, new TableRequest { KeyColumn = "documento", IdColumn = "id" }, CancellationToken.None);
        return (plan, store);
    }

    /// <summary>A set of keys.</summary>
    public static KeySet Keys(IEnumerable<string> keys)
    {
        var set = new KeySetBuilder();
        foreach (var key in keys)
            set.Add(Encoding.ASCII.GetBytes(key));
        return set.Build();
    }

    /// <summary>What has been collected, in order.</summary>
    public static List<string> IdsOf(IdCollector collector)
    {
        using var sorted = collector.Complete();
        var ids = new List<string>();
        while (sorted.TryNext(out var id))
            ids.Add(Encoding.UTF8.GetString(id));
        return ids;
    }

    /// <summary>A document of fourteen digits.</summary>
    public static string Document(long number) => number.ToString("D14", CultureInfo.InvariantCulture);
}
