using IdExtractor.Core.Storage;
using IdExtractor.Core.Storage.Local;
using IdExtractor.Core.Tests.Storage.Local;
using IdExtractor.Core.Verify;
using IdExtractor.Foundation.Errors;
using IdExtractor.Testing.Stores;
using Xunit;
using static IdExtractor.Core.Tests.Promote.PublishScene;

namespace IdExtractor.Core.Tests.Promote;

/// <summary>
/// Faults at every call and every file operation of stage, verify and promote: active is the old
/// file or the new one, complete, and the next run succeeds.
/// </summary>
public sealed class PublishFaultTests : IDisposable
{
    private static readonly (string Partition, string RunId) Old = ("20251021", "old");
    private static readonly (string Partition, string RunId) New = ("20251022", "new");
    private static readonly (string Partition, string RunId) Next = ("20251023", "next");

    private readonly TempFolder _folder = new();
    private int _roots;

    public static TheoryData<FaultKind, bool> StoreFaults
    {
        get
        {
            var data = new TheoryData<FaultKind, bool>();
            foreach (var kind in Enum.GetValues<FaultKind>().Where(kind => kind != FaultKind.Action))
            {
                data.Add(kind, true);
                data.Add(kind, false);
            }

            return data;
        }
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(StoreFaults))]
    public async Task Publish_FaultAtEveryCallOnMemory_LeavesOldOrNewWhole(FaultKind kind, bool hasOld)
    {
        var calls = await CountCallsAsync(new MemoryObjectStore(), hasOld);
        Assert.InRange(calls, 12, 20);
        for (var call = 1; call <= calls; call++)
        {
            var store = new MemoryObjectStore();
            await CheckAsync(store, kind, call, hasOld, async () => await ReadMemoryAsync(store));
            Assert.All(
                (await store.ListAsync("", default).ToListAsync()).Select(info => info.Key),
                key => Assert.Matches(@"^(stage/stage_|active/latest\.txt\.gz$)", key));
        }
    }

    [Theory]
    [MemberData(nameof(StoreFaults))]
    public async Task Publish_FaultAtEveryCallOnDisk_LeavesOldOrNewWhole(FaultKind kind, bool hasOld)
    {
        var calls = await CountCallsAsync(new LocalObjectStore(NewRoot(), rootMayBeMissing: true), hasOld);
        for (var call = 1; call <= calls; call++)
        {
            var root = NewRoot();
            var store = new LocalObjectStore(root, rootMayBeMissing: true);
            await CheckAsync(
                store, kind, call, hasOld, () => Task.FromResult(OutputReader.ReadWhole(root, Old, New, Next)),
                () => AssertNoRemains(root));
        }
    }

    [Theory]
    [InlineData("error", true)]
    [InlineData("error", false)]
    [InlineData("full", true)]
    [InlineData("denied", true)]
    [InlineData("half", true)]
    [InlineData("renamed", true)]
    [InlineData("renamed", false)]
    public async Task Publish_FaultAtEveryFileOperation_LeavesOldOrNewWhole(string kind, bool hasOld)
    {
        var steps = await StepsAsync(hasOld);
        Assert.InRange(steps.Count, 60, 300);
        var deadly = kind switch
        {
            "half" => steps.Where(step => step.Name == "write"),
            "renamed" => steps.Where(step => step.Name == "replace"),
            _ => steps,
        };
        foreach (var step in deadly.ToList())
        {
            var root = NewRoot();
            var plain = new LocalObjectStore(root, rootMayBeMissing: true);
            if (hasOld)
                await PublishAsync(plain, Old.Partition, Old.RunId);
            var done = await TryPublishAsync(
                new LocalObjectStore(root, rootMayBeMissing: true, Failing(step.Number, kind), TimeProvider.System));

            var found = OutputReader.ReadWhole(root, Old, New);
            (string, string)? before = hasOld ? Old : null;
            Assert.True(found == (done ? New : before), $"{kind} at {step}: success is {done}");
            if (step.Name != "delete")
                AssertNoRemains(root, orLocks: true);
            await AssertStageFilesWholeAsync(plain);
            await PublishAsync(plain, Next.Partition, Next.RunId, 1);
            Assert.Equal(Next, OutputReader.ReadWhole(root, Next));
            AssertNoRemains(root);
        }
    }

    /// <summary>Every primitive file operation of one publication.</summary>
    internal static async Task<List<FileStep>> StepsAsync(bool hasOld)
    {
        using var folder = new TempFolder();
        if (hasOld)
            await PublishAsync(new LocalObjectStore(folder.Path, rootMayBeMissing: true), Old.Partition, Old.RunId);
        var steps = new List<FileStep>();
        var recording = new SteppingFileSystem(DiskFileSystem.Instance, steps.Add);
        await PublishAsync(
            new LocalObjectStore(folder.Path, rootMayBeMissing: true, recording, TimeProvider.System), New.Partition, New.RunId);
        return steps;
    }

    /// <summary>
    /// Fails when a root holds anything but stage and active files and their side files.
    /// </summary>
    /// <param name="root">The output root.</param>
    /// <param name="orLocks">Lock files may be there: a run that failed to take one cannot remove
    /// it, since it may belong to another run by now.</param>
    internal static void AssertNoRemains(string root, bool orLocks = false)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 };
        if (!Directory.Exists(root))
            return;
        foreach (var file in Directory.EnumerateFiles(root, "*", options)
            .Where(file => !orLocks || !file.EndsWith(".idx-lock", StringComparison.Ordinal)))
            Assert.Matches(
                @"^(stage[/\\]stage_[0-9_a-z]+\.txt\.gz|active[/\\]latest\.txt\.gz)(\.metadata\.json)?$", Path.GetRelativePath(root, file));
    }

    /// <summary>Fails when a file that a listing shows as staged is not whole.</summary>
    internal static async Task AssertStageFilesWholeAsync(IObjectStore store)
    {
        await foreach (var info in store.ListAsync("stage/", default))
        {
            if (info.Key.EndsWith(".gz", StringComparison.Ordinal))
                await new VerifyStep(store).RunAsync(info.Key);
        }
    }

    private static void AssertOldOrNew((string, string)? found, bool done, bool hasOld, string where)
    {
        if (done)
            Assert.True(found == New, where);
        else if (hasOld)
            Assert.True(found == Old || found == New, where);
        else
            Assert.True(found is null || found == New, where);
    }

    private static async Task<bool> TryPublishAsync(IObjectStore store)
    {
        try
        {
            await PublishAsync(store, New.Partition, New.RunId);
            return true;
        }
        catch (IdExtractorException error)
        {
            Assert.Contains(error.ExitCode, new[] { ExitCode.Transient, ExitCode.Configuration, ExitCode.VerificationFailed });
            return false;
        }
    }

    private static async Task<int> CountCallsAsync(IObjectStore store, bool hasOld)
    {
        if (hasOld)
            await PublishAsync(store, Old.Partition, Old.RunId);
        var counting = new FaultObjectStore(store, []);
        await PublishAsync(counting, New.Partition, New.RunId);
        return counting.Calls;
    }

    private static async Task CheckAsync(
        IObjectStore store,
        FaultKind kind,
        int call,
        bool hasOld,
        Func<Task<(string, string)?>> read,
        Action? assertClean = null)
    {
        if (hasOld)
            await PublishAsync(store, Old.Partition, Old.RunId);
        var faulty = new FaultObjectStore(store, [new Fault(call, kind) { Delay = TimeSpan.FromMinutes(5) }], new InstantTimeProvider());
        var done = await TryPublishAsync(faulty);
        Assert.Equal(1, faulty.Injected);
        Assert.True(kind != FaultKind.Delay || done);
        AssertOldOrNew(await read(), done, hasOld, $"{kind} at call {call}");
        assertClean?.Invoke();
        await AssertStageFilesReadableAsync(store, kind);

        await PublishAsync(store, Next.Partition, Next.RunId, 1);
        Assert.Equal(Next, await read());
        assertClean?.Invoke();
    }

    // A store that loses bytes without an error may hold a bad stage file, which is never promoted.
    private static Task AssertStageFilesReadableAsync(IObjectStore store, FaultKind kind) =>
        kind == FaultKind.SilentCut ? Task.CompletedTask : AssertStageFilesWholeAsync(store);

    private static async Task<(string, string)?> ReadMemoryAsync(MemoryObjectStore store)
    {
        var info = await store.HeadAsync(ActiveKey, default);
        if (info is null)
            return null;
        OutputReader.AssertAgrees(OutputReader.Unzip((await store.ReadAllAsync(ActiveKey, 100_000, default))!), info.Metadata);
        return (info.Metadata["source_partition"], info.Metadata["run_id"]);
    }

    private static SteppingFileSystem Failing(int number, string kind)
    {
        void Fail(FileStep step)
        {
            if (step.Number != number)
                return;
            throw kind switch
            {
                "full" => new IOException("full", OperatingSystem.IsWindows() ? unchecked((int)0x80070070) : 28),
                "denied" => new UnauthorizedAccessException(),
                _ => new IOException("failed", 5),
            };
        }

        Action<FileStep> before = kind is "half" or "renamed" ? _ => { } : Fail;
        return new SteppingFileSystem(DiskFileSystem.Instance, before)
        {
            Halfway = kind == "half" ? Fail : null,
            AfterReplace = kind == "renamed" ? Fail : null,
        };
    }

    private string NewRoot() => _folder.At($"{_roots++}");
}
