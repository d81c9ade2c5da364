using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using IdExtractor.Cli.Tests.Hosting;
using IdExtractor.Html;
using IdExtractor.Phrases;

namespace IdExtractor.Cli.Tests.Reports;

/// <summary>The pages of --report-html and of history --html in a real browser.</summary>
public sealed partial class BrowserTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [ChromiumTheory]
    [InlineData("published", 360, false)]
    [InlineData("published", 360, true)]
    [InlineData("published", 1440, false)]
    [InlineData("published", 1440, true)]
    [InlineData("stopped", 360, false)]
    [InlineData("stopped.pt-BR", 360, true)]
    [InlineData("failed", 1440, false)]
    [InlineData("history", 360, false)]
    [InlineData("history", 360, true)]
    [InlineData("history", 1440, false)]
    [InlineData("history", 1440, true)]
    [InlineData("history.pt-BR", 360, false)]
    public void Page_InABrowser_FitsItsWidthWithoutErrorsInItsColours(string name, int width, bool isDark)
    {
        // A window cannot be as narrow as a phone, but a frame can. Its document reports how wide
        // it had to become.
        var frame = _scratch.Write("frame.html", $$"""
            <!doctype html><body><iframe id="page" width="{{width}}" height="900" style="border:0" srcdoc="{{WebUtility.HtmlEncode(PageOf(name))}}"></iframe>
            <script>page.onload = () => {
              const root = page.contentDocument.documentElement
              document.body.dataset.width = root.scrollWidth
              document.body.dataset.ground = page.contentWindow.getComputedStyle(page.contentDocument.body).backgroundColor
            }</script>
            """);

        var outcome = Chromium(
            "--window-size=1600,1000", $"--blink-settings=preferredColorScheme={(isDark ? 0 : 1)}", "--virtual-time-budget=2000",
            "--dump-dom", frame);

        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains($"data-width=\"{width}\"", outcome.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("CONSOLE", outcome.Error, StringComparison.Ordinal);
        var ground = Ground().Match(outcome.Output);
        Assert.True(ground.Success, "the ground has a colour");
        Assert.Equal(isDark, ground.Groups.Values.Skip(1).All(part => int.Parse(part.Value, CultureInfo.InvariantCulture) < 128));
    }

    [Theory]
    [InlineData("published")]
    [InlineData("stopped.pt-BR")]
    [InlineData("history")]
    public void PageOf_AName_IsThatPage(string name) =>
        Assert.Contains(
            name.EndsWith("pt-BR", StringComparison.Ordinal) ? "lang=\"pt-BR\"" : "lang=\"en\"", PageOf(name), StringComparison.Ordinal);

    [ChromiumFact]
    public void Page_InDarkMode_IsDrawnInOtherColours()
    {
        var page = _scratch.Write("page.html", RunPageTests.PageOf(RunPageTests.ReportOf("published"), PageLanguage.English));
        var (light, dark) = (_scratch.PathOf("light.png"), _scratch.PathOf("dark.png"));

        foreach (var (scheme, image) in new[] { (1, light), (0, dark) })
        {
            var outcome = Chromium(
                "--window-size=1440,1000", $"--blink-settings=preferredColorScheme={scheme}", $"--screenshot={image}", page);
            Assert.Equal(0, outcome.ExitCode);
            Assert.DoesNotContain("CONSOLE", outcome.Error, StringComparison.Ordinal);
        }

        Assert.NotEqual(File.ReadAllBytes(light), File.ReadAllBytes(dark));
    }

    [ChromiumFact]
    public void Console_OfAPageThatBreaksItsPolicy_IsSeen()
    {
        var page = RunPageTests.PageOf(RunPageTests.ReportOf("published"), PageLanguage.English);
        var broken = _scratch.Write("broken.html", page.Replace("<main>", "<main><script>1</script>", StringComparison.Ordinal));

        Assert.Contains("CONSOLE", Chromium("--dump-dom", broken).Error, StringComparison.Ordinal);
    }

    private static string PageOf(string name)
    {
        var language = name.EndsWith(".pt-BR", StringComparison.Ordinal) ? PageLanguage.Portuguese : PageLanguage.English;
        var page = name.Split('.')[0];
        return page == "history"
            ? Html.HistoryPageTests.PageOf(40, speech: Speech.Of(language), hasPhases: true)
            : RunPageTests.PageOf(RunPageTests.ReportOf(page), language);
    }

    [GeneratedRegex(@"data-ground=""rgb\((\d+), (\d+), (\d+)\)""")]
    private static partial Regex Ground();

    private CommandOutcome Chromium(params string[] words)
    {
        var profile = Directory.CreateDirectory(_scratch.PathOf("profile-" + Guid.NewGuid().ToString("N"))).FullName;
        using var process = CommandProcess.Start(
            "chromium", null,
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
                "--disable-sync", "--no-first-run",
                "--hide-scrollbars", "--enable-logging=stderr", $"--user-data-dir={profile}", .. words[..^1],
                new Uri(words[^1]).AbsoluteUri,
            ]);
        return process.WaitForEnd();
    }
}

/// <summary>A test that needs Chromium. Where CI is true it must not be missing.</summary>
internal static class ChromiumRequirement
{
    public static string? Skip { get; } =
        Environment.GetEnvironmentVariable("CI") == "true" || CommandProcess.RunShell("command -v chromium").ExitCode == 0
            ? null
            : "needs chromium (apt-get install chromium)";
}

[AttributeUsage(AttributeTargets.Method)]
internal sealed class ChromiumFactAttribute : FactAttribute
{
    public ChromiumFactAttribute() => Skip = ChromiumRequirement.Skip;
}

[AttributeUsage(AttributeTargets.Method)]
internal sealed class ChromiumTheoryAttribute : TheoryAttribute
{
    public ChromiumTheoryAttribute() => Skip = ChromiumRequirement.Skip;
}
