using System.Diagnostics;
using IdExtractor.Cli.Tests.Hosting;

namespace IdExtractor.Cli.Tests.Processes;

/// <summary>
/// Outputs and reports in the place of an input, or of each other, under any name: exit 2, and
/// nothing is touched.
/// </summary>
public sealed class InputsAsOutputsTests : IDisposable
{
    private const string Partition = "b/ano_mes_dia=20251022";

    private readonly Scratch _scratch = new();

    public InputsAsOutputsTests()
    {
        Directory.CreateDirectory(_scratch.PathOf("a"));
        Directory.CreateDirectory(_scratch.PathOf(Partition));
        Copy(Path.Combine(Repository.Samples, "a"), "a");
        Copy(Path.Combine(Repository.Samples, "b", "ano_mes_dia=20251022"), Partition);
        _scratch.Write("list.csv", "documento\n52998224725\n");
        _scratch.Write("job.json", "{}");
        if (!OperatingSystem.IsWindows())
        {
            Directory.CreateSymbolicLink(_scratch.PathOf("linked"), "b");
            File.CreateSymbolicLink(_scratch.PathOf("linked.csv"), "list.csv");
        }
    }

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("--output b", "--output")]
    [InlineData("--output ./b/", "--output")]
    [InlineData("--output out/../b", "--output")]
    [InlineData("--output linked/ids", "--output")]
    [InlineData("--output b/ano_mes_dia=20251022", "--output")]
    [InlineData("--output b/ano_mes_dia=20251022/ids/new", "--output")]
    [InlineData("--output a/ids", "--output")]
    [InlineData("--output . --active-key b/latest.gz", "--active-key")]
    [InlineData("--output . --stage-key b/stage_YYYYMMDD_HHMMSS.gz", "--stage-key")]
    [InlineData("--output . --active-key linked/latest.gz", "--active-key")]
    [InlineData("--output . --active-key job.json", "--active-key")]
    [InlineData("--output out --report b/report.json", "--report")]
    [InlineData("--output out --report linked/ano_mes_dia=20251022/x.json", "--report")]
    [InlineData("--output out --report job.json", "--report")]
    [InlineData("--output out --report ./out/../job.json", "--report")]
    [InlineData("--output out --report out/active/latest.txt.gz", "--report")]
    [InlineData("--output out --report out/active/latest.txt.gz.metadata.json", "--report")]
    [InlineData("--output out --report out/active/../active/latest.txt.gz", "--report")]
    [InlineData("--output out --report out/active/.latest.txt.gz.idx-lock", "--report")]
    [InlineData("--output out --report out/stage/stage_20251022_120000.txt.gz", "--report")]
    [InlineData("--output out --report s3://bucket/report.json", "--report")]
    [InlineData("--output out --report-html b/report.html", "--report-html")]
    [InlineData("--output out --report-html job.json", "--report-html")]
    [InlineData("--output out --report-html out/active/latest.txt.gz", "--report-html")]
    [InlineData("--output out --report-html s3://bucket/report.html", "--report-html")]
    [InlineData("--output out --report run.json --report-html ./out/../run.json", "--report-html")]
    [InlineData("--output out --report - --report-html -", "--report-html")]
    [InlineData("--output b/../b --table-b b/ano_mes_dia=20251022", "--output")]
    public void Extract_PlaceThatIsReadOrWrittenAlready_IsAUsageError(string options, string named)
    {
        if (OperatingSystem.IsWindows() && options.Contains("linked", StringComparison.Ordinal))
            return;
        var before = Snapshot();
        var words = options.Split(' ');
        string[] tables = words.Contains("--table-b") ? ["--table-a", "a"] : ["--table-a", "a", "--table-b", "b"];
        var outcome = Run(["extract", .. tables, "--config", "job.json", .. words]);

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(named, outcome.Error, StringComparison.Ordinal);
        Assert.Equal(before, Snapshot());
    }

    [Theory]
    [InlineData("--report list.csv", "--report")]
    [InlineData("--report linked.csv", "--report")]
    [InlineData("--report hard.csv", "--report")]
    [InlineData("--active-key list.csv --output .", "--active-key")]
    public void Extract_PlaceOfTheListOfTableA_IsAUsageError(string options, string named)
    {
        if (!OperatingSystem.IsLinux())
            return;
        using (var link = Process.Start("ln", [_scratch.PathOf("list.csv"), _scratch.PathOf("hard.csv")]))
            link.WaitForExit();
        var words = options.Split(' ');
        var before = Snapshot();
        string[] output = words.Contains("--output") ? [] : ["--output", "out"];
        var outcome = Run(["extract", "--table-a", "list.csv", "--table-b", "b", .. output, .. words]);

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(named, outcome.Error, StringComparison.Ordinal);
        Assert.Equal(before, Snapshot());
    }

    [Theory]
    [InlineData("extract --table-a list.csv --table-b b --output . --report report.json")]
    [InlineData("extract --table-a a --table-b b --output bb --report out-report.json")]
    [InlineData("extract --table-a a --table-b b --output out --report out/report.json")]
    public void Extract_PlacesBesideTheInput_AreFine(string words)
    {
        var outcome = Run(words.Split(' '));
        Assert.NotEqual(2, outcome.ExitCode);
    }

    [Theory]
    [InlineData("verify --output out --report out/active/latest.txt.gz")]
    [InlineData("verify --output out --report out/active/latest.txt.gz.metadata.json")]
    [InlineData("verify --output out --stage stage/mine.gz --report out/stage/mine.gz")]
    [InlineData("promote --output out --stage stage/mine.gz --report out/stage/mine.gz.metadata.json")]
    [InlineData("publish --from b --output b")]
    [InlineData("publish --from b --output out --report b/part.json")]
    [InlineData("history --output out --html page --report page")]
    [InlineData("history --output out --html page --report-html ./out/../page")]
    [InlineData("history --output out --html - --report -")]
    [InlineData("history --output out --html - --report /dev/stdout")]
    public void OtherCommands_PlaceThatIsReadOrWrittenAlready_IsAUsageError(string words) =>
        Assert.Equal(2, Run(words.Split(' ')).ExitCode);

    private CommandOutcome Run(params string[] words) =>
        CommandProcess.RunShell($"cd '{_scratch.Root}' && {CommandProcess.RealCommand(words)}");

    private void Copy(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from))
            File.Copy(file, Path.Combine(_scratch.PathOf(to), Path.GetFileName(file)));
    }

    private string Snapshot() => string.Join('\n', Directory.EnumerateFileSystemEntries(_scratch.Root, "*", SearchOption.AllDirectories)
        .Select(
            path => $"{path} {File.GetLastWriteTimeUtc(path).Ticks} {(File.Exists(path) ? new FileInfo(path).Length : 0)}")
                .Order(StringComparer.Ordinal));
}
