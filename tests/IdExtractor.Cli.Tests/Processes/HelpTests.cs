using System.Text.Json;
using System.Text.RegularExpressions;
using IdExtractor.Cli.Commands;
using IdExtractor.Cli.Options;
using IdExtractor.Cli.Tests.Hosting;
using IdExtractor.Phrases;

namespace IdExtractor.Cli.Tests.Processes;

public sealed class HelpTests
{
    [Theory]
    [InlineData("overview", "--help")]
    [InlineData("short", "-h")]
    [InlineData("short.extract", "extract -h")]
    [InlineData("overview", "help")]
    [InlineData("overview", "completions --help")]
    [InlineData("short", "version -h")]
    [InlineData("extract", "extract --help")]
    [InlineData("extract", "extract --table-a --help")]
    [InlineData("extract", "help extract")]
    [InlineData("plan", "plan --help")]
    [InlineData("history", "history --help")]
    [InlineData("prune", "prune --help")]
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
            var text = Help.HelpText.Of(command, HelpForm.Long, Speech.English);
            var flat = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            foreach (var option in OptionTable.Of(command.Set))
            {
                Assert.Contains(option.Dashed, flat, StringComparison.Ordinal);
                Assert.Contains(option.Summary, flat, StringComparison.Ordinal);
                Assert.True(
                    option.IsRequiredBy(command.Set) || flat.Contains($"[default: {option.Default}]", StringComparison.Ordinal),
                    $"{command.Name} {option.Dashed} shows no default");
            }
        }
    }

    [Theory]
    [InlineData(40)]
    [InlineData(71)]
    [InlineData(72)]
    [InlineData(100)]
    [InlineData(200)]
    public void Help_EveryLine_FitsTheWidth(int width)
    {
        HelpForm[] forms = [HelpForm.Long, HelpForm.Short];
        var pages =
            from speech in new[] { Speech.English, Speech.Portuguese }
            from form in forms
            from page in CommandTable.All.Select(command => Help.HelpText.Of(command, form, speech, width))
                .Append(Help.HelpText.Overview(form, speech, width))
            select page;
        foreach (var line in pages.SelectMany(page => page.Split('\n')))
        {
            // What has no blank, such as a name with its value, is not broken.
            var most = line.TrimStart().StartsWith("--", StringComparison.Ordinal) ? 2 : 1;
            var isOneWord = line.TrimEnd('\\').Trim().Split(' ').Length <= most;
            Assert.True(line.Length <= width || isOneWord, line);
        }
    }

    [Fact]
    public void Help_ExampleOfSeveralLines_IsOneCommandForAShell()
    {
        var text = Help.HelpText.Of(ExtractCommand.Definition, HelpForm.Long, Speech.English, 40);

        var joined = Regex.Replace(text, @" \\\n +", " ");

        foreach (var example in ExtractCommand.Definition.Examples)
            Assert.Contains($"\n  {example}\n", joined, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_OfAnUnknownCommand_IsAnError()
    {
        var outcome = CommandProcess.Run("help", "extrat");

        Assert.Equal((2, ""), (outcome.ExitCode, outcome.Output));
        Assert.EndsWith("did you mean extract?", Assert.Single(outcome.ErrorLines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-V")]
    [InlineData("--version")]
    public void Version_AfterACommand_IsTheSame(string word) =>
        Assert.Equal(CommandProcess.Run(word).Output, CommandProcess.Run("extract", word).Output);

    [Fact]
    public void Help_Short_NamesEveryOptionInFewerLines()
    {
        foreach (var command in CommandTable.All)
        {
            var (text, whole) = (
                Help.HelpText.Of(command, HelpForm.Short, Speech.English), Help.HelpText.Of(command, HelpForm.Long, Speech.English));
            foreach (var option in OptionTable.Of(command.Set))
                Assert.Contains(option.Dashed, text, StringComparison.Ordinal);
            Assert.True(text.Split('\n').Length < whole.Split('\n').Length * 4 / 5, command.Name);
        }
    }

    [Fact]
    public void Version_InShort_IsOneLine()
    {
        var outcome = CommandProcess.Run("-V");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Matches(@"^idextractor \d+\.\d+\.\d+\S*\n$", outcome.Output);
        Assert.Equal("", outcome.Error);
    }

    [Theory]
    [InlineData("-V")]
    [InlineData("--version")]
    [InlineData("version")]
    public void Version_InJson_HasTheSameFactsAsTheText(string word)
    {
        var outcome = CommandProcess.Run(word, "--json");

        Assert.Equal(0, outcome.ExitCode);
        using var json = JsonDocument.Parse(Assert.Single(outcome.OutputLines));
        var text = CommandProcess.Run("--version").Output;
        foreach (var name in new[] { "version", "commit", "runtime", "system", "architecture" })
            Assert.Contains(json.RootElement.GetProperty(name).GetString()!, text, StringComparison.Ordinal);
        foreach (var decoder in json.RootElement.GetProperty("decoders").EnumerateObject())
            Assert.Matches($@"\n  {decoder.Name} +{Regex.Escape(decoder.Value.GetString()!)}\n", text);
        Assert.All(
            json.RootElement.GetProperty("instruction_sets").EnumerateArray(),
            set => Assert.Contains(set.GetString()!, text, StringComparison.Ordinal));
        Assert.Equal(json.RootElement.GetProperty("is_native").GetBoolean(), text.Contains("native code", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--version")]
    [InlineData("version")]
    public void Version_InFull_SaysWhatTheProgramRunsOn(string word)
    {
        var outcome = CommandProcess.Run(word);

        Assert.Equal(0, outcome.ExitCode);
        Assert.Matches(@"^idextractor \d+\.\d+\.\d+\S*$", outcome.OutputLines[0]);
        Assert.Equal(
            ["commit", "runtime", "instruction", "zstd", "gzip", "system"],
            outcome.OutputLines[1..].Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0]));
        Assert.Matches(@"zstd +(libzstd \d+\.\d+\.\d+, .+|managed \(\d+\.\d+\.\d+\))$", outcome.OutputLines[4]);
    }
}
