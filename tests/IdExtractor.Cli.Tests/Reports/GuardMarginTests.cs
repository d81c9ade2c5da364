using IdExtractor.Core.Job;
using IdExtractor.Core.Report;

namespace IdExtractor.Cli.Tests.Reports;

public sealed class GuardMarginTests
{
    [Fact]
    public void Guards_OfARunThatPublished_HavePassedOrAreOff()
    {
        var guards = StatesOf(SampleReports.Published());

        Assert.Equal(
            [
                ("max-partition-age", GuardState.Passed), ("max-rejected-percent", GuardState.Passed), ("allow-empty", GuardState.Passed),
                ("min-ids", GuardState.Passed),
                ("max-ids", GuardState.Off), ("max-drop-percent", GuardState.Passed), ("allow-older", GuardState.Passed),
            ],
            guards);
    }

    [Fact]
    public void Guards_OfARunThatOneStopped_NameIt()
    {
        var guards = StatesOf(SampleReports.Stopped());

        Assert.Equal([("max-drop-percent", GuardState.Stopped)], guards.Where(guard => guard.State == GuardState.Stopped));
        Assert.Contains(("allow-older", GuardState.NotReached), guards);
    }

    [Fact]
    public void Guards_OfARunThatAnOlderPartitionStopped_NameThatOne()
    {
        var report = SampleReports.Stopped();
        var limits = new GuardLimits(new PublishGuards { MaxDropPercent = 90 });

        Assert.Equal(
            [("allow-older", GuardState.Stopped)],
            StatesOf(report with { Facts = report.Facts with { Limits = limits } }).Where(guard => guard.State == GuardState.Stopped));
    }

    [Fact]
    public void Guards_OfARunThatFailedBefore_WereNotReached()
    {
        var guards = StatesOf(SampleReports.Failed());

        Assert.Contains(("min-ids", GuardState.NotReached), guards);
        Assert.Contains(("max-drop-percent", GuardState.NotReached), guards);
        Assert.DoesNotContain(guards, guard => guard.State == GuardState.Stopped);
    }

    [Fact]
    public void Guards_OfTheFirstFile_HadNothingToCompareWith()
    {
        var report = SampleReports.Published();
        var counts = report.Facts.Counts.Where(count => count.Key != RunCount.PreviousIds).ToDictionary();

        var guards = StatesOf(report with { Facts = report.Facts with { Previous = null, Counts = counts } });

        Assert.Contains(("max-drop-percent", GuardState.NotCompared), guards);
        Assert.Contains(("allow-older", GuardState.NotCompared), guards);
    }

    [Fact]
    public void Matches_OfManyFiles_ListTheLargestAndSumTheRest()
    {
        var report = SampleReports.Published();

        var matches = FileMatches.Of(report, 10);

        Assert.Equal((10, 30), (matches.Files.Count, matches.OtherFiles));
        Assert.Equal(report.Progress.RowsMatched, matches.Files.Sum(file => file.Matched) + matches.OtherMatched);
        Assert.True(matches.Files.Zip(matches.Files.Skip(1)).All(pair => pair.First.Matched >= pair.Second.Matched));
    }

    private static (string Name, GuardState State)[] StatesOf(RunReport report) =>
        [.. GuardMargin.Of(report).Select(guard => (guard.Name, guard.State))];
}
