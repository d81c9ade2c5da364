using IdExtractor.Cli.Tests.Hosting;

namespace IdExtractor.Cli.Tests.Privacy;

/// <summary>
/// Documents given where a name is expected: nothing that a run writes repeats them.
/// </summary>
public sealed class NamesThatAreDocumentsTests : IDisposable
{
    private const string Cpf = "52998224725";
    private const string Formatted = "529.982.247-25";

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("--key-column {cpf}")]
    [InlineData("--key-column-a {formatted}")]
    [InlineData("--id-column {cpf}")]
    [InlineData("--partition ano_mes_dia={cpf}")]
    [InlineData("--partition {cpf}=1")]
    [InlineData("--partition {formatted}")]
    [InlineData("--table-b /data/{cpf}/b")]
    [InlineData("--table-a {cpf}.csv")]
    [InlineData("--active-key {cpf}/../x")]
    [InlineData("--min-ids {formatted}")]
    [InlineData("--config /none/{cpf}.json")]
    [InlineData("--report /none/{cpf}.json")]
    [InlineData("--{cpf} 1")]
    [InlineData("{cpf}")]
    public void Extract_OptionThatHoldsACpf_RepeatsItNowhere(string options)
    {
        var words = new List<string> { "extract" };
        var given = options.Replace("{cpf}", Cpf, StringComparison.Ordinal)
            .Replace("{formatted}", Formatted, StringComparison.Ordinal)
            .Split(' ');
        foreach (var (option, value) in new[] { ("--table-a", Path.Combine(Repository.Samples, "a")),
            ("--table-b", Path.Combine(Repository.Samples, "b")), ("--output", _scratch.PathOf("out")),
                ("--report", _scratch.PathOf("run.json")) })
        {
            if (!given.Contains(option))
                words.AddRange([option, value]);
        }

        foreach (var (log, language) in new[] { ("text", "en"), ("text", "pt-BR"), ("json", "en") })
        {
            var outcome = CommandProcess.Run(
                [
                    .. words, "--log", log, "--lang", language, "--log-level", "debug", "--metrics", "emf", "--report-html",
                    _scratch.PathOf("run.html"), .. given]);
            var report = string.Concat(
                new[] { "run.json", "run.html" }.Select(_scratch.PathOf).Where(File.Exists).Select(File.ReadAllText));
            Assert.NotEqual(0, outcome.ExitCode);
            Assert.NotEqual(1, outcome.ExitCode);
            Assert.DoesNotContain(Cpf, outcome.Output + outcome.Error + report, StringComparison.Ordinal);
            Assert.DoesNotContain(Formatted, outcome.Output + outcome.Error + report, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("http://user:Geh3im1@127.0.0.1:9/")]
    [InlineData("http://127.0.0.1:9/?token=Geh3im1")]
    [InlineData("http://127.0.0.1:9/#Geh3im1")]
    public void Extract_SecretInTheEndpoint_IsRefusedAndNotRepeated(string endpoint)
    {
        var outcome = CommandProcess.RunScript("done", Words.Extract("--endpoint-url", endpoint, "--report", _scratch.PathOf("run.json")));
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("--endpoint-url", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Geh3im1", outcome.Error + outcome.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Geh3im1", File.ReadAllText(_scratch.PathOf("run.json")), StringComparison.Ordinal);
    }

    [Fact]
    public void Report_PathOfTheEndpoint_IsLeftOut()
    {
        var outcome = CommandProcess.RunScript(
            "done", Words.Extract("--endpoint-url", "http://127.0.0.1:9/Geh3im1", "--report", _scratch.PathOf("run.json")));
        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("http://127.0.0.1:9\"", File.ReadAllText(_scratch.PathOf("run.json")), StringComparison.Ordinal);
        Assert.DoesNotContain("Geh3im1", File.ReadAllText(_scratch.PathOf("run.json")), StringComparison.Ordinal);
    }
}
