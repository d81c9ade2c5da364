using IdExtractor.Core.Job;
using IdExtractor.Core.Promote;
using IdExtractor.Core.Storage;
using IdExtractor.Core.Verify;
using IdExtractor.Foundation.Errors;
using IdExtractor.Testing.Stores;
using Xunit;
using static IdExtractor.Core.Tests.Promote.PublishScene;

namespace IdExtractor.Core.Tests.Promote;

public sealed class PromoteStepTests
{
    private readonly MemoryObjectStore _store = new();

    [Fact]
    public async Task RunAsync_FirstFile_BecomesActiveWithTheStageFilesMetadata()
    {
        var file = await VerifiedAsync(_store, "20251022", "r1");
        var promotion = await PromoteAsync(_store, file);

        Assert.Null(promotion.Replaced);
        Assert.Null(promotion.SupersededBy);
        Assert.Equal(file.Metadata, promotion.Active.Metadata);
        var active = await new VerifyStep(_store).RunAsync(ActiveKey);
        Assert.Equal(file.Metadata, active.Metadata);
        Assert.NotNull(await _store.HeadAsync(file.Object.Key, default));
    }

    [Fact]
    public async Task RunAsync_SecondFile_ReplacesTheFirstAndSaysTheDrop()
    {
        await PublishAsync(_store, "20251021", "r1");
        var promotion = await PublishAsync(_store, "20251022", "r2", 1);
        Assert.Equal("r1", promotion.Replaced!.Metadata!.RunId);
        Assert.Equal("r2", promotion.Active.Metadata!.RunId);
    }

    [Fact]
    public async Task RunAsync_UnknownMetadataOfTheStageFile_AreKept()
    {
        var staged = await StageAsync(_store, "20251022", "r1");
        var bytes = await _store.ReadAllAsync(staged.Object.Key, 10_000, default);
        await _store.WriteAsync(
            "stage/other", bytes, new Dictionary<string, string>(staged.Metadata.ToMap()) { ["job_name"] = "x" }, new WriteOptions(),
            default);
        await PromoteAsync(_store, await new VerifyStep(_store).RunAsync("stage/other"));
        Assert.Equal("x", (await _store.HeadAsync(ActiveKey, default))!.Metadata["job_name"]);
    }

    [Fact]
    public async Task RunAsync_OlderPartition_IsRefusedAndActiveStays()
    {
        await PublishAsync(_store, "20251022", "new");
        await Assert.ThrowsAsync<GuardException>(() => PublishAsync(_store, "20251021", "old", 5));
        Assert.Equal("new", (await ActiveAsync()).RunId);
    }

    [Fact]
    public async Task RunAsync_RollBack_NeedsAllowOlder()
    {
        var first = await VerifiedAsync(_store, "20251021", "r1");
        await PromoteAsync(_store, first);
        await PublishAsync(_store, "20251022", "r2", 1);

        var back = await new VerifyStep(_store).RunAsync(first.Object.Key);
        await Assert.ThrowsAsync<GuardException>(() => PromoteAsync(_store, back));
        var promotion = await PromoteAsync(_store, back, new PublishGuards { AllowOlder = true });

        Assert.Equal("r2", promotion.Replaced!.Metadata!.RunId);
        Assert.Equal("r1", (await ActiveAsync()).RunId);
    }

    [Fact]
    public async Task RunAsync_SameFileAgain_Succeeds()
    {
        var file = await VerifiedAsync(_store, "20251022", "r1");
        await PromoteAsync(_store, file);
        await PromoteAsync(_store, file);
        Assert.Equal("r1", (await ActiveAsync()).RunId);
    }

    [Fact]
    public async Task RunAsync_ActiveFileItself_IsWrongUsage()
    {
        await PublishAsync(_store, "20251022", "r1");
        var active = await new VerifyStep(_store).RunAsync(ActiveKey);
        await Assert.ThrowsAsync<UsageException>(() => PromoteAsync(_store, active));
    }

    [Fact]
    public async Task RunAsync_StageFileReplacedSinceItWasVerified_IsNotPromoted()
    {
        var file = await VerifiedAsync(_store, "20251022", "r1");
        await _store.WriteAsync(file.Object.Key, "else"u8.ToArray(), file.Object.Metadata, new WriteOptions(), default);
        await Assert.ThrowsAsync<ObjectChangedException>(() => PromoteAsync(_store, file));
        Assert.Null(await _store.HeadAsync(ActiveKey, default));
    }

    [Theory]
    [InlineData("20251021", 0)]
    [InlineData("20251022", 0)]
    public async Task RunAsync_OlderRunWinsTheRaceBeforeTheCopy_IsReplaced(string partition, int minute)
    {
        var mine = await VerifiedAsync(_store, "20251022", "mine", 1);
        var racing = BeforeCopy(async () => await PublishAsync(_store, partition, "other", minute));
        var promotion = await PromoteAsync(racing, mine);
        Assert.Equal("other", promotion.Replaced!.Metadata!.RunId);
        Assert.Equal("mine", (await ActiveAsync()).RunId);
    }

    [Fact]
    public async Task RunAsync_NewerRunWinsTheRaceBeforeTheCopy_LosesWithAGuard()
    {
        var mine = await VerifiedAsync(_store, "20251022", "mine");
        var racing = BeforeCopy(async () => await PublishAsync(_store, "20251023", "other"));
        await Assert.ThrowsAsync<GuardException>(() => PromoteAsync(racing, mine));
        Assert.Equal("other", (await ActiveAsync()).RunId);
    }

    [Fact]
    public async Task RunAsync_NewerRunReplacesItAfterTheCopy_IsASuccessThatSaysSo()
    {
        var mine = await VerifiedAsync(_store, "20251022", "mine");
        var racing = new FaultObjectStore(_store, [new Fault(2, FaultKind.Action, StoreOperation.Head)
        {
            Action = async _ => await PublishAsync(_store, "20251023", "other"),
        }]);
        var promotion = await PromoteAsync(racing, mine);
        Assert.Equal("other", promotion.SupersededBy!.Metadata!.RunId);
        Assert.Equal("mine", promotion.Active.Metadata!.RunId);
    }

    [Fact]
    public async Task RunAsync_OlderRunOverwritesItAfterTheCopy_CopiesAgain()
    {
        // Only a store that cannot check the destination lets that happen.
        var mine = await VerifiedAsync(_store, "20251022", "mine");
        var older = await VerifiedAsync(_store, "20251021", "older");
        var racing = new FaultObjectStore(_store, [new Fault(2, FaultKind.Action, StoreOperation.Head)
        {
            Action = async _ => await PromoteAsync(_store, older, new PublishGuards { AllowOlder = true }),
        }]);
        var promotion = await PromoteAsync(racing, mine);
        Assert.Equal("older", promotion.Replaced!.Metadata!.RunId);
        Assert.Equal("mine", (await ActiveAsync()).RunId);
    }

    [Fact]
    public async Task RunAsync_LostAgainAndAgain_GivesUp()
    {
        var mine = await VerifiedAsync(_store, "20251023", "mine");
        var files = new List<VerifiedFile>();
        for (var number = 0; number < 12; number++)
            files.Add(await VerifiedAsync(_store, "20251022", $"r{number}", number));
        var racing = new FaultObjectStore(
            _store, [.. files.Select((file, index) => new Fault(index + 1, FaultKind.Action, StoreOperation.Copy)
        {
            Action = async _ => await PromoteAsync(_store, file),
        })]);
        await Assert.ThrowsAsync<TransientException>(() => PromoteAsync(racing, mine));
        Assert.StartsWith("r", (await ActiveAsync()).RunId, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_ReplyOfTheCopyLost_IsSettledByLooking()
    {
        var mine = await VerifiedAsync(_store, "20251022", "mine");
        var lossy = new FaultObjectStore(_store, [new Fault(1, FaultKind.LostReply, StoreOperation.Copy)]);
        var promotion = await PromoteAsync(lossy, mine);
        Assert.Equal("mine", promotion.Active.Metadata!.RunId);
        Assert.Equal("mine", (await ActiveAsync()).RunId);
    }

    [Fact]
    public async Task RunAsync_CopyRepeatedBelowAfterALostReply_MeetsItselfAndSucceeds()
    {
        // As with a client that repeats requests by itself: the second try finds that the first has
        // changed the destination.
        var mine = await VerifiedAsync(_store, "20251022", "mine");
        var repeating = new FaultObjectStore(
            _store, [new Fault(1, FaultKind.LostReply, StoreOperation.Copy) { Error = _ => new ObjectChangedException("412") }]);
        Assert.Equal("mine", (await PromoteAsync(repeating, mine)).Active.Metadata!.RunId);
    }

    [Fact]
    public async Task RunAsync_CopyFailed_TellsTheErrorOfTheCopy()
    {
        await PublishAsync(_store, "20251021", "old");
        var mine = await VerifiedAsync(_store, "20251022", "mine");
        foreach (var alsoHeadFails in new[] { false, true })
        {
            var faults = new List<Fault> { new(1, FaultKind.DiskFull, StoreOperation.Copy) };
            if (alsoHeadFails)
                faults.Add(new Fault(2, FaultKind.Error, StoreOperation.Head));
            var error = await Assert.ThrowsAsync<TransientException>(() => PromoteAsync(new FaultObjectStore(_store, faults), mine));
            Assert.Contains("disk full", error.Message, StringComparison.Ordinal);
            Assert.Equal("old", (await ActiveAsync()).RunId);
        }
    }

    [Fact]
    public async Task RunAsync_ActiveIsNotWhatWasCopied_IsAVerificationError()
    {
        var mine = await VerifiedAsync(_store, "20251022", "mine");
        var spoiling = new FaultObjectStore(_store, [new Fault(2, FaultKind.Action, StoreOperation.Head)
        {
            Action = async _ => await _store.WriteAsync(ActiveKey, "else"u8.ToArray(), mine.Object.Metadata, new WriteOptions(), default),
        }]);
        var error = await Assert.ThrowsAsync<VerificationException>(() => PromoteAsync(spoiling, mine));
        Assert.Equal(ExitCode.VerificationFailed, error.ExitCode);
    }

    [Fact]
    public async Task RunAsync_ActiveGoneAfterTheCopy_IsAVerificationError()
    {
        var mine = await VerifiedAsync(_store, "20251022", "mine");
        var spoiling = new FaultObjectStore(
            _store,
            [new Fault(2, FaultKind.Action, StoreOperation.Head) { Action = async _ => await _store.DeleteAsync(ActiveKey, default) }]);
        await Assert.ThrowsAsync<VerificationException>(() => PromoteAsync(spoiling, mine));
    }

    [Fact]
    public async Task ReadActiveAsync_FileWithoutMetadata_HasNone()
    {
        await _store.WriteAsync(ActiveKey, "else"u8.ToArray(), ObjectInfo.EmptyMetadata, new WriteOptions(), default);
        var step = new PromoteStep(_store, new OutputSettings(), new DatePartitions());
        var active = (await step.ReadActiveAsync())!;
        Assert.Null(active.Metadata);
        Assert.Contains("total_ids", active.Problem!.Problem, StringComparison.Ordinal);
        await Assert.ThrowsAsync<GuardException>(() => PublishAsync(_store, "20251022", "mine"));
        Assert.Equal("else", System.Text.Encoding.UTF8.GetString((await _store.ReadAllAsync(ActiveKey, 100, default))!));
        await PublishAsync(_store, "20251022", "mine", 1, new PublishGuards { AllowOlder = true });
        Assert.Equal("mine", (await step.ReadActiveAsync())!.Metadata!.RunId);
    }

    [Theory]
    [InlineData(FaultKind.Error)]
    [InlineData(FaultKind.DiskFull)]
    public async Task RunAsync_LookAfterTheCopyFails_IsASuccessWithADoubt(FaultKind kind)
    {
        var mine = await VerifiedAsync(_store, "20251022", "mine");
        var blind = new FaultObjectStore(_store, [new Fault(2, kind, StoreOperation.Head)]);
        var promotion = await PromoteAsync(blind, mine);
        Assert.Contains("is active", promotion.Doubt, StringComparison.Ordinal);
        Assert.Equal(mine.Metadata, promotion.Active.Metadata);
        Assert.Equal("mine", (await ActiveAsync()).RunId);
    }

    [Fact]
    public async Task RunAsync_CancelledAfterTheCopy_IsASuccessWithADoubt()
    {
        using var cancellation = new CancellationTokenSource();
        var mine = await VerifiedAsync(_store, "20251022", "mine");
        var late = new FaultObjectStore(_store, [new Fault(2, FaultKind.Action, StoreOperation.Head)
        {
            Action = async _ =>
            {
                await cancellation.CancelAsync();
                cancellation.Token.ThrowIfCancellationRequested();
            },
        }]);
        var step = new PromoteStep(late, new OutputSettings(), new DatePartitions());
        var promotion = await step.RunAsync(mine, new PublishGuards(), cancellation.Token);
        Assert.Contains("cancelled", promotion.Doubt, StringComparison.Ordinal);
        Assert.Equal("mine", (await ActiveAsync()).RunId);
    }

    [Fact]
    public async Task RunAsync_CopyOfOtherBytes_LeavesTheActiveFile()
    {
        await PublishAsync(_store, "20251021", "old");
        var mine = await VerifiedAsync(_store, "20251022", "mine", 1);
        await Assert.ThrowsAsync<VerificationException>(() => PromoteAsync(_store, mine with { Sha256 = new string('0', 64) }));
        Assert.Equal("old", (await ActiveAsync()).RunId);
    }

    [Fact]
    public async Task RunAsync_GuardStopsIt_HasReportedTheActiveFileBefore()
    {
        await PublishAsync(_store, "20251022", "old");
        ActiveFile? compared = null;
        var step = new PromoteStep(_store, new OutputSettings(), new DatePartitions(), active => compared = active);
        var older = await VerifiedAsync(_store, "20251021", "mine", 1);
        await Assert.ThrowsAsync<GuardException>(() => step.RunAsync(older, new PublishGuards()));
        Assert.Equal(40, compared!.Metadata!.TotalIds);
    }

    private FaultObjectStore BeforeCopy(Func<Task> action) =>
        new(_store, [new Fault(1, FaultKind.Action, StoreOperation.Copy) { Action = async _ => await action() }]);

    private async Task<PublishMetadata> ActiveAsync() => (await new VerifyStep(_store).RunAsync(ActiveKey)).Metadata;
}
