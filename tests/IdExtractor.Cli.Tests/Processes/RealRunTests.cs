using System.Globalization;
using System.IO.Compression;
using IdExtractor.Cli.Tests.Hosting;

namespace IdExtractor.Cli.Tests.Processes;

/// <summary>The real program, engine and all, on the samples.</summary>
public sealed class RealRunTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Extract_OfTheSamples_PublishesWhatTheyExpect()
    {
        var outcome = ExtractSamples();

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.ErrorWithoutProgress));
        Assert.StartsWith("Published 216 IDs of partition 20251022\n", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(Unpack(Path.Combine(Repository.Samples, "expected.txt.gz")), Unpack(_scratch.PathOf("active/latest.txt.gz")));
    }

    [Fact]
    public void Extract_TheSameIdsAgain_ReportsAChangeOfNothing()
    {
        ExtractSamples();

        var outcome = ExtractSamples("--json");

        Assert.Contains("\"change\":0,\"change_percent\":0}", outcome.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("extract --table-a s3://bucket/a --table-b {b} --output {out}")]
    [InlineData("plan --table-a glue://database/a --table-b {b}")]
    [InlineData("verify --output s3://bucket/ids/")]
    public void Aws_WithoutCredentials_IsToldInOneLine(string words)
    {
        var environment = new Dictionary<string, string>
        {
            ["AWS_REGION"] = "us-east-1",
            ["AWS_EC2_METADATA_DISABLED"] = "true",
            ["AWS_SHARED_CREDENTIALS_FILE"] = _scratch.PathOf("none"),
            ["AWS_CONFIG_FILE"] = _scratch.PathOf("none"),
        };
        var outcome = CommandProcess.Run(
            environment,
            words.Replace("{b}", Path.Combine(Repository.Samples, "b"), StringComparison.Ordinal)
                .Replace("{out}", _scratch.Root, StringComparison.Ordinal)
                .Split(' '));

        Assert.Equal(3, outcome.ExitCode);
        Assert.Equal(
            "error: There are no AWS credentials; set a profile or AWS_ACCESS_KEY_ID, or run with a role\n", outcome.ErrorWithoutProgress);
    }

    [Theory]
    [InlineData("file")]
    [InlineData("file/out")]
    public void Extract_OutputThatCannotBeMade_FailsBeforeAnythingIsRead(string output)
    {
        File.WriteAllText(_scratch.PathOf("file"), "text");
        var outcome = CommandProcess.Run(
            "extract", "--table-a", "no-such-table", "--table-b", "no-such-table", "--output", _scratch.PathOf(output));

        Assert.Equal(3, outcome.ExitCode);
        Assert.Equal(
            $"error: A folder is needed where a file stands: {_scratch.PathOf("file")}; name another place or remove the file\n",
            outcome.ErrorWithoutProgress);
        Assert.Equal("text", File.ReadAllText(_scratch.PathOf("file")));
    }

    [Theory]
    [InlineData("TERM", 143)]
    [InlineData("INT", 130)]
    public async Task Signal_DuringARealJob_LeavesNothingBehind(string signal, int exitCode)
    {
        Directory.CreateDirectory(_scratch.PathOf("parts"));
        await using (var part = new StreamWriter(_scratch.PathOf("parts/part-0.txt")))
        {
            const int SomeSecondsOfWork = 4_000_000;
            for (var i = 0; i < SomeSecondsOfWork; i++)
                part.Write(string.Create(CultureInfo.InvariantCulture, $"ID-{i:0000000}\n"));
        }

        using var process = CommandProcess.StartReal(
            "publish", "--from", _scratch.PathOf("parts"), "--output", _scratch.PathOf("out"), "--report", _scratch.PathOf("run.json"),
            "--log-level", "debug", "--quiet");
        await process.WaitForTextAsync("phase.started");
        process.Signal(signal);

        var outcome = process.WaitForEnd();
        Assert.Equal(exitCode, outcome.ExitCode);
        Assert.EndsWith($" error: Cancelled by SIG{signal}", outcome.ErrorLines[^1], StringComparison.Ordinal);
        Assert.Equal("", outcome.Output);
        Assert.Empty(
            Directory.Exists(_scratch.PathOf("out")) ? Directory.GetFiles(_scratch.PathOf("out"), "*", SearchOption.AllDirectories) : []);
        Assert.Contains("\"outcome\": \"cancelled\"", await File.ReadAllTextAsync(_scratch.PathOf("run.json")), StringComparison.Ordinal);
    }

    private CommandOutcome ExtractSamples(params string[] more) =>
        CommandProcess.Run(
        [
            "extract", "--table-a", Path.Combine(Repository.Samples, "a"), "--table-b", Path.Combine(Repository.Samples, "b"), "--output",
            _scratch.Root, .. more,
        ]);

    private static string Unpack(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        return reader.ReadToEnd();
    }
}
