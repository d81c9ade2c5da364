using System.Diagnostics;
using System.Text.Json;
using IdExtractor.Cli.Tests.Hosting;

namespace IdExtractor.Cli.Tests.Reports;

/// <summary>
/// Where <c>--report</c> writes: links are followed, devices and pipes are written to and never
/// replaced, <c>-</c> is stdout.
/// </summary>
public sealed class ReportOutputTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("--log text")]
    [InlineData("--log json")]
    public void Report_OnADash_IsAllThatStdoutHolds(string log)
    {
        var outcome = CommandProcess.RunScript("done", Words.Extract(["--report", "-", .. log.Split(' ')]));
        Assert.Equal(0, outcome.ExitCode);
        AssertIsReport(outcome.Output);
        Assert.False(File.Exists("-"));
    }

    [Theory]
    [InlineData("/dev/stdout")]
    [InlineData("/dev/fd/1")]
    [InlineData("/proc/self/fd/1")]
    [InlineData("{link}")]
    public void Report_OnAnotherNameOfStdout_IsWrittenThere(string path)
    {
        if (!OperatingSystem.IsLinux())
            return;
        File.CreateSymbolicLink(_scratch.PathOf("link"), "/proc/self/fd/1");
        var report = path.Replace("{link}", _scratch.PathOf("link"), StringComparison.Ordinal);
        AssertIsReport(CommandProcess.RunScript("done", Words.Extract("--report", report)).Output);
        Assert.NotNull(new FileInfo(_scratch.PathOf("link")).LinkTarget);

        // Stdout as a file: opening it again would truncate and overwrite it.
        var line =
            $"{CommandProcess.ScriptCommand(Words.Extract("--report", report, "--metrics", "emf"))} > '{_scratch.PathOf("all.txt")}'";
        CommandProcess.RunShell(line, new Dictionary<string, string> { [ScriptedRun.Variable] = "done" });
        var all = File.ReadAllText(_scratch.PathOf("all.txt"));
        Assert.Contains("idextractor.report/2", all, StringComparison.Ordinal);
        Assert.Contains("CloudWatchMetrics", all, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("relative", true)]
    [InlineData("absolute", true)]
    [InlineData("relative", false)]
    [InlineData("chain", true)]
    public void Report_OnALink_IsWhereItLeads(string kind, bool exists)
    {
        if (OperatingSystem.IsWindows())
            return;
        var target = _scratch.PathOf("target.json");
        if (exists)
            File.WriteAllText(target, "old");
        File.CreateSymbolicLink(
            _scratch.PathOf("link.json"), kind == "relative" ? "target.json" : kind == "absolute" ? target : "middle.json");
        File.CreateSymbolicLink(_scratch.PathOf("middle.json"), "target.json");

        Assert.Equal(0, CommandProcess.RunScript("done", Words.Extract("--report", _scratch.PathOf("link.json"))).ExitCode);

        Assert.NotNull(new FileInfo(_scratch.PathOf("link.json")).LinkTarget);
        Assert.Null(new FileInfo(target).LinkTarget);
        AssertIsReport(File.ReadAllText(target));
        Assert.Equal(3, Directory.GetFiles(_scratch.Root).Length);
    }

    [Fact]
    public void Report_OnAPipe_IsReadThere()
    {
        if (OperatingSystem.IsWindows())
            return;
        var pipe = _scratch.PathOf("pipe");
        using (var make = Process.Start("mkfifo", [pipe]))
            make.WaitForExit();
        var outcome = CommandProcess.RunShell(
            $"cat '{pipe}' > '{_scratch.PathOf("read")}' & {CommandProcess.ScriptCommand(Words.Extract("--report", pipe))}; echo code $?; wait; test -p '{pipe}' && echo still",
            new Dictionary<string, string> { [ScriptedRun.Variable] = "done" });
        Assert.Contains("code 0\nstill\n", outcome.Output, StringComparison.Ordinal);
        AssertIsReport(File.ReadAllText(_scratch.PathOf("read")));
    }

    [Theory]
    [InlineData("/dev/null", null)]
    [InlineData("/dev/full", "report could not be written")]
    public void Report_OnADevice_LeavesTheDevice(string device, string? logged)
    {
        if (!OperatingSystem.IsLinux())
            return;
        var outcome = CommandProcess.RunScript("done", Words.Extract("--report", device));
        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(logged is not null, outcome.Error.Contains(logged ?? "error", StringComparison.Ordinal));
        Assert.Equal(FileAttributes.None, File.GetAttributes(device) & (FileAttributes.Directory | FileAttributes.ReparsePoint));
        Assert.Equal(0, new FileInfo(device).Length);
    }

    [Fact]
    public void Report_InAFolderThatMayNotBeWritten_IsWrittenIntoTheFileThatIsThere()
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
            return;
        Directory.CreateDirectory(_scratch.PathOf("folder"));
        var path = _scratch.Write("folder/report.json", new string(' ', 100_000) + "old");
        File.SetUnixFileMode(_scratch.PathOf("folder"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            Assert.Equal(0, CommandProcess.RunScript("done", Words.Extract("--report", path)).ExitCode);
            AssertIsReport(File.ReadAllText(path));
        }
        finally
        {
            File.SetUnixFileMode(_scratch.PathOf("folder"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static void AssertIsReport(string text)
    {
        using var report = JsonDocument.Parse(text);
        Assert.Equal("idextractor.report/2", report.RootElement.GetProperty("schema").GetString());
    }
}
