using IdExtractor.Core.History;
using IdExtractor.Core.Job;
using IdExtractor.Core.Storage;
using IdExtractor.Core.Storage.Local;
using IdExtractor.Core.Tests.Promote;
using IdExtractor.Core.Verify;
using IdExtractor.Foundation.Errors;
using IdExtractor.Testing;
using IdExtractor.Testing.Stores;
using Xunit;

namespace IdExtractor.Core.Tests.History;

public sealed class StagePrunerTests : IDisposable
{
    private static readonly DateTimeOffset s_later = new(2025, 12, 22, 12, 0, 0, TimeSpan.Zero);

    private const string Oldest = "stage/stage_20251022_120100.txt.gz";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_OldFiles_KeepsTheLatestAndTheActiveOne(bool isLocal)
    {
        IObjectStore store = isLocal ? new LocalObjectStore(_folder.Path) : new MemoryObjectStore();
        await PublishAllAsync(store);
        await PublishScene.PromoteAsync(
            store, await VerifyAsync(store, Oldest), new PublishGuards { AllowOlder = true });

        var outcome = await PruneAsync(store, 2, 1, s_later);

        Assert.Equal(["stage/stage_20251022_120300.txt.gz", "stage/stage_20251022_120200.txt.gz"],
            outcome.Removed.Select(entry => entry.Object.Key));
        Assert.Equal([Oldest, "stage/stage_20251022_120400.txt.gz", "stage/stage_20251022_120500.txt.gz"],
            await KeysAsync(store));
        Assert.Equal((5, 3), (outcome.Found, outcome.Kept));
        if (isLocal)
            Assert.Equal(6, Directory.GetFiles(_folder.At("stage")).Length);
    }

    [Fact]
    public async Task Run_FilesOfTheLastDays_AreKeptHoweverManyTheyAre()
    {
        var store = new MemoryObjectStore();
        await PublishAllAsync(store);

        Assert.Empty((await PruneAsync(store, 1, 3, new DateTimeOffset(2025, 10, 25, 12, 0, 0, TimeSpan.Zero))).Removed);
        Assert.Equal(3, (await PruneAsync(store, 1, 3, new DateTimeOffset(2025, 10, 25, 12, 4, 0, TimeSpan.Zero))).Removed.Count);
    }

    [Fact]
    public async Task Run_DryRun_RemovesNothingAndListsWhatItWould()
    {
        var store = new MemoryObjectStore();
        await PublishAllAsync(store);

        var outcome = await PruneAsync(store, 2, 1, s_later, isDryRun: true);

        Assert.Equal(3, outcome.Removed.Count);
        Assert.Equal(5, (await KeysAsync(store)).Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_MetadataOfTheActiveFileWereAddedTo_KeepsItsStageFile(bool isLocal)
    {
        IObjectStore store = isLocal ? new LocalObjectStore(_folder.Path) : new MemoryObjectStore();
        await PublishAllAsync(store);
        var stage = (await store.HeadAsync(Oldest, CancellationToken.None))!;
        await store.CopyAsync(stage.Key, stage.Stamp, PublishScene.ActiveKey, new CopyOptions
        {
            Metadata = new Dictionary<string, string>(stage.Metadata.Where(item => item.Key != "tool_version")) { ["reviewed_by"] = "me" },
        }, CancellationToken.None);

        await PruneAsync(store, 1, 1, s_later);

        Assert.Equal([Oldest, "stage/stage_20251022_120500.txt.gz"], await KeysAsync(store));
    }

    [Fact]
    public async Task Run_NoActiveFileUnderTheKey_RemovesNothingAndSaysWhatToDo()
    {
        var store = new MemoryObjectStore();
        await PublishAllAsync(store);
        await store.DeleteAsync(PublishScene.ActiveKey, CancellationToken.None);

        var error = await Assert.ThrowsAsync<GuardException>(() => PruneAsync(store, 1, 1, s_later));

        Assert.Contains("--active-key", error.ToLine(), StringComparison.Ordinal);
        Assert.Equal(5, (await KeysAsync(store)).Count);
        Assert.Empty((await PruneAsync(store, 5, 1, s_later)).Removed);
    }

    [Fact]
    public async Task Run_ActiveFileWithoutUsableMetadata_RemovesNothingAndSaysWhatToDo()
    {
        var store = new MemoryObjectStore();
        await PublishAllAsync(store);
        await WriteAsync(store, PublishScene.ActiveKey, "other bytes");

        var error = await Assert.ThrowsAsync<GuardException>(() => PruneAsync(store, 1, 1, s_later, isDryRun: true));

        Assert.Contains("restore its metadata", error.ToLine(), StringComparison.Ordinal);
        Assert.Equal(5, (await KeysAsync(store)).Count);
    }

    [Fact]
    public async Task Run_LatestFilesAreUnusable_TheyDoNotCountAmongThoseKept()
    {
        var store = new MemoryObjectStore();
        await PublishAllAsync(store);
        await WriteAsync(store, "stage/stage_20251022_120600.txt.gz", "no metadata");
        var metadata = (await store.HeadAsync(Oldest, CancellationToken.None))!.Metadata.ToDictionary();
        metadata["created_at"] = "20251022_120700";
        await WriteAsync(store, "stage/stage_20251022_120700.txt.gz", "", metadata);

        var outcome = await PruneAsync(store, 2, 1, DateTimeOffset.UtcNow.AddDays(2));

        Assert.Equal(["stage/stage_20251022_120400.txt.gz", "stage/stage_20251022_120500.txt.gz"], await KeysAsync(store));
        Assert.Equal(5, outcome.Removed.Count);
    }

    [UnixFact]
    public async Task Run_EntriesThatAreNoFiles_AreLeftAlone()
    {
        IObjectStore store = new LocalObjectStore(_folder.Path);
        await PublishAllAsync(store);
        using var odd = new OddEntries(_folder.At("stage"));
        var before = Directory.GetFileSystemEntries(_folder.At("stage")).Length;

        var outcome = await PruneAsync(store, 2, 1, s_later);

        Assert.Equal((7, 3), (outcome.Found, outcome.Removed.Count));
        Assert.Equal(before - 6, Directory.GetFileSystemEntries(_folder.At("stage")).Length);
    }

    [Fact]
    public async Task Run_ActiveFileVanishesInTheMeantime_NothingIsRemoved()
    {
        var memory = new MemoryObjectStore();
        await PublishAllAsync(memory);
        var store = new FaultObjectStore(memory, [new Fault(7, FaultKind.Action, StoreOperation.Head)
        {
            Action = async _ => await memory.DeleteAsync(PublishScene.ActiveKey, CancellationToken.None),
        }]);

        Assert.Empty((await PruneAsync(store, 1, 1, s_later)).Removed);
        Assert.Equal(5, (await KeysAsync(memory)).Count);
    }

    [Fact]
    public async Task Run_FileBecomesActiveInTheMeantime_IsKept()
    {
        var memory = new MemoryObjectStore();
        await PublishAllAsync(memory);
        var verified = await VerifyAsync(memory, Oldest);

        // The lookups before the first deletion: 5 stage files, the active file, and then once more
        // per file. The promotion comes between the first two looks at the active file.
        var store = new FaultObjectStore(memory, [new Fault(7, FaultKind.Action, StoreOperation.Head)
        {
            Action = async _ => await PublishScene.PromoteAsync(memory, verified, new PublishGuards { AllowOlder = true }),
        }]);
        var outcome = await PruneAsync(store, 1, 1, s_later);

        Assert.Equal(1, store.Injected);
        Assert.Contains(Oldest, await KeysAsync(memory));
        Assert.DoesNotContain(outcome.Removed, entry => entry.Object.Key == Oldest);
        Assert.Equal(3, outcome.Removed.Count);
    }

    [Fact]
    public async Task Run_FileIsWrittenAgainInTheMeantime_IsKept()
    {
        const string Key = Oldest;
        var memory = new MemoryObjectStore();
        await PublishAllAsync(memory);
        var store = new FaultObjectStore(memory, [new Fault(7, FaultKind.Action, StoreOperation.Head)
        {
            Action = async _ => await memory.WriteAsync(Key, "x"u8.ToArray(), new Dictionary<string, string>(),
                new WriteOptions { ContentType = "text/plain" }, CancellationToken.None),
        }]);

        await PruneAsync(store, 1, 1, s_later);

        Assert.Contains(Key, await KeysAsync(memory));
    }

    [Fact]
    public async Task DeleteVersion_LocalFileThatChanged_IsLeftAlone()
    {
        IObjectStore store = new LocalObjectStore(_folder.Path);
        await PublishScene.StageAsync(store, "20251020", "aaa", 1);
        var old = (await store.HeadAsync(Oldest, CancellationToken.None))!;
        await store.DeleteAsync(old.Key, CancellationToken.None);
        Assert.False(await store.DeleteVersionAsync(old, CancellationToken.None));
        await PublishScene.StageAsync(store, "20251020", "bbbb", 1);

        await Assert.ThrowsAsync<ObjectChangedException>(async () => await store.DeleteVersionAsync(old, CancellationToken.None));
        Assert.Single(await KeysAsync(store));
    }

    private static async Task PublishAllAsync(IObjectStore store)
    {
        for (var minute = 1; minute <= 5; minute++)
            await PublishScene.PublishAsync(store, $"2025102{minute}", new string('r', minute * 3), minute);
    }

    private static Task<VerifiedFile> VerifyAsync(IObjectStore store, string key) => new VerifyStep(store).RunAsync(key);

    private static Task<PruneOutcome> PruneAsync(IObjectStore store, int versions, int days, DateTimeOffset now, bool isDryRun = false)
    {
        var settings = new PruneSettings { Output = "out", KeepVersions = versions, KeepDays = days, DryRun = isDryRun };
        return new StagePruner(store, settings, new DatePartitions(), new InstantTimeProvider(now)).RunAsync(CancellationToken.None);
    }

    private static async Task WriteAsync(MemoryObjectStore store, string key, string text, Dictionary<string, string>? metadata = null) =>
        await store.WriteAsync(
            key, System.Text.Encoding.UTF8.GetBytes(text), metadata ?? [], new WriteOptions { ContentType = "text/plain" },
            CancellationToken.None);

    private static async Task<IReadOnlyList<string>> KeysAsync(IObjectStore store)
    {
        var keys = new List<string>();
        await foreach (var item in store.ListAsync("stage/", CancellationToken.None))
            keys.Add(item.Key);
        return keys;
    }
}
