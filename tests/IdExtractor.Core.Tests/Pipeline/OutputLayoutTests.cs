using IdExtractor.Core.Job;
using IdExtractor.Foundation.Errors;
using Xunit;

namespace IdExtractor.Core.Tests.Pipeline;

public sealed class OutputLayoutTests
{
    private static readonly DateTimeOffset Noon = new(2025, 10, 22, 9, 5, 7, TimeSpan.FromHours(-3));

    [Fact]
    public void StageKey_Default_NamesTheTimeInUtc()
    {
        var layout = new OutputLayout(new OutputSettings());
        Assert.Equal("stage/stage_20251022_120507.txt.gz", layout.StageKey(Noon));
        Assert.Equal("stage/stage_20251022_120507_r1.txt.gz", layout.StageKey(Noon, "r1"));
        Assert.Equal("active/latest.txt.gz", layout.ActiveKey);
        Assert.Equal(["stage/", "active/"], layout.Folders);
    }

    [Theory]
    [InlineData("audit/YYYYMMDD_HHMMSS/ids.txt.gz", "audit/20251022_120507/ids.txt.gz", "audit/20251022_120507/ids_r1.txt.gz")]
    [InlineData("fixed", "fixed", "fixed_r1")]
    [InlineData("v1.2/ids", "v1.2/ids", "v1.2/ids_r1")]
    [InlineData("x/.hidden.gz", "x/.hidden.gz", "x/.hidden_r1.gz")]
    public void StageKey_OwnPattern_IsFollowed(string pattern, string usual, string taken)
    {
        var layout = new OutputLayout(new OutputSettings { StageKey = pattern });
        Assert.Equal(usual, layout.StageKey(Noon));
        Assert.Equal(taken, layout.StageKey(Noon, "r1"));
    }

    [Theory]
    [InlineData("stage/stage_YYYYMMDD_HHMMSS.txt.gz")]
    [InlineData("audit/YYYYMMDD_HHMMSS/ids.txt.gz")]
    [InlineData("x/ids.YYYYMMDD_HHMMSS.gz")]
    [InlineData("YYYYMMDD_HHMMSS_YYYYMMDD_HHMMSS")]
    [InlineData("x/.hidden.gz")]
    [InlineData("fixed")]
    public void IsOurs_KeysThatRunsWrite_AreIt(string pattern)
    {
        var layout = new OutputLayout(new OutputSettings { StageKey = pattern });
        Assert.True(layout.IsOurs(layout.ActiveKey));
        Assert.True(layout.IsOurs(layout.StageKey(Noon)));
        Assert.True(layout.IsOurs(layout.StageKey(Noon, "run-1_x")));
    }

    [Theory]
    [InlineData("stage/stage_YYYYMMDD_HHMMSS.txt.gz")]
    [InlineData("stage/stage_20251022_12050.txt.gz")]
    [InlineData("stage/stage_20251022_1205070.txt.gz")]
    [InlineData("stage/stage_20251022-120507.txt.gz")]
    [InlineData("stage/stage_20251022_120507_.txt.gz")]
    [InlineData("stage/stage_20251022_120507_a b.txt.gz")]
    [InlineData("stage/stage_20251022_120507_a/b.txt.gz")]
    [InlineData("stage/stage_20251022_120507.txt.gz.bak")]
    [InlineData("stage/stage_20251022_120507.txt")]
    [InlineData("stage/Stage_20251022_120507.txt.gz")]
    [InlineData("other/stage_20251022_120507.txt.gz")]
    [InlineData("active/latest.txt.gz2")]
    [InlineData("")]
    public void IsOurs_OtherKeys_AreNot(string key) => Assert.False(new OutputLayout(new OutputSettings()).IsOurs(key));

    [Fact]
    public void Folders_BothInOne_AreNamedOnce() =>
        Assert.Equal([""], new OutputLayout(new OutputSettings { StageKey = "stage.gz", ActiveKey = "active.gz" }).Folders);

    [Theory]
    [InlineData("../x", "--stage-key")]
    [InlineData("/x", "--stage-key")]
    [InlineData("x/", "--stage-key")]
    [InlineData("", "--stage-key")]
    public void Constructor_StageKeyThatCannotBeUsed_IsWrongUsage(string key, string option) =>
        Assert.Contains(
            option, Assert.Throws<UsageException>(() => new OutputLayout(new OutputSettings { StageKey = key })).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Constructor_ActiveKeyThatCannotBeUsed_IsWrongUsage() =>
        Assert.Contains(
            "--active-key", Assert.Throws<UsageException>(() => new OutputLayout(new OutputSettings { ActiveKey = "a//b" })).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Constructor_BothTheSame_IsWrongUsage() =>
        Assert.Throws<UsageException>(() => new OutputLayout(new OutputSettings { StageKey = "Active/latest.txt.gz" }));

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("a b")]
    [InlineData("é")]
    public void StageKey_BadRunId_IsRefused(string runId) =>
        Assert.ThrowsAny<ArgumentException>(() => new OutputLayout(new OutputSettings()).StageKey(Noon, runId));
}
