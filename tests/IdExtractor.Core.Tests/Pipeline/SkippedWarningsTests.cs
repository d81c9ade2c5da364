using IdExtractor.Core.Job;
using IdExtractor.Core.Pipeline;
using IdExtractor.Core.Storage;
using Xunit;

namespace IdExtractor.Core.Tests.Pipeline;

public sealed class SkippedWarningsTests
{
    [Fact]
    public void Of_SeveralReasons_IsOneSentenceForEach()
    {
        SkippedItem[] skipped =
        [
            new("/data/b/d=x/", "no date", IsWarning: true),
            new("/data/b/d=1/_SUCCESS", "hidden"),
            new("/data/b/d=1/part-1", "0 bytes", IsWarning: true),
            new("/data/b/d=y/", "no date", IsWarning: true),
        ];

        Assert.Equal(
            ["Skipped 2 in /data/b: d=x/, d=y/: no date", "Skipped 1 in /data/b: d=1/part-1: 0 bytes"],
            SkippedWarnings.Of("/data/b", skipped));
    }

    [Fact]
    public void Of_ManyItems_NamesTheFirstAndCountsTheRest()
    {
        var skipped = Enumerable.Range(1, 12).Select(i => new SkippedItem($"s3://bucket/t/p{i}", "0 bytes", IsWarning: true));

        Assert.Equal(
            ["Skipped 12 in glue://db/t: s3://bucket/t/p1, s3://bucket/t/p2, s3://bucket/t/p3, s3://bucket/t/p4, s3://bucket/t/p5 and 7 more: 0 bytes"],
            SkippedWarnings.Of("glue://db/t", skipped));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("a/", true)]
    [InlineData("a/d=1_$folder$", true)]
    [InlineData("a/part-0", false)]
    public void IsFolderMarker_Key_IsToldByItsEnd(string key, bool expected) => Assert.Equal(expected, DataFileName.IsFolderMarker(key));
}
