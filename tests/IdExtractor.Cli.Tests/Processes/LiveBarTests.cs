using System.Text.RegularExpressions;
using IdExtractor.Cli.Tests.Hosting;

namespace IdExtractor.Cli.Tests.Processes;

/// <summary>The bar, on a pseudo-terminal that script(1) of util-linux makes.</summary>
public sealed partial class LiveBarTests
{
    /// <summary>What the runtime itself sends to a terminal that it writes to: application mode for the keypad.</summary>
    private const string KeypadMode = "\e[?1h\e=";

    private const string CtrlC = "\u0003", ShowCursor = "\e[?25h", HideCursor = "\e[?25l";

    [TerminalFact]
    public async Task Bar_OnATerminal_ShowsRowsAndLeavesTheTerminalTidy()
    {
        var shown = await InterruptedAsync(new() { ["TERM"] = "xterm-256color" });

        Assert.Equal(130, shown.ExitCode);
        Assert.Contains("50%", shown.Output, StringComparison.Ordinal);
        Assert.Contains("1.50 k of 3.00 k rows, 250 B", shown.Output, StringComparison.Ordinal);
        Assert.Matches(Colour(), shown.Output);
        Assert.Contains(HideCursor, shown.Output, StringComparison.Ordinal);
        Assert.EndsWith("error: Cancelled by SIGINT\r\n", shown.Output, StringComparison.Ordinal);
        Assert.True(shown.Output.LastIndexOf(ShowCursor, StringComparison.Ordinal) > shown.Output.LastIndexOf(HideCursor, StringComparison.Ordinal));
    }

    [TerminalFact]
    public async Task Bar_WithNoColor_HasNone()
    {
        var shown = await InterruptedAsync(new() { ["TERM"] = "xterm-256color", ["NO_COLOR"] = "1" });

        Assert.Contains("1.50 k of 3.00 k rows", shown.Output, StringComparison.Ordinal);
        Assert.DoesNotMatch(Colour(), shown.Output);
    }

    [TerminalFact]
    public void Bar_OfAShortRun_IsNotShown()
    {
        using var process = CommandProcess.Start(
            "script", new Dictionary<string, string> { ["TERM"] = "xterm-256color", [ScriptedEngine.Variable] = "done" }, "-qec", CommandProcess.ScriptCommand(Words.Extract()), "/dev/null");

        Assert.DoesNotContain('\e', process.WaitForEnd().Output.Replace(KeypadMode, "", StringComparison.Ordinal));
    }

    [TerminalFact]
    public void Help_OnATerminal_HasBoldHeadingsUnlessNoColorIsWanted()
    {
        string Help(Dictionary<string, string> environment)
        {
            using var process = CommandProcess.Start("script", environment, "-qec", CommandProcess.ScriptCommand("extract", "--help"), "/dev/null");
            return process.WaitForEnd().Output.Replace(KeypadMode, "", StringComparison.Ordinal);
        }

        Assert.Contains("\e[1mInput\e[0m", Help(new() { ["TERM"] = "xterm-256color" }), StringComparison.Ordinal);
        Assert.DoesNotContain('\e', Help(new() { ["TERM"] = "xterm-256color", ["NO_COLOR"] = "1" }));
        Assert.DoesNotContain('\e', Help(new() { ["TERM"] = "dumb" }));
    }

    /// <summary>Runs until the bar is seen, then types Ctrl-C.</summary>
    private static async Task<CommandOutcome> InterruptedAsync(Dictionary<string, string> environment)
    {
        environment[ScriptedEngine.Variable] = "wait";
        using var process = CommandProcess.Start("script", environment, "-qec", "stty cols 120; exec " + CommandProcess.ScriptCommand(Words.Extract()), "/dev/null");
        await process.WaitForTextAsync("rows, 250 B");
        await process.Input.WriteAsync(CtrlC);
        await process.Input.FlushAsync();
        return process.WaitForEnd();
    }

    [GeneratedRegex(@"\e\[(3\d|9\d|38;5;\d+)m")]
    private static partial Regex Colour();

    /// <summary>A test that needs script(1).</summary>
    private sealed class TerminalFactAttribute : FactAttribute
    {
        public TerminalFactAttribute()
        {
            if (!(Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "script"))))
                Skip = "script(1) of util-linux, which makes the pseudo-terminal, is not installed";
        }
    }
}
