using IdExtractor.Core.Errors;
using IdExtractor.Core.Storage;
using IdExtractor.Core.Storage.Decorators;
using Xunit;

namespace IdExtractor.Core.Tests.Storage.Decorators;

public sealed class RetryObjectStoreTests
{
    private static readonly IReadOnlyDictionary<string, string> NoMetadata = new Dictionary<string, string>();

    private readonly MemoryObjectStore _memory = new();
    private readonly InstantTimeProvider _clock = new();

    [Theory]
    [InlineData(StoreOperation.Head)]
    [InlineData(StoreOperation.List)]
    [InlineData(StoreOperation.ListFolders)]
    [InlineData(StoreOperation.Open)]
    [InlineData(StoreOperation.Read)]
    [InlineData(StoreOperation.Create)]
    [InlineData(StoreOperation.Delete)]
    [InlineData(StoreOperation.RemoveAbandoned)]
    [InlineData(StoreOperation.EnsureWritable)]
    public async Task AnyCall_FailsTwiceAndMayBeRepeated_Succeeds(StoreOperation operation)
    {
        await WriteAsync(_memory);
        var store = Over(new RetryPolicy(), new Fault(1, FaultKind.Error, operation), new Fault(2, FaultKind.Cut, operation));
        await CallAsync(store, operation);
        Assert.Equal(2, store.Retries);
        Assert.Equal(2, _clock.Waits.Count);
    }

    [Theory]
    [InlineData(StoreOperation.Append)]
    [InlineData(StoreOperation.Complete)]
    [InlineData(StoreOperation.Copy)]
    public async Task AnyCall_FailsAndMayHaveTakenPlace_IsNotRepeated(StoreOperation operation)
    {
        await WriteAsync(_memory);
        var store = Over(new RetryPolicy(), new Fault(1, FaultKind.LostReply, operation));
        await Assert.ThrowsAsync<TransientException>(() => CallAsync(store, operation));
        Assert.Equal(0, store.Retries);
    }

    [Fact]
    public async Task ReadAsync_CutOnce_GivesTheWholeRange()
    {
        var info = await WriteAsync(_memory);
        var store = Over(new RetryPolicy(), new Fault(1, FaultKind.Cut, StoreOperation.Read));
        await using var reader = await store.OpenAsync(info, default);
        var read = new byte[4];
        await reader.ReadAsync(0, read, default);
        Assert.Equal("text"u8.ToArray(), read);
    }

    [Fact]
    public async Task HeadAsync_FailsAlways_GivesUpAfterTheLastAttempt()
    {
        var store = Over(new RetryPolicy { MaxAttempts = 3 }, [.. Enumerable.Range(1, 9).Select(number => new Fault(number, FaultKind.Error))]);
        await Assert.ThrowsAsync<TransientException>(async () => await store.HeadAsync("name", default));
        Assert.Equal(2, _clock.Waits.Count);
    }

    [Fact]
    public async Task HeadAsync_BudgetUsedUp_FailsAtOnce()
    {
        var store = Over(new RetryPolicy { Budget = 1 }, new Fault(1, FaultKind.Error), new Fault(3, FaultKind.Error));
        await store.HeadAsync("name", default);
        await Assert.ThrowsAsync<TransientException>(async () => await store.HeadAsync("name", default));
        Assert.Equal(1, store.Retries);
    }

    [Fact]
    public async Task OpenAsync_ObjectChanged_IsNotRepeated()
    {
        await WriteAsync(_memory);
        var store = Over(new RetryPolicy());
        await Assert.ThrowsAsync<ObjectChangedException>(async () => await store.OpenAsync(new ObjectInfo("name", 1, new ObjectStamp("other"), default), default));
        Assert.Equal(0, store.Retries);
    }

    [Fact]
    public async Task HeadAsync_LastingError_IsNotRepeated()
    {
        var store = Over(new RetryPolicy(), new Fault(1, FaultKind.Error) { Error = _ => new ConfigurationException("denied") });
        await Assert.ThrowsAsync<ConfigurationException>(async () => await store.HeadAsync("name", default));
        Assert.Equal(0, store.Retries);
    }

    [Fact]
    public void DelayBefore_Repeats_DoublesUpToTheLongest()
    {
        var policy = new RetryPolicy { FirstDelay = TimeSpan.FromMilliseconds(100), LongestDelay = TimeSpan.FromSeconds(1) };
        Assert.Equal([100, 200, 400, 800, 1000, 1000], Enumerable.Range(1, 6).Select(repeat => (int)policy.DelayBefore(repeat, 1).TotalMilliseconds));
        Assert.Equal(TimeSpan.FromSeconds(1), policy.DelayBefore(1000, 1));
        Assert.Equal(TimeSpan.FromMilliseconds(100), policy.DelayBefore(2, 0.5));
        Assert.Equal(TimeSpan.Zero, policy.DelayBefore(3, 0));
    }

    [Fact]
    public async Task HeadAsync_SameSeed_WaitsTheSame()
    {
        var waits = new List<IReadOnlyList<TimeSpan>>();
        for (var turn = 0; turn < 2; turn++)
        {
            var clock = new InstantTimeProvider();
            var faults = Enumerable.Range(1, 4).Select(number => new Fault(number, FaultKind.Error)).ToList();
            var store = new RetryObjectStore(new FaultObjectStore(_memory, faults), new RetryPolicy(), clock, new Random(5));
            await store.HeadAsync("name", default);
            waits.Add(clock.Waits);
        }

        Assert.Equal(4, waits[0].Count);
        Assert.Equal(waits[0], waits[1]);
    }

    private static async Task<ObjectInfo> WriteAsync(MemoryObjectStore store) =>
        await store.WriteAsync("name", "text"u8.ToArray(), NoMetadata, new WriteOptions(), default);

    private static async Task CallAsync(RetryObjectStore store, StoreOperation operation)
    {
        var info = await store.HeadAsync("name", default);
        switch (operation)
        {
            case StoreOperation.Head:
                break;
            case StoreOperation.List:
                Assert.Single(await store.ListAsync("", default).ToListAsync());
                break;
            case StoreOperation.ListFolders:
                Assert.Empty(await store.ListFoldersAsync("", default).ToListAsync());
                break;
            case StoreOperation.Open or StoreOperation.Read:
                await using (var reader = await store.OpenAsync(info!, default))
                    await reader.ReadAsync(0, new byte[4], default);
                break;
            case StoreOperation.Create or StoreOperation.Append or StoreOperation.Complete:
                await store.WriteAsync("other", "text"u8.ToArray(), NoMetadata, new WriteOptions(), default);
                break;
            case StoreOperation.Copy:
                await store.CopyAsync("name", info!.Stamp, "copy", new CopyOptions { Metadata = NoMetadata }, default);
                break;
            case StoreOperation.Delete:
                await store.DeleteAsync("name", default);
                break;
            case StoreOperation.RemoveAbandoned:
                await store.RemoveAbandonedAsync("", _ => true, default);
                break;
            case StoreOperation.EnsureWritable:
                await store.EnsureWritableAsync("other", default);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(operation));
        }
    }

    private RetryObjectStore Over(RetryPolicy policy, params Fault[] faults) => new(new FaultObjectStore(_memory, faults), policy, _clock, new Random(1));
}
