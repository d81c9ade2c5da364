using IdExtractor.Core.Job;
using IdExtractor.Display;
using IdExtractor.Phrases;
using Microsoft.Extensions.Time.Testing;

namespace IdExtractor.Cli.Tests.Display;

public sealed class ProgressTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly RunProgress _progress = new();
    private readonly List<string> _lines = [];

    [Fact]
    public void Plain_OfAShortRun_ShowsNothing()
    {
        using (Show())
            _clock.Advance(TimeSpan.FromSeconds(1.9));

        Assert.Empty(_lines);
    }

    [Fact]
    public void Plain_OfALongRun_ShowsALineAfterTwoSecondsAndThenEveryFive()
    {
        _progress.SetTotals(300_000_000, 0);
        using (Show())
        {
            _progress.AddScanned(30_000_000, 0);
            _progress.AddBytesRead(512L << 20);
            _clock.Advance(TimeSpan.FromSeconds(3));
            _progress.AddScanned(100_000_000, 0);
            _clock.Advance(TimeSpan.FromSeconds(5));
        }

        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(
            ["scan 10.0%: 30.0 M of 300 M rows, 512 MiB", "scan 43.3%: 130 M of 300 M rows, 512 MiB, 20.0 M rows/s, 8.50 s left"],
            _lines);
    }

    [Fact]
    public void Plain_BeforeTheTotalsAreKnown_ShowsPhaseAndBytes()
    {
        _progress.AddBytesRead(2048);
        using (Show())
            _clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(["scan: 2.00 KiB"], _lines);
    }

    [Fact]
    public void Meter_Rate_IsThatOfTheLastSeconds()
    {
        var meter = new ProgressMeter(_clock, _progress);
        _progress.SetTotals(1_000_000, 0);
        meter.Sample();
        for (var second = 0; second < 60; second++)
        {
            _progress.AddScanned(second < 30 ? 1000 : 5000, 0);
            _clock.Advance(TimeSpan.FromSeconds(1));
            meter.Sample();
        }

        var sample = meter.Sample();
        Assert.Equal(5000, sample.RowsPerSecond);
        Assert.Equal(TimeSpan.FromSeconds((1_000_000 - 180_000) / 5000.0), sample.Left);
    }

    [Fact]
    public void Meter_WithoutMovement_KnowsNoTimeLeft()
    {
        var meter = new ProgressMeter(_clock, _progress);
        _progress.SetTotals(100, 0);
        meter.Sample();
        _clock.Advance(TimeSpan.FromSeconds(1));

        var sample = meter.Sample();

        Assert.Equal((0.0, null), (sample.RowsPerSecond, sample.Left));
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(999, "999")]
    [InlineData(1000, "1.00 k")]
    [InlineData(12_345_678, "12.3 M")]
    [InlineData(300_000_000, "300 M")]
    [InlineData(long.MaxValue, "9.22 E")]
    public void Units_Short_KeepsThreeDigits(long count, string text) => Assert.Equal(text, Units.Short(count));

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1536, "1.50 KiB")]
    [InlineData(107374182400, "100 GiB")]
    public void Units_Bytes_KeepsThreeDigits(long bytes, string text) => Assert.Equal(text, Units.Bytes(bytes));

    [Theory]
    [InlineData(0.351, "0.35 s")]
    [InlineData(12, "12 s")]
    [InlineData(65, "1 min 05 s")]
    [InlineData(3900, "1 h 05 min")]
    [InlineData(180000, "2 d 02 h")]
    public void Units_Time_KeepsTwoUnits(double seconds, string text) => Assert.Equal(text, Units.Time(TimeSpan.FromSeconds(seconds)));

    private PlainDisplay Show()
    {
        var meter = new ProgressMeter(_clock, _progress);
        meter.PhaseStarted(RunPhase.Scan);
        return new PlainDisplay(_clock, meter, sample => _lines.Add(PlainDisplay.ToLine(sample, Speech.English)));
    }
}
