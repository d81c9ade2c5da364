using System.Text.RegularExpressions;
using IdExtractor.Cli.Tests.Hosting;

namespace IdExtractor.Cli.Tests.Processes;

/// <summary>The bar, on a pseudo-terminal that script(1) of util-linux makes.</summary>
public sealed partial class LiveBarTests : IDisposable
{
    private const string Clear = "\r\e[J";

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    /// <summary>
    /// What the runtime itself sends to a terminal that it writes to: application mode for the
    /// keypad.
    /// </summary>
    private const string KeypadMode = "\e[?1h\e=";

    private const string CtrlC = "\u0003", CtrlZ = "\u001a", ShowCursor = "\e[?25h", HideCursor = "\e[?25l";

    [TerminalFact]
    public async Task Bar_OnATerminal_ShowsRowsAndLeavesTheTerminalTidy()
    {
        var shown = await InterruptedAsync(new() { ["TERM"] = "xterm-256color" });

        Assert.Equal(130, shown.ExitCode);
        Assert.Contains("50%", shown.Output, StringComparison.Ordinal);
        Assert.Contains("1.50 k of 3.00 k rows, 250 B", shown.Output, StringComparison.Ordinal);
        Assert.Matches(Colour(), shown.Output);
        Assert.Contains(HideCursor, shown.Output, StringComparison.Ordinal);
        Assert.EndsWith("\e[1;31merror:\e[0m Cancelled by SIGINT\r\n", shown.Output, StringComparison.Ordinal);
        Assert.True(
            shown.Output.LastIndexOf(
                ShowCursor, StringComparison.Ordinal) > shown.Output.LastIndexOf(HideCursor, StringComparison.Ordinal));
    }

    [TerminalFact]
    public async Task Bar_InPortuguese_ShowsPhaseAndRowsInIt()
    {
        var shown = await InterruptedAsync(
            new() { ["TERM"] = "xterm-256color", ["LC_MESSAGES"] = "pt_BR.UTF-8" }, "1,50 k de 3,00 k linhas");

        Assert.Contains("leitura ", shown.Output, StringComparison.Ordinal);
        Assert.EndsWith("\e[1;31merro:\e[0m Cancelado por SIGINT\r\n", shown.Output, StringComparison.Ordinal);
    }

    [TerminalFact]
    public async Task Bar_WithNoColor_HasNone()
    {
        var shown = await InterruptedAsync(new() { ["TERM"] = "xterm-256color", ["NO_COLOR"] = "1" });

        Assert.Contains("1.50 k of 3.00 k rows", shown.Output, StringComparison.Ordinal);
        Assert.DoesNotMatch(Colour(), shown.Output);
    }

    [TerminalTheory]
    [InlineData(40)]
    [InlineData(41)]
    [InlineData(71)]
    [InlineData(72)]
    [InlineData(100)]
    [InlineData(200)]
    public async Task Bar_AtAnyWidth_KeepsPhaseBarAndShareOnOneLine(int columns)
    {
        using var process = Start($"stty cols {columns}; exec");
        await process.WaitForTextAsync("50%");
        await TypeAsync(process, CtrlC);

        var lines = LinesOf(process.WaitForEnd().Output).ToList();
        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.Matches("^scan     (#+-+|━+─+)  50%", line));
        Assert.All(lines, line => Assert.InRange(line.Length, 24, columns - 1));
    }

    [TerminalFact]
    public async Task Bar_WhenTheTerminalIsResized_IsDrawnAtTheNewWidth()
    {
        using var process = Start("stty cols 120; (while [ ! -e go ]; do sleep 0.05; done; stty cols 40 < /dev/tty) & exec", _scratch.Root);
        await process.WaitForTextAsync("rows, 250 B");
        _scratch.Write("go", "");
        await process.WaitUntilAsync(text => LinesOf(text).LastOrDefault() is { Length: < 40 });
        await TypeAsync(process, CtrlC);

        var shown = process.WaitForEnd();
        Assert.Equal(130, shown.ExitCode);
        var widths = LinesOf(shown.Output).Select(line => line.Length).ToList();
        Assert.True(widths[0] > 40, "the first line is wide");
        Assert.True(widths[^1] < 40, "the last line is narrow");

        // What the terminal made of the wide line is removed before the narrow one is drawn.
        var narrow = shown.Output.Split(Clear).First(part => LinesOf(part).Any() && LinesOf(part).All(line => line.Length < 40));
        Assert.StartsWith("scan ", narrow, StringComparison.Ordinal);
    }

    [TerminalFact]
    public async Task Bar_OnCtrlZ_GivesTheTerminalBackAndGoesOn()
    {
        using var process = Start("set -m; ", suffix: "; echo \"stopped: $?\"; fg; echo \"ended: $?\"");
        await process.WaitForTextAsync("rows, 250 B");
        await TypeAsync(process, CtrlZ);
        await process.WaitUntilAsync(
            text => text.Contains(
                "stopped: ", StringComparison.Ordinal) && After(text, "stopped: ").Contains("50%", StringComparison.Ordinal));
        await TypeAsync(process, CtrlC);

        var shown = process.WaitForEnd().Output;
        var before = shown[..shown.IndexOf("stopped: ", StringComparison.Ordinal)];
        Assert.StartsWith("148", After(shown, "stopped: "), StringComparison.Ordinal);
        Assert.True(
            before.LastIndexOf(ShowCursor, StringComparison.Ordinal) > before.LastIndexOf(HideCursor, StringComparison.Ordinal),
            "the cursor is visible while the run is stopped");
        Assert.Contains("50%", After(shown, "stopped: "), StringComparison.Ordinal);
        Assert.StartsWith("130", After(shown, "ended: "), StringComparison.Ordinal);
        Assert.True(
            shown.LastIndexOf(ShowCursor, StringComparison.Ordinal) > shown.LastIndexOf(HideCursor, StringComparison.Ordinal),
            "the cursor is visible at the end");
    }

    [TerminalTheory]
    [InlineData(false, "")]
    [InlineData(true, "NO_COLOR")]
    public void Error_OnATerminal_IsColouredUnlessNoColorIsWanted(bool isPlain, string variable)
    {
        var environment = new Dictionary<string, string> { ["TERM"] = "xterm-256color", [ScriptedRun.Variable] = "corrupt" };
        if (variable.Length > 0)
            environment[variable] = "1";
        string Shown(params string[] more)
        {
            using var process = CommandProcess.Start(
                "script", environment, "-qec", CommandProcess.ScriptCommand(Words.Extract(more)), "/dev/null");
            return process.WaitForEnd().Output;
        }

        Assert.Equal(!isPlain, Shown().Contains("\e[1;31merror:\e[0m A page is cut", StringComparison.Ordinal));
        Assert.Equal(!isPlain, Shown().Contains("\e[1;33mwarning:\e[0m One partition", StringComparison.Ordinal));
        Assert.Contains("\e[1;31merror:\e[0m", Shown("--color", "always"), StringComparison.Ordinal);
        Assert.DoesNotContain("\e[1;31m", Shown("--color", "never"), StringComparison.Ordinal);
    }

    [TerminalTheory]
    [InlineData(60)]
    [InlineData(140)]
    public void Help_OnATerminal_UsesItsWidth(int columns)
    {
        using var process = CommandProcess.Start(
            "script", new Dictionary<string, string> { ["TERM"] = "dumb" }, "-qec",
            $"stty cols {columns}; exec {CommandProcess.ScriptCommand("extract", "--help")}", "/dev/null");

        var expected = Cli.Help.HelpText.Of(
            Cli.Commands.CommandTable.Find("extract")!, Cli.Options.HelpForm.Long, IdExtractor.Phrases.Speech.English, columns);
        Assert.Equal(expected, process.WaitForEnd().Output.Replace("\r\n", "\n", StringComparison.Ordinal).TrimEnd('\n'));
    }

    [TerminalFact]
    public void Bar_OfAShortRun_IsNotShown()
    {
        using var process = CommandProcess.Start(
            "script", new Dictionary<string, string> { ["TERM"] = "xterm-256color", ["NO_COLOR"] = "1", [ScriptedRun.Variable] = "done" },
            "-qec", CommandProcess.ScriptCommand(Words.Extract()), "/dev/null");

        Assert.DoesNotContain('\e', process.WaitForEnd().Output.Replace(KeypadMode, "", StringComparison.Ordinal));
    }

    [TerminalFact]
    public void Help_OnATerminal_HasBoldHeadingsUnlessNoColorIsWanted()
    {
        string Help(Dictionary<string, string> environment)
        {
            using var process = CommandProcess.Start(
                "script", environment, "-qec", CommandProcess.ScriptCommand("extract", "--help"), "/dev/null");
            return process.WaitForEnd().Output.Replace(KeypadMode, "", StringComparison.Ordinal);
        }

        Assert.Contains("\e[1mInput\e[0m", Help(new() { ["TERM"] = "xterm-256color" }), StringComparison.Ordinal);
        Assert.DoesNotContain('\e', Help(new() { ["TERM"] = "xterm-256color", ["NO_COLOR"] = "1" }));
        Assert.DoesNotContain('\e', Help(new() { ["TERM"] = "dumb" }));
    }

    /// <summary>Runs until the bar is seen, then types Ctrl-C.</summary>
    private static async Task<CommandOutcome> InterruptedAsync(Dictionary<string, string> environment, string seen = "rows, 250 B")
    {
        environment[ScriptedRun.Variable] = "wait";
        using var process = CommandProcess.Start(
            "script", environment, "-qec", "stty cols 120; exec " + CommandProcess.ScriptCommand(Words.Extract()), "/dev/null");
        await process.WaitForTextAsync(seen);
        await TypeAsync(process, CtrlC);
        return process.WaitForEnd();
    }

    /// <summary>
    /// Starts a run that waits, in a terminal, by a shell that begins and ends with something else.
    /// </summary>
    private static CommandProcess Start(string prefix, string? folder = null, string suffix = "")
    {
        var environment = new Dictionary<string, string>
        {
            ["TERM"] = "xterm-256color",
            ["NO_COLOR"] = "1",
            ["SHELL"] = "/bin/bash",
            [ScriptedRun.Variable] = "wait"
        };
        var move = folder is null ? "" : $"cd '{folder}'; ";
        return CommandProcess.Start(
            "script", environment, "-qec", $"{move}{prefix} {CommandProcess.ScriptCommand(Words.Extract())}{suffix}", "/dev/null");
    }

    private static async Task TypeAsync(CommandProcess process, string key)
    {
        await process.Input.WriteAsync(key);
        await process.Input.FlushAsync();
    }

    /// <summary>The lines of the bar in what a terminal received.</summary>
    private static IEnumerable<string> LinesOf(string shown) => BarOfATerminal().Matches(shown).Select(match => match.Groups["line"].Value);

    private static string After(string text, string mark) => text[(text.IndexOf(mark, StringComparison.Ordinal) + mark.Length)..];

    [GeneratedRegex(@"(?<line>scan     [#\-━─]+ +\d+%[^\r\e]*)\e\[K\r")]
    private static partial Regex BarOfATerminal();

    [GeneratedRegex(@"\e\[(3\d|9\d|38;5;\d+)m")]
    private static partial Regex Colour();

    /// <summary>A test that needs script(1).</summary>
    private sealed class TerminalFactAttribute : FactAttribute
    {
        public TerminalFactAttribute() => Skip = Missing;
    }

    /// <summary>Tests that need script(1).</summary>
    private sealed class TerminalTheoryAttribute : TheoryAttribute
    {
        public TerminalTheoryAttribute() => Skip = Missing;
    }

    private static string? Missing =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "script")))
        ? null
        : "script(1) of util-linux, which makes the pseudo-terminal, is not installed";
}
