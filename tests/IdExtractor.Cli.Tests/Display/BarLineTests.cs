using IdExtractor.Core.Job;
using IdExtractor.Display;
using IdExtractor.Phrases;

namespace IdExtractor.Cli.Tests.Display;

public sealed class BarLineTests
{
    private static readonly ProgressSample s_half = new(
        RunPhase.Scan, 150_000_000, 300_000_000, 512L << 20, 20_000_000, TimeSpan.FromSeconds(7.5));

    [Theory]
    [InlineData(39, "scan     #####-----  50%  512 MiB")]
    [InlineData(71, "scan     #####-----  50%  150 M of 300 M rows, 512 MiB, 20.0 M rows/s")]
    [InlineData(72, "scan     ############------------  50%  150 M of 300 M rows, 512 MiB")]
    [InlineData(199, "scan     ############------------  50%  150 M of 300 M rows, 512 MiB, 20.0 M rows/s, 7.50 s left")]
    public void Of_AWidth_HasWhatThereIsRoomFor(int width, string line) =>
        Assert.Equal(line, new BarLine(false, false, Speech.English).Of(s_half, width));

    [Theory]
    [InlineData(39, "leitura     #####-----  50%  512 MiB")]
    [InlineData(199, "leitura     ############------------  50%  150 M de 300 M linhas, 512 MiB, 20,0 M linhas/s, faltam 7,50 s")]
    public void Of_AWidthInPortuguese_HasWhatThereIsRoomFor(int width, string line) =>
        Assert.Equal(line, new BarLine(false, false, Speech.Portuguese).Of(s_half, width));

    [Fact]
    public void Of_EveryPhaseInPortuguese_KeepsPhaseBarAndShareInFortyColumns()
    {
        foreach (var phase in Enum.GetValues<RunPhase>())
        {
            var line = new BarLine(false, false, Speech.Portuguese).Of(s_half with { Phase = phase }, 39);
            Assert.StartsWith(Speech.Portuguese.Of(phase.ToName()) + " ", line, StringComparison.Ordinal);
            Assert.NotEqual(phase.ToName(), Speech.Portuguese.Of(phase.ToName()));
            Assert.Matches("#####-----  50%", line);
            Assert.InRange(line.Length, 24, 39);
        }
    }

    [Fact]
    public void Of_EveryWidth_FitsAndKeepsShare()
    {
        foreach (var width in Enumerable.Range(1, 250))
        {
            var line = new BarLine(false, true, Speech.English).Of(s_half, width);
            Assert.True(line.Length <= width, line);
            Assert.True(width < 3 || line.Contains("50%", StringComparison.Ordinal), line);
            Assert.True(width < 24 || line.StartsWith("scan ", StringComparison.Ordinal), line);
        }
    }

    [Theory]
    [InlineData(0, "0%")]
    [InlineData(149_999_999, "49%")]
    [InlineData(299_999_999, "99%")]
    [InlineData(300_000_000, "99%")]
    [InlineData(300_000_001, "99%")]
    public void Share_UntilTheRunIsOver_IsNeverAHundred(long rows, string share)
    {
        var sample = s_half with { Rows = rows };
        Assert.Equal(share, sample.Share);
        Assert.DoesNotContain("100", PlainDisplay.ToLine(sample, Speech.English).Split(':')[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Of_AnUnknownTotal_MovesAndShowsNoShare()
    {
        var line = new BarLine(false, false, Speech.English);
        var sample = s_half with { Phase = RunPhase.Catalog, RowsTotal = 0, Rows = 0 };
        var shown = Enumerable.Range(0, 100).Select(_ => line.Of(sample, 79)).ToList();
        Assert.True(shown.Distinct().Count() > 10);
        Assert.All(shown, one => Assert.StartsWith("catalog ", one, StringComparison.Ordinal));
        Assert.All(shown, one => Assert.DoesNotContain('%', one));
    }

    [Fact]
    public void Of_Colour_TakesNoRoom()
    {
        var colored = new BarLine(true, true, Speech.English).Of(s_half, 79);
        Assert.Contains("\e[32m", colored, StringComparison.Ordinal);
        Assert.Equal(
            new BarLine(false, true, Speech.English).Of(s_half, 79),
            colored.Replace("\e[32m", "", StringComparison.Ordinal).Replace("\e[0m", "", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("C.UTF-8", null, "C", true)]
    [InlineData(null, null, "pt_BR.utf8", true)]
    [InlineData("C", null, "pt_BR.UTF-8", false)]
    [InlineData(null, null, null, false)]
    public void IsUnicode_ByTheLocale(string? all, string? type, string? lang, bool isUnicode) =>
        Assert.Equal(isUnicode, BarLine.IsUnicode(name => name switch { "LC_ALL" => all, "LC_CTYPE" => type, _ => lang }));
}
