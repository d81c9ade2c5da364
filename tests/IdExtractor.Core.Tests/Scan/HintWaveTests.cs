using IdExtractor.Core.Collect;
using IdExtractor.Core.Job;
using IdExtractor.Core.Scan;
using IdExtractor.Core.Storage;
using IdExtractor.Testing.Stores;
using Xunit;

namespace IdExtractor.Core.Tests.Scan;

/// <summary>Page indexes and bloom filters in a store with slow requests.</summary>
public sealed class HintWaveTests
{
    private const int Rows = 4000;
    private const int Files = 3;

    [Fact]
    public async Task RunAsync_HintsOfSeveralFarFiles_AreAskedForTogether()
    {
        var documents = PagedColumn.Text("documento", Enumerable.Range(0, Rows).Select(row => PagedScan.Document(row * 10L)), 100);
        var ids = PagedColumn.Text("id", Enumerable.Range(0, Rows).Select(row => $"id-{row}"), 160);
        var (plan, memory) = await PagedScan.PlanAsync(PagedFile.Write(documents, ids));
        var store = new MeetingStore(memory, plan.Files[0].RowGroups[0].Chunks[0].ColumnIndex!.Value.Offset);
        var far = plan with { Files = [.. Enumerable.Range(0, Files).Select(i => plan.Files[0] with { Name = $"{i}", Store = store })] };

        using var collector = new IdCollector(new IdCollectorOptions { MemoryBudget = 1 << 20, Shards = 1 });
        var keys = PagedScan.Keys([PagedScan.Document(12340)]);
        await new TableScan(
            far, keys, collector, new RunProgress(), new ScanOptions(NullIdPolicy.Drop, 1)).RunAsync(CancellationToken.None);

        Assert.Equal(["id-1234"], PagedScan.IdsOf(collector));
        Assert.Equal(Files, store.Requests);
    }

    /// <summary>
    /// Answers no request for bytes behind the pages until one for each file has arrived: a scan
    /// that asks for one after another would wait forever.
    /// </summary>
    private sealed class MeetingStore(IObjectStore inner, long from) : ObjectStoreDecorator(inner)
    {
        private readonly TaskCompletionSource _met = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _requests;

        public override ReadCost? ReadCost => new(TimeSpan.FromMilliseconds(1), 100_000_000);

        public int Requests => Volatile.Read(ref _requests);

        protected override async ValueTask<T> InvokeAsync<T>(
            StoreCall request, Func<CancellationToken, ValueTask<T>> send, CancellationToken cancellationToken)
        {
            if (request.Operation == StoreOperation.Read && request.Offset >= from)
            {
                if (Interlocked.Increment(ref _requests) == Files)
                    _met.SetResult();
                await _met.Task.WaitAsync(TimeSpan.FromMinutes(2), cancellationToken);
            }

            return await send(cancellationToken);
        }
    }
}
