using System.Text.Json;
using IdExtractor.Cli.Tests.Hosting;

namespace IdExtractor.Cli.Tests.Processes;

/// <summary>What ends a run becomes an exit code and one line.</summary>
public sealed class FailureTests
{
    [Theory]
    [InlineData("corrupt", 7,
        "A page is cut: part-0.parquet, row group 3, column 'documento', offset 77, expected 100 bytes, found 60 bytes")]
    [InlineData("guard", 4, "3 IDs are fewer than --min-ids 10")]
    [InlineData("memory", 3, "Out of memory; lower --max-memory or --threads, or give the process more memory")]
    [InlineData("disk-full", 75, "No space left on device; make room and run again")]
    [InlineData("denied", 3, "Permission denied: /data; give the user that runs this the right to it")]
    [InlineData("no-thread", 3,
        "A thread could not be started; raise the limit on processes and threads (ulimit -u, or the pids of the container), give the process more memory, or lower --threads")]
    [InlineData("no-task", 3,
        "A thread could not be started; raise the limit on processes and threads (ulimit -u, or the pids of the container), give the process more memory, or lower --threads")]
    [InlineData("open-files", 3, "Too many open files: /data/x; raise the limit (ulimit -n)")]
    [InlineData("stale", 75, "Stale file handle: /data/x; run again")]
    [InlineData("timeout", 75, "An operation took too long and was given up; run again")]
    [InlineData("parallel", 7, "A page is cut")]
    public void Failure_OfAnyKind_IsItsCodeAndOneLine(string script, int exitCode, string line)
    {
        var outcome = CommandProcess.RunScript(script, Words.Extract("--log-level", "error"));

        Assert.Equal($"error: {line}\n", outcome.ErrorWithoutProgress);
        Assert.Equal("", outcome.Output);
        Assert.Equal(exitCode, outcome.ExitCode);
    }

    [Theory]
    [InlineData("bug")]
    [InlineData("thread")]
    public void Failure_OfTheProgramItself_NamesTheMethodAndKeepsTheMessageBack(string script)
    {
        var outcome = CommandProcess.RunScript(script, Words.Extract("--log-level", "warn", "--quiet"));

        Assert.Equal(1, outcome.ExitCode);
        var line = outcome.ErrorLines[^1];
        Assert.StartsWith("error: Internal error: FormatException in IdExtractor.", line, StringComparison.Ordinal);
        Assert.EndsWith(
            "please report it with its version, the command line and what --log-level debug adds", line, StringComparison.Ordinal);
        Assert.DoesNotContain(ScriptedRun.Secret, outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bug")]
    [InlineData("thread")]
    [InlineData("corrupt")]
    public void Failure_AtLevelDebug_ShowsFramesAndStillNoMessage(string script)
    {
        var outcome = CommandProcess.RunScript(script, Words.Extract("--log-level", "debug"));

        Assert.Contains(
            outcome.ErrorLines,
            line => line.Contains(
                " debug: stack trace stack=", StringComparison.Ordinal) && line.Contains(" at IdExtractor.", StringComparison.Ordinal));
        Assert.DoesNotContain(ScriptedRun.Secret, outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("corrupt")]
    [InlineData("bug")]
    [InlineData("memory")]
    public void Failure_BelowLevelDebug_ShowsNoFrames(string script)
    {
        var outcome = CommandProcess.RunScript(script, Words.Extract("--log-level", "info"));

        Assert.DoesNotContain("stack", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(" at IdExtractor.", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Failure_InJson_IsOneObjectALine()
    {
        var outcome = CommandProcess.RunScript("corrupt", Words.Extract("--log", "json", "--log-level", "error"));

        using var line = JsonDocument.Parse(Assert.Single(outcome.ErrorLines));
        Assert.Equal("failed", line.RootElement.GetProperty("event").GetString());
        Assert.Equal("corrupt_file", line.RootElement.GetProperty("fields").GetProperty("kind").GetString());
        Assert.Equal(7, line.RootElement.GetProperty("fields").GetProperty("exit_code").GetInt32());
    }
}
