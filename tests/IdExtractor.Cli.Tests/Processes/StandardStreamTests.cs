using IdExtractor.Cli.Tests.Hosting;

namespace IdExtractor.Cli.Tests.Processes;

/// <summary>
/// Standard streams that are closed, full, or pipes that no process reads, and limits of the system
/// on the process.
/// </summary>
public sealed class StandardStreamTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    public static TheoryData<string, bool> Redirections
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (var redirection in new[] { "<&-", ">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-", "> /dev/full", "2> /dev/full",
                "> /dev/full 2> /dev/full" })
            {
                data.Add(redirection, true);
                data.Add(redirection, false);
            }

            return data;
        }
    }

    [ShellTheory]
    [MemberData(nameof(Redirections))]
    public void ExitCode_WhateverTheStreamsAre_SaysHowTheRunEnded(string redirection, bool isGood)
    {
        var table = isGood ? Path.Combine(Repository.Samples, "b") : _scratch.PathOf("none");
        var line = CommandProcess.RealCommand(
            "extract", "--table-a", Path.Combine(Repository.Samples, "a"), "--table-b", table, "--output", _scratch.PathOf("out"), "--log",
            "json", "--metrics", "emf");
        var outcome = CommandProcess.RunShell($"( exec {line} {redirection} ); echo \"code $?\" >&2");

        Assert.EndsWith(isGood ? "code 0\n" : "code 3\n", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(isGood, File.Exists(_scratch.PathOf("out/active/latest.txt.gz")));
        if (isGood)
            Assert.Equal(0, CommandProcess.Run("verify", "--output", _scratch.PathOf("out")).ExitCode);
        if (isGood && !redirection.Contains('2', StringComparison.Ordinal) && redirection.Contains('>', StringComparison.Ordinal))
            Assert.Contains("stdout", outcome.Error, StringComparison.Ordinal);
    }

    [ShellTheory]
    [InlineData("done", "2> {pipe}", "0")]
    [InlineData("wait", "2> {pipe}", "143")]
    [InlineData("done", "> {pipe}", "0")]
    [InlineData("wait", "> {pipe}", "143")]
    [InlineData("wait", "> {pipe} 2>&1", "143")]
    public void Signal_WhenAPipeIsFullAndNoProcessReads_EndsTheProcess(string script, string redirection, string code)
    {
        // The shell holds both ends of the pipe and has filled it.
        var pipe = _scratch.PathOf("pipe");
        var line = $"mkfifo '{pipe}'; exec 9<> '{pipe}'; head -c 65536 /dev/zero >&9; "
            + $"{CommandProcess.ScriptCommand(Words.Extract("--log", "json", "--log-level", "debug"))} {redirection.Replace("{pipe}", $"'{pipe}'", StringComparison.Ordinal)} & "
            + "sleep 2; kill -TERM $!; wait $!; echo \"code $?\" >&8";
        var outcome = CommandProcess.RunShell($"exec 8>&1; {line}", new Dictionary<string, string> { [ScriptedRun.Variable] = script });

        Assert.Contains($"code {code}", outcome.Output, StringComparison.Ordinal);
    }

    [ShellTheory]
    [InlineData("publish", "64MiB")]
    [InlineData("publish", "1GiB")]
    public void FileSizeLimit_IsAnErrorThatNamesIt(string command, string memory)
    {
        // Ids that do not compress well, so that the file is larger than the limit of one KiB.
        var parts = Directory.CreateDirectory(_scratch.PathOf("parts")).FullName;
        var random = new Random(7);
        File.WriteAllLines(
            Path.Combine(parts, "part-0.txt"),
            Enumerable.Range(0, 2000).Select(
                _ => Convert.ToHexStringLower([.. Enumerable.Range(0, 12).Select(_ => (byte)random.Next(256))])));
        string[] words = [command, "--from", parts, "--output", _scratch.PathOf("out"), "--max-memory", memory];

        // The JIT runtime creates a large file at startup unless this setting is off.
        var outcome = CommandProcess.RunShell(
            $"ulimit -f 1; {CommandProcess.RealCommand(words)}",
            new Dictionary<string, string> { ["DOTNET_EnableWriteXorExecute"] = "0", ["COMPlus_EnableDiagnostics"] = "0" });

        Assert.Equal(3, outcome.ExitCode);
        Assert.Contains("ulimit -f", outcome.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_scratch.PathOf("out/active/latest.txt.gz")));
    }

    [ShellTheory]
    [InlineData("ABRT", "134")]
    public void CoreDump_OfACrash_IsNotWritten(string signal, string code)
    {
        var program = CommandProcess.RealCommand(
            "extract", "--table-a", Path.Combine(Repository.Samples, "a"), "--table-b", "s3://bucket/b/", "--output", "out",
            "--endpoint-url", "http://127.0.0.1:9", "--path-style");
        var outcome = CommandProcess.RunShell(
            $"cd '{_scratch.Root}'; ulimit -c unlimited 2> /dev/null; {program} & "
            + "for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do sleep 0.1; grep -q 'Max core file size *0 *0 ' /proc/$!/limits && break; done; "
            + $"grep 'Max core' /proc/$!/limits; kill -{signal} $!; wait $!; echo \"code $?\"; ls",
            new Dictionary<string, string>
            {
                ["AWS_ACCESS_KEY_ID"] = "any",
                ["AWS_SECRET_ACCESS_KEY"] = "any",
                ["AWS_REGION"] = "us-east-1"
            });

        Assert.Matches(@"Max core file size *0 *0 ", outcome.Output);
        Assert.Contains($"code {code}", outcome.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("core\n", outcome.Output.Replace("Max core file", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    /// <summary>A test that needs a Unix shell.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    private sealed class ShellTheoryAttribute : TheoryAttribute
    {
        public ShellTheoryAttribute() =>
            Skip = OperatingSystem.IsLinux() && File.Exists("/dev/full") ? null : "needs bash, /proc and /dev/full";
    }
}
