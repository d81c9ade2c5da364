using System.Globalization;
using IdExtractor.Core.History;
using IdExtractor.Core.Job;
using IdExtractor.Core.Storage;
using IdExtractor.Core.Storage.Local;
using IdExtractor.Core.Tests.Promote;
using IdExtractor.Foundation.Errors;
using IdExtractor.Testing;
using IdExtractor.Testing.Stores;
using Xunit;

namespace IdExtractor.Core.Tests.History;

public sealed class StageInventoryTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Read_PublishedDays_LatestFirstWithStateAndWayBack(bool isLocal)
    {
        var store = NewStore(isLocal);
        await PublishScene.PublishAsync(store, "20251020", "aaa", 1);
        await PublishScene.PublishAsync(store, "20251021", "bbb", 2);
        await PublishScene.PublishAsync(store, "20251022", "ccc", 3);
        await PublishScene.StageAsync(store, "20251023", "ddd", 4);

        var listing = await ReadAsync(store);

        Assert.Equal(["20251023", "20251022", "20251021", "20251020"], listing.Entries.Select(entry => entry.Metadata!.SourcePartition));
        Assert.Equal([StageState.NotPromoted, StageState.Active, StageState.Older, StageState.Older],
            listing.Entries.Select(entry => entry.State));
        Assert.Equal("20251021", listing.Previous!.Metadata!.SourcePartition);
        Assert.EndsWith(" --allow-older", listing.Previous.PromoteCommand, StringComparison.Ordinal);
        Assert.DoesNotContain("--allow", listing.Entries[0].PromoteCommand!, StringComparison.Ordinal);
        Assert.Null(listing.Entries[1].PromoteCommand);
        Assert.Equal([0.0, 0.0, 0.0, null], listing.Entries.Select(entry => entry.ChangePercent));
    }

    [Fact]
    public async Task Read_MetadataOfTheActiveFileWereAddedTo_ItsStageFileIsActive()
    {
        var store = new MemoryObjectStore();
        await PublishScene.PublishAsync(store, "20251022", "ccc", 3);
        var active = (await store.HeadAsync(PublishScene.ActiveKey, CancellationToken.None))!;
        await store.CopyAsync("stage/stage_20251022_120300.txt.gz",
            (await store.HeadAsync("stage/stage_20251022_120300.txt.gz", CancellationToken.None))!.Stamp, active.Key,
            new CopyOptions { Metadata = new Dictionary<string, string>(active.Metadata) { ["reviewed_by"] = "me" } },
            CancellationToken.None);

        Assert.Equal(StageState.Active, Assert.Single((await ReadAsync(store)).Entries).State);
    }

    [Fact]
    public async Task Read_FileThatAGuardStops_GivesTheGuardAsReason()
    {
        var store = new MemoryObjectStore();
        await PublishScene.PublishAsync(store, "20251022", "ccc", 3);
        await PublishScene.StageAsync(store, "20251023", "ddd", 4);

        var listing = await ReadAsync(store, new PublishGuards { MinIds = 1000 });

        Assert.Contains("--min-ids", listing.Entries[0].Reason, StringComparison.Ordinal);
        Assert.Contains("found 40", listing.Entries[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_NoActiveFile_NothingIsActiveAndNothingToGoBackTo()
    {
        var store = new MemoryObjectStore();
        await PublishScene.StageAsync(store, "20251023", "ddd", 4);

        var listing = await ReadAsync(store);

        Assert.Null(listing.Active);
        Assert.Null(listing.Previous);
        Assert.Equal(StageState.NotPromoted, Assert.Single(listing.Entries).State);
    }

    [Fact]
    public async Task Read_ForeignAndDamagedFiles_ForeignAreSkippedAndDamagedAreUnusable()
    {
        var store = new MemoryObjectStore();
        await PublishScene.PublishAsync(store, "20251022", "ccc", 3);
        await WriteAsync(store, "stage/notes.txt", []);
        await WriteAsync(store, "stage/stage_20251001_000000.txt.gz", new() { ["total_ids"] = "many" });

        var listing = await ReadAsync(store);

        Assert.Equal(2, listing.Entries.Count);
        var damaged = Assert.Single(listing.Entries, entry => entry.State == StageState.Unusable);
        Assert.Null(damaged.PromoteCommand);
        Assert.Contains("total_ids", damaged.Reason, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task Read_EntriesThatAreNoFiles_AreUnusableOrSkippedWithAWarning()
    {
        IObjectStore store = new LocalObjectStore(_folder.Path);
        await PublishScene.PublishAsync(store, "20251021", "bbb", 2);
        await PublishScene.PublishAsync(store, "20251022", "ccc", 3);
        using var odd = new OddEntries(_folder.At("stage"));
        var heard = new Warnings();

        var listing = await new StageInventory(store, new OutputSettings(), new DatePartitions(), observer: heard)
            .ReadAsync(new PublishGuards(), CancellationToken.None);

        Assert.Equal(
            [
                (StageState.Active, "stage/stage_20251022_120300.txt.gz", true),
                (StageState.Older, "stage/stage_20251022_120200.txt.gz", true),
                (StageState.Unusable, "stage/stage_20240101_000000.txt.gz", false),
                (StageState.Unusable, "stage/stage_20240102_000000.txt.gz", false),
            ],
            listing.Entries.Select(entry => (entry.State, entry.Object.Key, entry.IsFile)).OrderBy(entry => entry.State)
                .ThenBy(entry => entry.Key, StringComparer.Ordinal));
        Assert.Contains(listing.Entries, entry => entry.Reason == "A link leads nowhere, or in a circle");
        Assert.Contains(listing.Entries, entry => entry.Reason?.StartsWith("This is a pipe", StringComparison.Ordinal) == true);
        Assert.Equal(4, heard.Texts.Count);
        Assert.Contains(heard.Texts, text => text == $"Skipped {_folder.At("stage", "dangling")}: A link leads nowhere, or in a circle");
        Assert.Contains(heard.Texts, text => text.EndsWith("A name in the folder is not UTF-8", StringComparison.Ordinal));
        Assert.Equal(
            "stage/stage_20251022_120200.txt.gz",
            await new StageChoice(store, new OutputSettings(), new DatePartitions()).ResolveAsync(
                StageChoice.Previous, CancellationToken.None));
    }

    [UnixTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Read_SideFileIsNoFile_OnlyItsStageFileIsUnusable(bool isPipe)
    {
        IObjectStore store = new LocalObjectStore(_folder.Path);
        await PublishScene.PublishAsync(store, "20251021", "bbb", 2);
        await PublishScene.PublishAsync(store, "20251022", "ccc", 3);
        var side = _folder.At("stage", "stage_20251022_120200.txt.gz.metadata.json");
        File.Delete(side);
        if (isPipe)
            NamedPipe.Make(side);
        else
            File.CreateSymbolicLink(side, side);

        Assert.Equal([StageState.Active, StageState.Unusable], (await ReadAsync(store)).Entries.Select(entry => entry.State).Order());
    }

    [UnixFact]
    public async Task Read_ManyEntriesThatAreNoFiles_AreCounted()
    {
        IObjectStore store = new LocalObjectStore(_folder.Path);
        await PublishScene.PublishAsync(store, "20251022", "ccc", 3);
        for (var i = 0; i < 8; i++)
            File.CreateSymbolicLink(_folder.At("stage", $"link{i}"), "nowhere");
        var heard = new Warnings();

        await new StageInventory(store, new OutputSettings(), new DatePartitions(), observer: heard)
            .ReadAsync(new PublishGuards(), CancellationToken.None);

        Assert.Equal(6, heard.Texts.Count);
        Assert.StartsWith("Skipped 3 more such entries in ", heard.Texts[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_PartitionsThatCannotBeCompared_SaysSo()
    {
        var store = new MemoryObjectStore();
        await PublishScene.PublishAsync(store, "20251022", "ccc", 3);
        await PublishScene.StageAsync(store, "north", "ddd", 4);

        Assert.Equal(StageState.NotComparable, (await ReadAsync(store)).Entries[0].State);
    }

    [Fact]
    public async Task Read_TenThousandFiles_OneListingAndBoundedLookups()
    {
        const int Files = 10_000;
        var store = new MemoryObjectStore();
        for (var i = 0; i < Files; i++)
        {
            var time = new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(i);
            var metadata = new PublishMetadata
            {
                TotalIds = i + 1,
                Md5Checksum = new string('0', 32),
                CreatedAt = time,
                SourcePartition = time.ToString("yyyyMMdd", CultureInfo.InvariantCulture)
            };
            await WriteAsync(store, $"stage/stage_{PublishMetadata.FormatTime(time)}.txt.gz", new(metadata.ToMap()));
        }

        var slow = new CrowdedStore(store);
        var listing = await ReadAsync(slow);

        Assert.Equal(Files, listing.Entries.Count);
        Assert.Equal(Enumerable.Range(1, Files).Reverse()
            .Select(ids => (long)ids), listing.Entries.Select(entry => entry.Metadata!.TotalIds));
        Assert.InRange(slow.Most, 2, StageInventory.AtOnce);
    }

    [Theory]
    [InlineData("previous", "stage/stage_20251022_120100.txt.gz")]
    [InlineData("stage_20251022_120200.txt.gz", "stage/stage_20251022_120200.txt.gz")]
    [InlineData("stage/stage_20251022_120200.txt.gz", "stage/stage_20251022_120200.txt.gz")]
    [InlineData("at-the-root.gz", "at-the-root.gz")]
    public async Task Resolve_WhatAnOperatorTypes_IsTheKey(string typed, string key)
    {
        var store = new MemoryObjectStore();
        await PublishScene.PublishAsync(store, "20251020", "aaa", 1);
        await PublishScene.PublishAsync(store, "20251021", "bbb", 2);
        await WriteAsync(store, "at-the-root.gz", []);

        Assert.Equal(key, await new StageChoice(store, new OutputSettings(), new DatePartitions())
            .ResolveAsync(typed, CancellationToken.None));
    }

    [Fact]
    public async Task Resolve_PreviousOfNothing_IsAnError()
    {
        var store = new MemoryObjectStore();
        var choice = new StageChoice(store, new OutputSettings(), new DatePartitions());
        await Assert.ThrowsAsync<ConfigurationException>(() => choice.ResolveAsync(StageChoice.Previous, CancellationToken.None));
        await PublishScene.PublishAsync(store, "20251020", "aaa", 1);
        await Assert.ThrowsAsync<ConfigurationException>(() => choice.ResolveAsync(StageChoice.Previous, CancellationToken.None));
    }

    private static Task<StageListing> ReadAsync(IObjectStore store, PublishGuards? guards = null) =>
        new StageInventory(store, new OutputSettings(), new DatePartitions())
            .ReadAsync(guards ?? new PublishGuards(), CancellationToken.None);

    private static async Task WriteAsync(MemoryObjectStore store, string key, Dictionary<string, string> metadata) =>
        await store.WriteAsync(key, "x"u8.ToArray(), metadata, new WriteOptions { ContentType = "text/plain" }, CancellationToken.None);

    private IObjectStore NewStore(bool isLocal) => isLocal ? new LocalObjectStore(_folder.Path) : new MemoryObjectStore();

    private sealed class Warnings : SilentObserver
    {
        public List<string> Texts { get; } = [];

        public override void Warn(string message) => Texts.Add(message);
    }

    /// <summary>Counts the lookups that wait at the same time.</summary>
    private sealed class CrowdedStore(IObjectStore inner) : ObjectStoreDecorator(inner)
    {
        private int _now;
        private int _most;

        public int Most => Volatile.Read(ref _most);

        protected override async ValueTask<T> InvokeAsync<T>(
            StoreCall request, Func<CancellationToken, ValueTask<T>> send, CancellationToken cancellationToken)
        {
            var now = Interlocked.Increment(ref _now);
            for (var most = Most; now > most; most = Most)
                Interlocked.CompareExchange(ref _most, now, most);
            await Task.Yield();
            var result = await send(cancellationToken);
            Interlocked.Decrement(ref _now);
            return result;
        }
    }
}
