using IdExtractor.Core.Collect;
using IdExtractor.Core.Match;
using IdExtractor.Core.Parquet.Kernels;
using IdExtractor.Core.Report;
using IdExtractor.Core.Storage;
using IdExtractor.Core.Storage.Local;

namespace IdExtractor.Core.Pipeline;

/// <summary>
/// Start-up: runs the second half of the job on a few made-up ids, in memory, on another thread, while the first half waits for its inputs on this one. What the runtime loads and compiles for it is there when
/// the job comes to it. docs/performance.md has what it saves. Nothing depends on it, and it leaves nothing behind.
/// </summary>
public static class Rehearsal
{
    private const int KeyLength = 14;
    private const int Ids = 16;

    /// <summary>Begins, and returns at once.</summary>
    public static void Begin() => Task.Run(RunAsync);

    /// <summary>One rehearsal.</summary>
    /// <returns>What it would have published.</returns>
    internal static async Task<RunResult> RunAsync()
    {
        SnappyLockStep.Prepare();
        Probe();
        var table = new IdTable(IdTable.MinBudget);
        for (var id = 1; id <= Ids; id++)
            table.TryAdd("rehearsal of a job"u8[..id]);
        using var ids = new SortedIds(table);
        var services = new PipelineServices
        {
            Stores = new NoStores(),
            CatalogOf = _ => throw new InvalidOperationException("A rehearsal reads nothing"),
            Clock = TimeProvider.System,
            Progress = new RunProgress(),
            Observer = SilentObserver.Instance,
            RunId = "rehearsal",
            ToolVersion = "0",
        };
        var publication = new Publication(services, new StepClock(services.Observer, services.Clock), new MemoryObjectStore(), new OutputSettings());
        var side = new SideFile(new SideEntry(ObjectInfo.EmptyMetadata, "", 0), null);
        SideFile.Parse(side.ToJson());
        return await publication.PublishAsync(ids, new StageRequest { SourcePartition = "unpartitioned", RunId = "rehearsal", ToolVersion = "0", InputFingerprint = "" },
            new PublishGuards(), CancellationToken.None).ConfigureAwait(false);
    }

    private static unsafe void Probe()
    {
        var builder = new KeySetBuilder();
        builder.Add(new byte[KeyLength]);
        byte none = 0;
        new PlainKeyProbe(builder.Build()).Probe(&none, 0, 1, new int[1], new long[1], out _, out _);
    }

    private sealed class SortedIds(IdTable table) : ISortedIds
    {
        private readonly IdMerge _ids = new([new TableSource(table)]);

        public bool TryNext(out ReadOnlySpan<byte> id)
        {
            var any = _ids.MoveNext();
            id = any ? _ids.Current : default;
            return any;
        }

        public void Dispose() => _ids.Dispose();
    }

    private sealed class NoStores : IStoreProvider
    {
        public StoreLocation OpenFolder(string address) => throw Closed();

        public IObjectStore OpenOutput(string address) => throw Closed();

        public (IObjectStore Store, string Key) OpenObject(string address) => throw Closed();

        private static InvalidOperationException Closed() => new("A rehearsal opens nothing.");
    }
}
