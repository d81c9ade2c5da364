using System.Text.Json;
using IdExtractor.Cli.Tests.Hosting;

namespace IdExtractor.Cli.Tests.Processes;

/// <summary>What goes to stdout and stderr.</summary>
public sealed class OutputTests
{
    private const char Escape = '\e';

    [Fact]
    public void Result_InText_IsAFewLinesOnStdout()
    {
        var outcome = CommandProcess.RunScript("done", Words.Extract());

        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal("warning: One partition does not parse\n", outcome.ErrorWithoutProgress);
        Assert.Equal(
            [
                "Published 3 IDs of partition 20251022",
                "  change     -25%, -1 against 4 of partition 20251021",
                "  md5        7fdfa3ed267d869eab18b755ce475a4f",
                $"  sha256     {new string('a', 64)}",
                "  active     out/active/latest.txt.gz (33 B)",
                "  stage      out/stage/stage_20251022_120000.txt.gz",
                "  checked    metadata, MD5",
                "  CPFs       10 read, 7 valid, 2 duplicate, 3 rejected (1 empty, 2 not digits)",
                "  rows       1,500 scanned, 5 matched",
                "  skipped    at least 10 rows without a document",
                "  ruled out  1 row group, 4 pages",
                "  dropped    1 matched row without an ID",
                "  phases     plan 0.01 s, scan 0.01 s",
                "  requests   9, USD 0.000008 by list prices",
                "  repeated   2 requests",
            ],
            outcome.OutputLines[..^1]);
        Assert.Matches(@"^  took       \d+\.\d\d s, 250 B read$", outcome.OutputLines[^1]);
    }

    [Fact]
    public void Result_InJson_IsOneObject()
    {
        var outcome = CommandProcess.RunScript("done", Words.Extract("--log", "json"));

        using var result = JsonDocument.Parse(Assert.Single(outcome.OutputLines));
        var names = result.RootElement.EnumerateObject().Select(member => member.Name);
        Assert.Equal(
            [
                "event", "command", "run_id", "outcome", "seconds", "source_partition", "total_ids", "md5_checksum", "gz_sha256",
                "gzip_bytes", "active", "stage",
                "checked", "previous", "counters", "phases", "requests",
            ],
            names);
        Assert.Equal(3, result.RootElement.GetProperty("total_ids").GetInt32());
    }

    [Fact]
    public void Result_OfVerify_SaysSo() =>
        Assert.StartsWith(
            "Verified 3 IDs of partition 20251022\n", CommandProcess.RunScript("done", "verify", "--output", "o").Output,
            StringComparison.Ordinal);

    [Fact]
    public void Plan_InText_ShowsBothTables()
    {
        var outcome = CommandProcess.RunScript("done", "plan", "--table-a", "a", "--table-b", "b");

        Assert.Equal(
            [
                "Table A: people",
                "  files      1, 1000 B, 3,000 rows in 2 row groups",
                "  skipped    _SUCCESS: hidden",
                "Table B: accounts",
                "  partition  20251022",
                "  files      1, 1000 B, 3,000 rows in 2 row groups",
                "  column     documento, BYTE_ARRAY (STRING), 3.00 KiB",
                "  column     id, INT64, 1.00 KiB",
                "  skipped    _SUCCESS: hidden",
                "To read: 4.00 KiB in 7 requests",
            ],
            outcome.OutputLines[..^1]);
    }

    [Fact]
    public void Plan_OfATableInS3_CountsAndPricesTheRequestsOfARun()
    {
        var outcome = CommandProcess.RunScript("done", "plan", "--table-a", "a", "--table-b", "s3://bucket/b/");

        Assert.Equal(
            [
                "Requests of a run, when nothing is tried again:",
                "  plan       2 GET, 1 LIST",
                "  scan       1,498 GET",
                "  in all     1,500 GET, 1 LIST",
                "  cost       USD 0.000605, by list prices of us-east-1, S3 Standard: USD 0.005 per 1,000 PUT, COPY and LIST, 0.0004 per 1,000 GET and HEAD; Glue Data Catalog: 1 per million",
                "  compute    USD 0.000823, about 10 s on Fargate with 1 vCPU, by list prices of us-east-1: USD 0.04048 per vCPU and 0.004445 per GB and hour, at least 60 s",
            ],
            outcome.OutputLines[^7..^1]);
    }

    [Fact]
    public void Plan_OfATableInS3_PricesInJsonToo()
    {
        var outcome = CommandProcess.RunScript("done", "plan", "--table-a", "a", "--table-b", "s3://bucket/b/", "--json");

        using var plan = JsonDocument.Parse(Assert.Single(outcome.OutputLines));
        Assert.Equal("""{"step":"scan","kind":"get","count":1498}""", plan.RootElement.GetProperty("run_requests")[2].GetRawText());
        Assert.Equal(0.000605m, plan.RootElement.GetProperty("price_usd").GetDecimal());
        Assert.Contains("us-east-1", plan.RootElement.GetProperty("price_basis").GetString(), StringComparison.Ordinal);
        var compute = plan.RootElement.GetProperty("compute");
        Assert.Equal((1, 2, 10.0, 0.000823m), (compute.GetProperty("vcpus").GetInt32(), compute.GetProperty("memory_gb").GetInt32(),
            compute.GetProperty("seconds").GetDouble(), compute.GetProperty("price_usd").GetDecimal()));
        Assert.Contains("us-east-1", compute.GetProperty("price_basis").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_OfLocalTables_HasNoPrice()
    {
        var outcome = CommandProcess.RunScript("done", "plan", "--table-a", "a", "--table-b", "b", "--json");

        using var plan = JsonDocument.Parse(Assert.Single(outcome.OutputLines));
        Assert.Equal(JsonValueKind.Null, plan.RootElement.GetProperty("price_usd").ValueKind);
        Assert.Equal(3, plan.RootElement.GetProperty("run_requests").GetArrayLength());
        Assert.False(plan.RootElement.TryGetProperty("compute", out _));
    }

    [Theory]
    [InlineData("--json")]
    [InlineData("--log json")]
    public void Plan_InJson_IsOneObject(string words)
    {
        var outcome = CommandProcess.RunScript("done", ["plan", "--table-a", "a", "--table-b", "b", .. words.Split(' ')]);

        using var plan = JsonDocument.Parse(Assert.Single(outcome.OutputLines));
        Assert.Equal(7, plan.RootElement.GetProperty("requests").GetInt32());
        var column = plan.RootElement.GetProperty("columns")[1];
        Assert.Equal(("b", "id", "INT64", 1024), (column.GetProperty("role").GetString(), column.GetProperty("name").GetString(),
            column.GetProperty("type").GetString(), column.GetProperty("bytes").GetInt32()));
        Assert.Equal("part-0.parquet", plan.RootElement.GetProperty("inputs")[1].GetProperty("files")[0].GetProperty("name").GetString());
    }

    [Fact]
    public void Log_InJson_IsOneObjectALineWithTheSameRunId()
    {
        var batch = new Dictionary<string, string> { ["AWS_BATCH_JOB_ID"] = "job-1", ["AWS_BATCH_JOB_ATTEMPT"] = "2" };

        var outcome = CommandProcess.RunScript("done", batch, Words.Extract("--log", "json", "--log-level", "debug"));

        var lines = outcome.ErrorLines.Concat(outcome.OutputLines).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Single(lines.Select(line => line.GetProperty("run_id").GetString()).Distinct());
        Assert.All(lines[..^1], line =>
        {
            Assert.True(DateTimeOffset.TryParse(line.GetProperty("ts").GetString(), out _));
            Assert.Contains(line.GetProperty("level").GetString(), (string[])["error", "warn", "info", "debug"]);
            Assert.Equal("job-1", line.GetProperty("batch_job_id").GetString());
            Assert.Equal(2, line.GetProperty("batch_attempt").GetInt32());
        });
        Assert.Contains(lines, line => line.GetProperty("event").GetString() == "phase.started");
        Assert.Contains(
            lines,
            line => line.GetProperty("event")
                .GetString() == "input.planned" && line.GetProperty("fields")
                .GetProperty("rows")
                .GetInt64() == 3000);
    }

    [Theory]
    [InlineData("error", 0)]
    [InlineData("warn", 1)]
    [InlineData("info", 12)]
    [InlineData("debug", 15)]
    public void Log_OfALevel_HoldsWhatIsThatGraveOrGraver(string level, int lines) =>
        Assert.Equal(
            lines,
            CommandProcess.RunScript("done", Words.Extract("--log-level", level)).ErrorLines.Count(
                line => !line.Contains(" progress", StringComparison.Ordinal)));

    [Fact]
    public void Log_OutsideOfBatch_NamesNoJob()
    {
        var outcome = CommandProcess.RunScript("done", Words.Extract("--log", "json"));

        Assert.DoesNotContain("batch", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("done", "")]
    [InlineData("done", "--log-level debug")]
    [InlineData("corrupt", "--log-level debug")]
    public void Output_ToAPipe_HoldsNoEscapeCodes(string script, string words)
    {
        var outcome = CommandProcess.RunScript(
            script, new Dictionary<string, string> { ["TERM"] = "xterm-256color" },
            Words.Extract(words.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

        Assert.DoesNotContain(Escape, outcome.Output + outcome.Error);
    }

    [Fact]
    public void Help_ToAPipe_HoldsNoEscapeCodes()
    {
        var outcome = CommandProcess.Run(new Dictionary<string, string> { ["TERM"] = "xterm-256color" }, "extract", "--help");

        Assert.DoesNotContain(Escape, outcome.Output);
    }

    [FullDeviceFact]
    public void Result_ThatCannotBeWritten_IsAWarningAfterPublishing()
    {
        using var process = CommandProcess.Start(
            "sh", new Dictionary<string, string> { [ScriptedRun.Variable] = "done" }, "-c",
            CommandProcess.ScriptCommand(Words.Extract()) + " > /dev/full");

        var outcome = process.WaitForEnd();

        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(
            "warning: Standard output (stdout) cannot be written to (No space left on device); the exit code says how the run ended",
            outcome.ErrorLines[^1]);
    }

    [FullDeviceFact]
    public void Plan_ThatCannotBeWritten_IsAFailure()
    {
        using var process = CommandProcess.Start(
            "sh", new Dictionary<string, string> { [ScriptedRun.Variable] = "done" },
            "-c", CommandProcess.ScriptCommand("plan", "--table-a", "people/", "--table-b", "accounts/") + " > /dev/full");

        var outcome = process.WaitForEnd();

        Assert.Equal(75, outcome.ExitCode);
        Assert.StartsWith("error: Standard output (stdout) cannot be written to", outcome.ErrorLines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Result_WhoseReaderIsGone_IsNoFailure()
    {
        using var process = CommandProcess.Start(
            "sh", new Dictionary<string, string> { [ScriptedRun.Variable] = "done" }, "-c",
            $"{{ {CommandProcess.ScriptCommand(Words.Extract())}; echo code $? >&2; }} | true");

        Assert.Contains("code 0", process.WaitForEnd().Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Message_WithControlCharacters_ShowsNone()
    {
        var outcome = CommandProcess.RunScript("hostile", Words.Extract());

        Assert.Equal(3, outcome.ExitCode);
        Assert.Equal("error: There is no such file: a\uFFFD[2Jb\uFFFDc\uFFFDd", outcome.ErrorLines[^1]);
    }

    [Fact]
    public void Metrics_WhenNotAskedFor_AreNotTold() =>
        Assert.DoesNotContain(
            "_aws", CommandProcess.RunScript("done", Words.Extract("--metrics", "none")).Output, StringComparison.Ordinal);

    /// <summary>A test that needs a device that is always full.</summary>
    private sealed class FullDeviceFactAttribute : FactAttribute
    {
        public FullDeviceFactAttribute()
        {
            if (!File.Exists("/dev/full"))
                Skip = "there is no /dev/full, the device that is always full";
        }
    }
}
