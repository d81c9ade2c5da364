using IdExtractor.Cli.Commands;
using IdExtractor.Cli.Options;
using IdExtractor.Cli.Tests.Hosting;

namespace IdExtractor.Cli.Tests.Processes;

public sealed class HelpTests
{
    [Theory]
    [InlineData("overview", "--help")]
    [InlineData("overview", "-h")]
    [InlineData("overview", "help")]
    [InlineData("extract", "extract --help")]
    [InlineData("extract", "extract --table-a --help")]
    [InlineData("extract", "help extract")]
    [InlineData("plan", "plan -h")]
    [InlineData("verify", "verify --help")]
    [InlineData("promote", "promote --help")]
    [InlineData("publish", "publish --quiet --help")]
    public void Help_OfACommand_IsTheGoldenText(string golden, string words)
    {
        var outcome = CommandProcess.Run(words.Split(' '));

        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal("", outcome.Error);
        Assert.Equal(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", $"help.{golden}.txt")), outcome.Output);
    }

    [Fact]
    public void Help_OfEveryCommand_NamesEveryOptionWithItsDefault()
    {
        foreach (var command in CommandTable.All)
        {
            var text = Help.HelpText.Of(command);
            var flat = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            foreach (var option in OptionTable.Of(command.Set))
            {
                Assert.Contains(option.Dashed, flat, StringComparison.Ordinal);
                Assert.Contains(option.Summary, flat, StringComparison.Ordinal);
                Assert.True(option.IsRequiredBy(command.Set) || flat.Contains($"[default: {option.Default}]", StringComparison.Ordinal), $"{command.Name} {option.Dashed} shows no default");
            }
        }
    }

    [Fact]
    public void Help_EveryLine_FitsTheWidthUnlessItIsToBeCopied()
    {
        foreach (var line in CommandTable.All.SelectMany(command => Help.HelpText.Of(command).Split('\n')))
            Assert.True(line.Length <= 100 || line.Contains("idextractor ", StringComparison.Ordinal), line);
    }

    [Fact]
    public void Version_IsOneLine()
    {
        var outcome = CommandProcess.Run("--version");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Matches(@"^idextractor \d+\.\d+\.\d+\S*\n$", outcome.Output);
        Assert.Equal("", outcome.Error);
    }
}
