using IdExtractor.Cli.Tests.Hosting;

namespace IdExtractor.Cli.Tests.Reports;

/// <summary>The file of --report-html, as processes leave it.</summary>
public sealed class ReportPageProcessTests : IDisposable
{
    private readonly Scratch _scratch = new();

    private string PagePath => _scratch.PathOf("run.html");

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("done", 0, "3 IDs published")]
    [InlineData("guard", 4, "A guard stopped the run")]
    [InlineData("corrupt", 7, "The run failed")]
    [InlineData("bug", 1, "The run failed")]
    public void Page_OfAnyEnd_IsWritten(string script, int exitCode, string heading)
    {
        var outcome = CommandProcess.RunScript(script, Words.Extract("--report-html", PagePath));

        Assert.Equal(exitCode, outcome.ExitCode);
        var page = File.ReadAllText(PagePath);
        Assert.Contains($"<h1>{heading}</h1>", page, StringComparison.Ordinal);
        Assert.EndsWith("</html>\n", page, StringComparison.Ordinal);
        Assert.Equal([PagePath], Directory.GetFiles(_scratch.Root));
    }

    [Fact]
    public void Page_BesideTheJson_IsOfTheSameRunInTheOtherLanguage()
    {
        var json = _scratch.PathOf("run.json");

        CommandProcess.RunScript("done", Words.Extract("--report-html", PagePath, "--report", json, "--lang", "pt-BR"));

        var page = File.ReadAllText(PagePath);
        Assert.Contains("<html lang=\"pt-BR\">", page, StringComparison.Ordinal);
        Assert.Contains("3 IDs publicados", page, StringComparison.Ordinal);
        using var report = System.Text.Json.JsonDocument.Parse(File.ReadAllText(json));
        Assert.Contains(report.RootElement.GetProperty("run_id").GetString()!, page, StringComparison.Ordinal);
    }

    [Fact]
    public void Page_WhereNoneCanBe_FailsBeforeTheWorkAndNamesTheOption()
    {
        var outcome = CommandProcess.RunScript("done", Words.Extract("--report-html", _scratch.PathOf("none/run.html")));

        Assert.Equal(3, outcome.ExitCode);
        Assert.EndsWith("check --report-html", Assert.Single(outcome.ErrorLines), StringComparison.Ordinal);
    }
}
