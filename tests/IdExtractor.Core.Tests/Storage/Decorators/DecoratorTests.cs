using IdExtractor.Core.Storage;
using IdExtractor.Foundation.Errors;
using IdExtractor.Testing.Stores;
using Xunit;

namespace IdExtractor.Core.Tests.Storage.Decorators;

public sealed class DecoratorTests
{
    private static readonly IReadOnlyDictionary<string, string> NoMetadata = new Dictionary<string, string>();

    private readonly MemoryObjectStore _memory = new();

    [Fact]
    public async Task Recording_CallsOfAllKinds_AreListedAndCounted()
    {
        var store = new RecordingObjectStore(_memory, keepCalls: true);
        var info = await store.WriteAsync("folder/name", "0123456789"u8.ToArray(), NoMetadata, new WriteOptions(), default);
        await using (var reader = await store.OpenAsync(info, default))
            await reader.ReadAsync(2, new byte[3], default);
        await store.CopyAsync("folder/name", info.Stamp, "copy", new CopyOptions { Metadata = NoMetadata }, default);
        Assert.Equal(2, (await store.ListAsync("", default).ToListAsync()).Count);

        Assert.Equal(
            [
                new StoreCall(StoreOperation.Create, "folder/name"),
                new StoreCall(StoreOperation.Append, "folder/name", 0, 10),
                new StoreCall(StoreOperation.Complete, "folder/name"),
                new StoreCall(StoreOperation.Open, "folder/name"),
                new StoreCall(StoreOperation.Read, "folder/name", 2, 3),
                new StoreCall(StoreOperation.Copy, "copy"),
                new StoreCall(StoreOperation.List, ""),
            ],
            store.Calls());
        Assert.Equal(7, store.Total);
        Assert.Equal(3, store.BytesRead);
        Assert.Equal(10, store.BytesWritten);
        Assert.Equal(0, store.Count(StoreOperation.Delete));
    }

    [Fact]
    public async Task Fault_ErrorAtTheSecondCall_StrikesOnceAndBeforeTheDeed()
    {
        var store = new FaultObjectStore(_memory, [new Fault(2, FaultKind.Error)]);
        await store.WriteAsync("name", default, NoMetadata, new WriteOptions(), default)
            .AsTask()
            .ContinueWith(task => Assert.True(task.IsFaulted), TaskScheduler.Default);
        Assert.Null(await store.HeadAsync("name", default));
        Assert.Equal(1, store.Injected);
        Assert.Equal(3, store.Calls);
    }

    [Fact]
    public async Task Fault_LostReply_HasTakenPlace()
    {
        var store = new FaultObjectStore(_memory, [new Fault(1, FaultKind.LostReply, StoreOperation.Complete)]);
        await Assert.ThrowsAsync<TransientException>(
            async () => await store.WriteAsync("name", "text"u8.ToArray(), NoMetadata, new WriteOptions(), default));
        Assert.Equal(4, (await _memory.HeadAsync("name", default))!.Size);
    }

    [Fact]
    public async Task Fault_SilentCutOfAnAppend_StoresHalfAndSaysNothing()
    {
        var store = new FaultObjectStore(_memory, [new Fault(1, FaultKind.SilentCut, StoreOperation.Append)]);
        var info = await store.WriteAsync("name", "text"u8.ToArray(), NoMetadata, new WriteOptions(), default);
        Assert.Equal(2, info.Size);
    }

    [Fact]
    public async Task Fault_SilentCutOfARead_GivesHalfAndSaysNothing()
    {
        var info = await _memory.WriteAsync("name", "text"u8.ToArray(), NoMetadata, new WriteOptions(), default);
        var store = new FaultObjectStore(_memory, [new Fault(1, FaultKind.SilentCut, StoreOperation.Read)]);
        await using var reader = await store.OpenAsync(info, default);
        var read = new byte[4];
        await reader.ReadAsync(0, read, default);
        Assert.Equal("te\0\0"u8.ToArray(), read);
    }

    [Fact]
    public async Task Fault_FullDisk_SaysSo()
    {
        var store = new FaultObjectStore(_memory, [new Fault(1, FaultKind.DiskFull, StoreOperation.Append)]);
        var error = await Assert.ThrowsAsync<TransientException>(
            async () => await store.WriteAsync("name", "text"u8.ToArray(), NoMetadata, new WriteOptions(), default));
        Assert.Contains("disk full", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fault_Delay_WaitsAndGoesOn()
    {
        var clock = new InstantTimeProvider();
        var store = new FaultObjectStore(_memory, [new Fault(1, FaultKind.Delay) { Delay = TimeSpan.FromHours(1) }], clock);
        Assert.Null(await store.HeadAsync("name", default));
        Assert.Equal([TimeSpan.FromHours(1)], clock.Waits);
    }

    [Fact]
    public async Task ReadAllAsync_LargerThanAllowed_IsRefused()
    {
        await _memory.WriteAsync("name", "text"u8.ToArray(), NoMetadata, new WriteOptions(), default);
        Assert.Equal("text"u8.ToArray(), await _memory.ReadAllAsync("name", 4, default));
        Assert.Null(await _memory.ReadAllAsync("none", 4, default));
        await Assert.ThrowsAsync<InputDataException>(async () => await _memory.ReadAllAsync("name", 3, default));
    }
}
