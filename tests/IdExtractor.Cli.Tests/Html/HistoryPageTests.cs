using System.Globalization;
using System.Text;
using System.Xml.Linq;
using IdExtractor.Cli.Tests.Hosting;
using IdExtractor.Core.History;
using IdExtractor.Core.Job;
using IdExtractor.Core.Promote;
using IdExtractor.Core.Storage;
using IdExtractor.Html.HistoryPage;
using IdExtractor.Phrases;

namespace IdExtractor.Cli.Tests.Html;

public sealed class HistoryPageTests : IDisposable
{
    private const int MostBytes = 150 * 1024;
    private static readonly DateTimeOffset s_now = new(2025, 10, 22, 12, 0, 0, TimeSpan.Zero);

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Page_OfAFewDays_IsTheGoldenText()
    {
        var page = PageOf(40);
        var made = Path.Combine(Path.GetTempPath(), "idextractor.history.html");
        File.WriteAllText(made, page);
        Assert.True(page == File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "history.html")), $"the page is in {made}");
    }

    [Fact]
    public void Page_OfTenThousandFiles_StaysSmall() => Assert.InRange(Encoding.UTF8.GetByteCount(PageOf(10_000)), 10_000, MostBytes);

    [Fact]
    public void Page_WithoutFiles_SaysThatNothingIsActive()
    {
        var page = new HistoryPageWriter(
            new StageListing { Output = "out", Entries = [] }, new PublishGuards(), s_now, Speech.English).Write("test");
        Assert.Contains("There is no active file", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Page_OfRunsThatRecordedTheirPhases_DrawsThem()
    {
        var page = PageOf(40, hasPhases: true);
        foreach (var phase in new[] { "catalog", "plan", "keys", "scan", "recheck", "collect", "stage" })
            Assert.Contains($"<title>{phase}</title>", page, StringComparison.Ordinal);
        Assert.Contains(">15</span>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"durations\"", PageOf(40), StringComparison.Ordinal);
        Assert.InRange(Encoding.UTF8.GetByteCount(PageOf(10_000, hasPhases: true)), 10_000, MostBytes);
    }

    [Fact]
    public void Calendar_InPortuguese_HasDaysAndStatesInPortuguese()
    {
        var page = PageOf(3, speech: Speech.Portuguese);

        Assert.Contains("<title>20/10/2025: mais antigo (1)</title>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<title>2025-", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Page_Names_AreEscapedAndMasked()
    {
        var page = PageOf(3, "<script>alert(1)</script>/12345678909");
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("12345678909", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Page_NeedsNothingFromANetwork()
    {
        var page = PageOf(40);
        Assert.DoesNotMatch("(src|href)=\"(?!data:)|url\\(|@import|<script", page);
    }

    [Fact]
    public void Page_Markup_IsBalanced()
    {
        // HTML's void elements are closed here, so that an XML parser finds any other element that
        // is not.
        var page = System.Text.RegularExpressions.Regex.Replace(
            PageOf(40).Replace("<!doctype html>", "", StringComparison.Ordinal), "<(meta|link)([^>]*)>", "<$1$2/>");
        Assert.Equal("html", XDocument.Parse(page).Root!.Name.LocalName);
    }

    [Theory]
    [InlineData(new double[] { 1, 2, 3, 4 }, null, null)]
    [InlineData(new double[] { 100, 110, 90, 105, 95 }, 85.0, 115.0)]
    [InlineData(new double[] { 10, 10, 10, 10, 10, 1000 }, 10.0, 10.0)]
    [InlineData(new double[] { 1, 2, 30, 40, 50 }, 0.0, 90.0)]
    public void BandOf_Values_IsMedianAndThreeDeviations(double[] values, double? low, double? high)
    {
        var band = PartitionSeries.BandOf(values);
        Assert.Equal(low, band?.Low);
        Assert.Equal(high, band?.High);
    }

    [Theory]
    [InlineData("20251022", true)]
    [InlineData("2025-10-22", true)]
    [InlineData("uf=SP/dia=20251022", true)]
    [InlineData("north", false)]
    public void DayOf_APartition_IsItsDay(string partition, bool isDay) =>
        Assert.Equal(isDay ? new DateTime(2025, 10, 22) : null, PartitionSeries.DayOf(partition));

    [Fact]
    public void History_WithHtml_WritesTheFileAndTheResult()
    {
        var output = _scratch.PathOf("out");
        Assert.Equal(
            0,
            CommandProcess.Run(
                "extract", "--table-a", Path.Combine(Repository.Samples, "a"), "--table-b", Path.Combine(Repository.Samples, "b"),
                "--output", output).ExitCode);
        var page = _scratch.PathOf("history.html");

        var outcome = CommandProcess.Run("history", "--output", output, "--html", page);

        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("active", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("216 IDs of partition 20251022", File.ReadAllText(page), StringComparison.Ordinal);
        Assert.Contains(">Durations</h2>", File.ReadAllText(page), StringComparison.Ordinal);
        Assert.Equal([page], Directory.GetFiles(_scratch.Root));
    }

    [Theory]
    [InlineData("active/latest.txt.gz", 2)]
    [InlineData("missing/folder/history.html", 3)]
    public void History_WithHtmlWhereItMustNotBe_IsRefused(string name, int exitCode)
    {
        var output = _scratch.PathOf("out");
        Assert.Equal(
            0,
            CommandProcess.Run(
                "extract", "--table-a", Path.Combine(Repository.Samples, "a"), "--table-b", Path.Combine(Repository.Samples, "b"),
                "--output", output).ExitCode);

        Assert.Equal(exitCode, CommandProcess.Run("history", "--output", output, "--html", Path.Combine(output, name)).ExitCode);
    }

    [Theory]
    [InlineData("-")]
    [InlineData("/dev/stdout")]
    public void History_WithHtmlOnStdout_PrintsThePageAlone(string place)
    {
        var command = CommandProcess.RealCommand("history", "--output", ".", "--html", place);
        var outcome = CommandProcess.RunShell($"cd '{_scratch.Root}'; {command}");

        Assert.Equal(0, outcome.ExitCode);
        Assert.StartsWith("<!doctype html>", outcome.Output, StringComparison.Ordinal);
        Assert.EndsWith("</html>", outcome.Output.TrimEnd(), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_scratch.Root));
    }

    [Fact]
    public void History_WithHtmlOnADevice_WritesToIt()
    {
        var outcome = CommandProcess.Run("history", "--output", _scratch.Root, "--html", "/dev/null");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("Active: no file", outcome.Output, StringComparison.Ordinal);
    }

    /// <summary>Days that end today; the last one was stopped by a guard.</summary>
    internal static string PageOf(int days, string output = "s3://my-ids/daily", Speech? speech = null, bool hasPhases = false)
    {
        var entries = new List<StageEntry>();
        for (var day = 0; day < days; day++)
        {
            var created = s_now.AddHours(-6).AddDays(-day);
            var partition = created.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
            var metadata = new PublishMetadata
            {
                TotalIds = day == 0 ? 54_800 : 98_000 + (day * 37 % 900),
                Md5Checksum = new string('0', 32),
                CreatedAt = created,
                SourcePartition = partition,
                RunId = "bcdfghjkmnpq",
                ToolVersion = "test",
                PhaseSeconds = hasPhases
                    ? $"catalog=0.41 plan=0.88 keys=0.62 scan={8 + (day % 5)}.5 recheck=0.2 collect=0.05 stage=0.38"
                    : null,
            };
            var key = $"stage/stage_{PublishMetadata.FormatTime(created)}.txt.gz";
            entries.Add(new StageEntry
            {
                Object = new ObjectInfo(key, 650_000 + day, new ObjectStamp("v"), created) { Metadata = metadata.ToMap() },
                Name = $"{output}/{key}",
                Metadata = metadata,
                Created = created,
                State = day == 0 ? StageState.NotPromoted : day == 1 ? StageState.Active : StageState.Older,
                Reason = day == 0 ? "The number of IDs falls by more than --max-drop-percent" : null,
                ChangePercent = day == 0 ? -44.1 : 0.2,
                PromoteCommand = day == 1
                    ? null
                    : PromoteCommandLine.Of(output, key, new OutputSettings(), new PublishGuards { AllowOlder = day != 0 }, []),
            });
        }

        var listing = new StageListing
        {
            Output = output,
            Active = new ActiveFile(
                entries[1].Object with { Key = "active/latest.txt.gz" }, output + "/active/latest.txt.gz", entries[1].Metadata),
            Entries = entries,
            Previous = entries.ElementAtOrDefault(2),
        };
        return new HistoryPageWriter(listing, new PublishGuards { MaxDropPercent = 30 }, s_now, speech ?? Speech.English).Write("0.0.0");
    }
}
