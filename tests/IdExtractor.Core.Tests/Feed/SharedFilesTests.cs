using IdExtractor.Core.Feed;
using IdExtractor.Core.Job;
using IdExtractor.Core.Storage;
using IdExtractor.Core.Tests.Scan;
using IdExtractor.Testing.Stores;
using Xunit;

namespace IdExtractor.Core.Tests.Feed;

public sealed class SharedFilesTests
{
    private static byte[] File => PagedFile.Write(PagedColumn.Text("documento", ["1"], 1), PagedColumn.Text("id", ["a"], 1));

    [Fact]
    public async Task OpenAsync_AgainAndAtTheSameTime_OpensTheFileOnce()
    {
        var (file, store) = await PlanAsync();
        using var files = new SharedFiles(CancellationToken.None);
        var first = await files.OpenAsync(file);
        var second = await files.OpenAsync(file);
        await first.DisposeAsync();
        await second.ReadAsync(0, new byte[4], CancellationToken.None);
        await second.DisposeAsync();
        await using var third = await files.OpenAsync(file);
        Assert.Equal(1, OpensOf(store));
    }

    [Fact]
    public async Task OpenAsync_ManyFilesLater_ClosesTheOldest()
    {
        var (file, store) = await PlanAsync();
        using var files = new SharedFiles(CancellationToken.None);
        await (await files.OpenAsync(file)).DisposeAsync();
        for (var i = 0; i < SharedFiles.MaxIdle; i++)
            await (await files.OpenAsync(file with { Name = $"{i}" })).DisposeAsync();
        await (await files.OpenAsync(file)).DisposeAsync();
        Assert.Equal(SharedFiles.MaxIdle + 2, OpensOf(store));
    }

    [Fact]
    public async Task OpenAsync_AfterAFailure_TriesAgain()
    {
        var (file, _) = await PlanAsync();
        var missing = file with { Object = file.Object with { Stamp = new ObjectStamp("other") } };
        using var files = new SharedFiles(CancellationToken.None);
        for (var i = 0; i < 2; i++)
            await Assert.ThrowsAsync<IdExtractor.Foundation.Errors.ObjectChangedException>(async () => await files.OpenAsync(missing));
    }

    private static int OpensOf(RecordingObjectStore store) => store.Calls().Count(call => call.Operation == StoreOperation.Open);

    private static async Task<(PlannedFile File, RecordingObjectStore Store)> PlanAsync()
    {
        var (plan, store) = await PagedScan.PlanAsync(File);
        var counted = new RecordingObjectStore(store, keepCalls: true);
        return (plan.Files[0] with { Store = counted }, counted);
    }
}
