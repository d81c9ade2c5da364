using IdExtractor.Cli.Options;
using IdExtractor.Cli.Tests.Hosting;

namespace IdExtractor.Cli.Tests.Options;

public sealed class PlaceholderTests
{
    [Theory]
    [InlineData("Ref::output", "Ref::output")]
    [InlineData("s3://bucket/Ref::prefix/", "Ref::prefix")]
    [InlineData("ano_mes_dia=Ref::dia", "Ref::dia")]
    [InlineData("Ref::", "Ref::")]
    [InlineData("MyRef::output", null)]
    [InlineData("Ref:output", null)]
    [InlineData("refs/output", null)]
    public void In_Text_FindsThePlaceholder(string text, string? found) => Assert.Equal(found, Placeholder.In(text));

    [Theory]
    [InlineData("--output", "Ref::output")]
    [InlineData("--table-a", "Ref::tabela_a")]
    [InlineData("--key-column", "Ref::coluna")]
    [InlineData("--partition", "ano_mes_dia=Ref::dia")]
    [InlineData("--partition", "Ref::dia")]
    [InlineData("--max-drop-percent", "Ref::drop")]
    [InlineData("--report", "/tmp/Ref::report.json")]
    [InlineData("--config", "Ref::config")]
    [InlineData("--allow-older", "Ref::older")]
    public void Extract_AnyOptionWithAPlaceholder_IsAUsageErrorThatNamesBoth(string option, string value)
    {
        var words = Words.Extract();
        if (Array.IndexOf(words, option) is >= 0 and var at)
            words[at + 1] = value;
        else
            words = [
                .. words, option == "--allow-older" ? $"{option}={value}" : option,
                .. option == "--allow-older" ? Array.Empty<string>() : [value]
            ];
        var outcome = CommandProcess.RunScript("done", words);

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(option, outcome.Error, StringComparison.Ordinal);
        Assert.Contains("Ref::", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Extract_PlaceholderInTheEnvironment_NamesTheVariable()
    {
        var outcome = CommandProcess.RunScript(
            "done", new Dictionary<string, string> { ["IDEXTRACTOR_ACTIVE_KEY"] = "Ref::key" }, Words.Extract());
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("IDEXTRACTOR_ACTIVE_KEY", outcome.Error, StringComparison.Ordinal);
    }
}
