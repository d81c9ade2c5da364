using IdExtractor.Core.Job;
using Xunit;

namespace IdExtractor.Core.Tests.Job;

public sealed class PhaseSecondsTests
{
    [Fact]
    public void Format_Phases_AreReadBackInTheirOrder()
    {
        (RunPhase, TimeSpan)[] phases = [
            (RunPhase.Catalog, TimeSpan.FromMilliseconds(412)), (RunPhase.Scan, TimeSpan.FromSeconds(8.7)), (RunPhase.Stage, TimeSpan.Zero)
        ];

        var text = PhaseSeconds.Format(phases);

        Assert.Equal("catalog=0.412 scan=8.7 stage=0", text);
        Assert.Equal(phases, PhaseSeconds.Parse(text));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("scan")]
    [InlineData("scan=")]
    [InlineData("scan=-1")]
    [InlineData("scan=NaN")]
    [InlineData("scan=1e300")]
    [InlineData("scan=9999999999999999999999999999")]
    [InlineData("match=1")]
    [InlineData("scan=1=2")]
    public void Parse_WhatIsNone_IsSkipped(string? text) => Assert.Empty(PhaseSeconds.Parse(text));

    [Fact]
    public void Parse_PhasesOfAnotherVersion_AreLeftOut() =>
        Assert.Equal([(RunPhase.Keys, TimeSpan.FromSeconds(2))], PhaseSeconds.Parse("warp=1 keys=2  read=3"));
}
