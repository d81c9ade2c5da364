using IdExtractor.Cli.Tests.Hosting;

namespace IdExtractor.Cli.Tests.Processes;

public sealed class SignalTests
{
    [Theory]
    [InlineData("wait", "INT", 130, "SIGINT")]
    [InlineData("wait", "TERM", 143, "SIGTERM")]
    [InlineData("wait-fail", "INT", 130, "SIGINT")]
    [InlineData("wait-fail", "TERM", 143, "SIGTERM")]
    public async Task Signal_DuringTheWork_CancelsIt(string script, string signal, int exitCode, string name)
    {
        using var process = CommandProcess.StartScript(script, null, Words.Extract("--log-level", "debug", "--quiet"));
        await process.WaitForTextAsync(ScriptedRun.Waiting);

        process.Signal(signal);

        var outcome = process.WaitForEnd();
        Assert.Equal(exitCode, outcome.ExitCode);
        Assert.EndsWith($" error: Cancelled by {name}", outcome.ErrorLines[^1], StringComparison.Ordinal);
        Assert.Equal("", outcome.Output);
    }

    [Fact]
    public async Task Signal_WhenTheWorkIsDoneAllTheSame_IsNoFailure()
    {
        using var process = CommandProcess.StartScript("wait-done", null, Words.Extract("--log-level", "debug", "--quiet"));
        await process.WaitForTextAsync(ScriptedRun.Waiting);

        process.Signal("TERM");

        var outcome = process.WaitForEnd();
        Assert.Equal(0, outcome.ExitCode);
        Assert.StartsWith("Published 3 IDs", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signal_WhenTheWorkDoesNotStop_EndsTheProcessAfterAWhile()
    {
        using var process = CommandProcess.StartScript("deaf", null, Words.Extract("--log-level", "debug", "--quiet"));
        await process.WaitForTextAsync(ScriptedRun.Waiting);

        process.Signal("TERM");

        var outcome = process.WaitForEnd();
        Assert.Equal(143, outcome.ExitCode);
        Assert.EndsWith(" error: The run was ended before it could tidy up", outcome.ErrorLines[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public async Task Signal_ASecondInterrupt_EndsTheProcessAtOnce(string first, int exitCode)
    {
        using var process = CommandProcess.StartScript("deaf", null, Words.Extract("--log-level", "debug", "--quiet"));
        await process.WaitForTextAsync(ScriptedRun.Waiting);
        process.Signal(first);
        await process.WaitForTextAsync("script.cancelled");

        process.Signal("INT");

        Assert.Equal(exitCode, process.WaitForEnd().ExitCode);
    }
}
