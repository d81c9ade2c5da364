using System.Net;
using System.Text.RegularExpressions;
using IdExtractor.Cli.Tests.Hosting;
using IdExtractor.Core.Report;
using IdExtractor.Html;

namespace IdExtractor.Cli.Tests.Reports;

/// <summary>The banner of the page of --report-html: how the run ended, and what to run
/// next.</summary>
public sealed partial class NextCommandTests : IDisposable
{
    private readonly Scratch _scratch = new();

    private string Out => _scratch.PathOf("my out");

    private string PagePath => _scratch.PathOf("run.html");

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Published_ToAKeyFromTheEnvironment_CommandChecksThatFileFromAnyFolder()
    {
        var key = new Dictionary<string, string> { ["IDEXTRACTOR_ACTIVE_KEY"] = "active/today's.gz" };
        var folder = CommandProcess.RealCommand([.. Extract(), "--output", "my out", "--report-html", PagePath]);
        Assert.Equal(0, CommandProcess.RunShell($"cd '{_scratch.Root}' && {folder}", key).ExitCode);

        var (heading, command) = Banner();

        Assert.Equal("216 IDs published", heading);
        var verified = CommandProcess.RunShell($"cd / && {CommandProcess.RealCommand()} {command!["idextractor ".Length..]}");
        Assert.Equal((0, ""), (verified.ExitCode, verified.ErrorWithoutProgress));
        Assert.Contains("today's.gz", verified.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Published_ToAnotherEndpoint_CommandHasTheOptionsThatFindTheFile()
    {
        var report = SampleReports.Published();
        ReportSetting region = new("region", "sa-east-1", "environment") { Words = ["--region", "sa-east-1"], FindsActiveFile = true };

        var page = RunPageTests.PageOf(report with { Settings = [.. report.Settings, region] }, PageLanguage.English);

        Assert.Contains("idextractor verify --output s3://my-ids/daily/ --region sa-east-1<", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("extract --dry-run")]
    [InlineData("plan")]
    public void Planned_Command_PublishesWhatWasPlanned(string words)
    {
        string[] typed = [.. words.Split(' '), .. Extract()[1..], "--output", Out, "--report-html", PagePath];
        Assert.Equal(0, CommandProcess.Run(typed).ExitCode);

        var (heading, command) = Banner();

        Assert.Equal("Planned: nothing was read or written yet", heading);
        Assert.Equal(0, CommandProcess.RunShell($"{CommandProcess.RealCommand()} {command!["idextractor ".Length..]}").ExitCode);
        Assert.True(File.Exists(Path.Combine(Out, "active", "latest.txt.gz")));
    }

    [Fact]
    public void Failed_WithAValueThatLooksLikeAFlag_CommandKeepsIt()
    {
        Assert.Equal(7, CommandProcess.Run([.. Extract(), "--output", Out, "--id-column", "true", "--report-html", PagePath]).ExitCode);

        Assert.Contains("--id-column true ", Banner().Command, StringComparison.Ordinal);
    }

    [Fact]
    public void History_ThatListed_DidNotFail()
    {
        Assert.Equal(0, CommandProcess.Run([.. Extract(), "--output", Out]).ExitCode);

        Assert.Equal(0, CommandProcess.Run("history", "--output", Out, "--report-html", PagePath).ExitCode);

        Assert.Equal(("Stage files were listed", null), Banner());
        Assert.DoesNotContain("not reached", File.ReadAllText(PagePath), StringComparison.Ordinal);
    }

    [Fact]
    public void Prune_ThatRemovesNothingYet_CommandRemoves()
    {
        Assert.Equal(0, CommandProcess.Run([.. Extract(), "--output", Out]).ExitCode);
        string[] words = ["prune", "--output", Out, "--keep-versions", "1", "--keep-days", "1", "--report-html", PagePath];

        Assert.Equal(0, CommandProcess.Run([.. words, "--dry-run"]).ExitCode);

        var (heading, command) = Banner();
        Assert.Equal("Nothing was removed: this shows what would be", heading);
        Assert.Equal(0, CommandProcess.RunShell($"{CommandProcess.RealCommand()} {command!["idextractor ".Length..]}").ExitCode);
        Assert.Equal(("Old stage files were removed", null), Banner());
    }

    [Fact]
    public void Planned_InS3_ShowsWhatARunCosts()
    {
        CommandProcess.RunScript("done", "plan", "--table-a", "a", "--table-b", "s3://bucket/b/", "--report-html", PagePath);

        var page = File.ReadAllText(PagePath);
        Assert.Contains("USD 0.001428", page, StringComparison.Ordinal);
        Assert.Contains("requests USD 0.000605, compute USD 0.000823, by list prices", page, StringComparison.Ordinal);
    }

    private static string[] Extract() =>
        ["extract", "--table-a", Path.Combine(Repository.Samples, "a"), "--table-b", Path.Combine(Repository.Samples, "b")];

    private (string Heading, string? Command) Banner()
    {
        var page = File.ReadAllText(PagePath);
        var banner = page[page.IndexOf("<h1>", StringComparison.Ordinal)..page.IndexOf("<dl ", StringComparison.Ordinal)];
        var code = Code().Match(banner);
        var heading = WebUtility.HtmlDecode(Heading().Match(banner).Groups[1].Value);
        return (heading, code.Success ? WebUtility.HtmlDecode(code.Groups[1].Value) : null);
    }

    [GeneratedRegex("<h1>(.*?)</h1>")]
    private static partial Regex Heading();

    [GeneratedRegex("<code>(.*?)</code>")]
    private static partial Regex Code();
}
