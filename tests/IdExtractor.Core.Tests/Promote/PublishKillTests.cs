using IdExtractor.Core.Storage.Local;
using IdExtractor.Foundation.Errors;
using IdExtractor.Testing.Stores;
using Xunit;
using Xunit.Abstractions;
using static IdExtractor.Core.Tests.Promote.PublishScene;

namespace IdExtractor.Core.Tests.Promote;

/// <summary>
/// Processes that are killed, as by kill -9, at every file operation, and processes that publish at
/// the same time.
/// </summary>
public sealed class PublishKillTests(ITestOutputHelper output)
{
    private const int Rounds = 50;

    private static readonly (string Partition, string RunId) Old = ("20251021", "old");
    private static readonly (string Partition, string RunId) New = ("20251022", "new");
    private static readonly (string Partition, string RunId) Next = ("20251023", "next");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Publish_KilledAtEveryChange_LeavesOldOrNewWhole(bool hasOld)
    {
        // Calls that only look leave the disk as it is, so dying at one is the same as dying at the
        // next change.
        var steps = (await PublishFaultTests.StepsAsync(hasOld)).Where(step => step.IsChange).ToList();
        Assert.InRange(steps.Count, 25, 150);
        var switching = Assert.Single(
            steps, step => step.Name == "replace" && step.Path.EndsWith("latest.txt.gz", StringComparison.Ordinal)).Number;
        foreach (var step in steps)
        {
            (string, string)? expected = step.Number > switching ? New : hasOld ? Old : null;
            await CheckAsync(step.Number, DeathMoment.Before, hasOld, expected, $"killed before {step}");
            if (step.Name == "write")
                await CheckAsync(step.Number, DeathMoment.Halfway, hasOld, expected, $"killed amid {step}");
        }

        output.WriteLine($"{steps.Count} changes");
    }

    [Fact]
    public async Task Publish_TwoProcessesAtOnce_NewestWinsAndReadersAlwaysSeeOneVersion()
    {
        using var folder = new TempFolder();
        using var stop = new CancellationTokenSource();
        var reading = Task.Run(() => ReadAlways(folder.Path, stop.Token));
        try
        {
            for (var round = 1; round <= Rounds; round++)
            {
                var older = ($"{round * 2}", $"r{round}a");
                var newer = ($"{round * 2 + 1}", $"r{round}b");
                await PublishTogetherAsync(folder.Path, older, newer, round);
                Assert.Equal(newer, OutputReader.ReadWhole(folder.Path, newer));
                PublishFaultTests.AssertNoRemains(folder.Path);
            }
        }
        finally
        {
            await stop.CancelAsync();
        }

        var (reads, versions) = await reading;
        output.WriteLine($"{reads} reads, {versions} versions seen");
        Assert.True(versions > Rounds / 2);
        await PublishFaultTests.AssertStageFilesWholeAsync(new LocalObjectStore(folder.Path));
    }

    private static async Task PublishTogetherAsync(
        string root, (string Partition, string RunId) older, (string Partition, string RunId) newer, int round)
    {
        using var first = PublishVictim.Start(root, older.Partition, older.RunId);
        using var second = PublishVictim.Start(root, newer.Partition, newer.RunId);

        // Each goes first in half of the rounds.
        foreach (var process in round % 2 == 0 ? new[] { first, second } : [second, first])
            await process.StandardInput.WriteLineAsync();
        var ends = await Task.WhenAll(PublishVictim.EndAsync(first), PublishVictim.EndAsync(second));
        Assert.Contains(ends[0].ExitCode, new[] { (int)ExitCode.Done, (int)ExitCode.Guard });
        Assert.Equal((int)ExitCode.Done, ends[1].ExitCode);
    }

    private static (long Reads, int Versions) ReadAlways(string root, CancellationToken stop)
    {
        long reads = 0;
        long latest = 0;
        var seen = new HashSet<string>();
        for (; !stop.IsCancellationRequested; reads++)
        {
            // Yields the processors to the writers now and then.
            Thread.Sleep(reads % 10 == 0 ? 1 : 0);
            if (OutputReader.Read(Path.Combine(root, "active", "latest.txt.gz")) is not { } file)
                continue;
            OutputReader.AssertAgrees(file.Text, file.Metadata);
            var partition = long.Parse(file.Metadata["source_partition"], System.Globalization.CultureInfo.InvariantCulture);
            Assert.True(partition >= latest, "an older partition came back");
            latest = partition;
            seen.Add(file.Metadata["run_id"]);
        }

        return (reads, seen.Count);
    }

    private static async Task CheckAsync(int step, DeathMoment moment, bool hasOld, (string, string)? expected, string where)
    {
        using var folder = new TempFolder();
        var root = folder.Path;
        var store = new LocalObjectStore(root, rootMayBeMissing: true);
        if (hasOld)
            await PublishAsync(store, Old.Partition, Old.RunId);

        using (var victim = PublishVictim.Start(root, New.Partition, New.RunId, step, moment))
        {
            await victim.StandardInput.WriteLineAsync();
            Assert.True((await PublishVictim.EndAsync(victim)).WasKilled, where);
        }

        Assert.True(OutputReader.ReadWhole(root, Old, New) == expected, where);
        await PublishFaultTests.AssertStageFilesWholeAsync(store);

        await PublishAsync(store, Next.Partition, Next.RunId, 1);
        Assert.Equal(Next, OutputReader.ReadWhole(root, Next));
        PublishFaultTests.AssertNoRemains(root);
    }
}
