using System.Text;
using System.Text.RegularExpressions;
using IdExtractor.Cli.Options;
using IdExtractor.Core.Job;
using IdExtractor.Core.Report;
using IdExtractor.Html;
using IdExtractor.Html.RunPage;

namespace IdExtractor.Cli.Tests.Reports;

/// <summary>The page of --report-html, as text.</summary>
public sealed partial class RunPageTests
{
    private const string Cpf = "52998224725";
    private const string Hostile = "<script>alert('1')</script>\"&\u202Egnp.exe\e[2J";

    [Theory]
    [InlineData("published", "en")]
    [InlineData("stopped", "pt-BR")]
    [InlineData("failed", "en")]
    public void Page_OfAFixedRun_IsTheGoldenPage(string name, string language)
    {
        var page = PageOf(ReportOf(name), language == "en" ? PageLanguage.English : PageLanguage.Portuguese);

        var golden = Path.Combine(AppContext.BaseDirectory, "Golden", $"report.{name}.{language}.html");
        if (!File.Exists(golden) || File.ReadAllText(golden) != page)
        {
            // Kept so that the difference can be looked at. A person decides whether it becomes the
            // golden page.
            File.WriteAllText(golden + ".actual", page);
            Assert.Fail($"the page differs from {golden}; see {golden}.actual");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Page_OfHostileNames_HoldsThemAsText(bool isPortuguese)
    {
        var page = PageOf(Spoilt(Hostile, files: 3, warnings: 3), isPortuguese ? PageLanguage.Portuguese : PageLanguage.English);

        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain('\e', page);
        Assert.DoesNotContain('\u202E', page);
        Assert.Contains("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&quot;&amp;", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Page_OfNamesThatAreDocuments_MasksThem() =>
        Assert.DoesNotContain(Cpf, PageOf(Spoilt($"{Cpf}.csv", files: 3, warnings: 3), PageLanguage.English), StringComparison.Ordinal);

    [Fact]
    public void Page_OfTheLongestNamesAndManyFiles_StaysBelowItsLimit()
    {
        var report = Spoilt(new string('"', 4_000), files: 20_000, warnings: 1_000);

        Assert.True(RunPageWriter.Write(report, PageLanguage.Portuguese).Length < RunPageWriter.MostBytes);
    }

    [Fact]
    public void Page_OfAnything_AsksTheNetworkForNothing()
    {
        var page = PageOf(SampleReports.Published(), PageLanguage.English);

        Assert.DoesNotMatch(Address(), page);
        Assert.DoesNotContain("@import", page, StringComparison.Ordinal);
        Assert.Contains("default-src &#39;none&#39;", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Page_AfterAGuard_ShowsTheCommandThatPublishes() => Assert.Contains(
        "idextractor promote --stage stage/stage_20251022_063012.txt.gz --output s3://my-ids/daily/",
        PageOf(SampleReports.Stopped(), PageLanguage.English), StringComparison.Ordinal);

    [Fact]
    public void Page_OfEveryGuardOff_ShowsThemAsOff()
    {
        var report = SampleReports.Published();
        var limits = new GuardLimits(new PublishGuards { AllowEmpty = true, AllowOlder = true }) { MaxRejectedPercent = 100 };

        var page = PageOf(report with { Facts = report.Facts with { Limits = limits } }, PageLanguage.English);

        Assert.Equal(6, page.Split(">off</span>").Length - 1);
    }

    [Fact]
    public void Page_InPortuguese_HasDefaultsInPortuguese()
    {
        var report = SampleReports.Published();
        var settings = OptionTable.Of(CommandSet.Extract).Select(option => new ReportSetting(option.Name, option.Default, "default"));
        var given = new ReportSetting("id-column", "off", "command line");

        var page = PageOf(report with { Settings = [.. settings, given] }, PageLanguage.Portuguese);

        Assert.Contains(">todos os núcleos<", page, StringComparison.Ordinal);
        Assert.Contains(">desligado<", page, StringComparison.Ordinal);
        Assert.DoesNotContain(">all cores<", page, StringComparison.Ordinal);
        Assert.Single(Regex.Matches(page, ">off<"));
    }

    [Fact]
    public void Words_OfBothLanguages_AreAllThere()
    {
        foreach (var property in typeof(Words).GetProperties().Where(property => property.PropertyType == typeof(string)))
        {
            foreach (var language in Enum.GetValues<PageLanguage>())
                Assert.False(string.IsNullOrWhiteSpace((string?)property.GetValue(Words.Of(language))),
                    $"{property.Name} is missing in {language}");
            var gaps = Enum.GetValues<PageLanguage>()
                .Select(language => Gap().Count((string)property.GetValue(Words.Of(language))!)).Distinct();
            Assert.Single(gaps);
        }

        foreach (var words in Enum.GetValues<PageLanguage>().Select(Words.Of))
            Assert.Equal((10, 5, 5, 4), (words.PhaseNotes.Count, words.GuardStates.Count, words.RejectReasons.Count, words.Origins.Count));
    }

    internal static RunReport ReportOf(string name) =>
        name switch { "published" => SampleReports.Published(), "stopped" => SampleReports.Stopped(), _ => SampleReports.Failed() };

    internal static string PageOf(RunReport report, PageLanguage language) =>
        Encoding.UTF8.GetString(RunPageWriter.Write(report, language));

    /// <summary>A report in which everything that others choose is this text.</summary>
    private static RunReport Spoilt(string text, int files, int warnings)
    {
        var report = SampleReports.Failed();
        return report with
        {
            Settings = [.. Enumerable.Range(0, 60).Select(i => new ReportSetting("table-b", text, "command line"))],
            Error = report.Error! with
            {
                Message = text,
                Advice = text,
                Place = new() { Object = text, Column = text, Expected = text, Actual = text }
            },
            Facts = report.Facts with
            {
                Warnings = [.. Enumerable.Repeat(text, warnings)],
                WarningCount = warnings,
                PromoteCommand = text,
                Previous = new PreviousFile(text, 1, DateTimeOffset.UnixEpoch),
                Inputs = [new InputSummary { Role = TableRole.B, Table = text, SourcePartition = text,
                    Files = [.. Enumerable.Range(0, files).Select(i => new InputFile(text + i, 1, 1, 1))] }],
            },
        };
    }

    [GeneratedRegex(@"(src|href)=""(?!data:,)|url\(|https?://")]
    private static partial Regex Address();

    [GeneratedRegex(@"\{\d\}")]
    private static partial Regex Gap();
}
