using System.Text.Json;
using IdExtractor.Cli.Tests.Hosting;

namespace IdExtractor.Cli.Tests.Reports;

/// <summary>The file of --report, as processes leave it.</summary>
public sealed class ReportTests : IDisposable
{
    private readonly Scratch _scratch = new();

    private string ReportPath => _scratch.PathOf("run.json");

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("done", 0, "published")]
    [InlineData("corrupt", 7, "failed")]
    [InlineData("guard", 4, "failed")]
    [InlineData("bug", 1, "failed")]
    public void Report_OfAnyEnd_FollowsTheSchema(string script, int exitCode, string outcome)
    {
        var process = CommandProcess.RunScript(script, Words.Extract("--report", ReportPath));

        Assert.Equal(exitCode, process.ExitCode);
        var report = Read();
        AssertFollowsSchema(report);
        Assert.Equal(exitCode, report.GetProperty("exit_code").GetInt32());
        Assert.Equal(outcome, report.GetProperty("outcome").GetString());
        Assert.Equal(exitCode != 0, report.GetProperty("error").ValueKind == JsonValueKind.Object);
        Assert.Equal(exitCode == 0, report.GetProperty("result").ValueKind == JsonValueKind.Object);
    }

    [Theory]
    [InlineData("--threads takes a whole number", "--threads", "0")]
    [InlineData("--min-ids 2 is above --max-ids 1", "--min-ids", "2", "--max-ids", "1")]
    [InlineData("--kms-key-id holds", "--kms-key-id", "Ref::key")]
    public void Report_OfAWrongValue_IsWritten(string message, params string[] words)
    {
        var process = CommandProcess.RunScript("done", Words.Extract(["--report", ReportPath, .. words]));

        Assert.Equal(2, process.ExitCode);
        AssertSaysSo(message);
    }

    [Fact]
    public void Report_OfACommandWithoutItsTables_IsWritten()
    {
        var process = CommandProcess.RunScript("done", "extract", "--report", ReportPath);

        Assert.Equal(2, process.ExitCode);
        AssertSaysSo("--table-a, --table-b, --output are required");
    }

    [Fact]
    public void Report_OfPlan_FollowsTheSchema()
    {
        var process = CommandProcess.RunScript("done", "plan", "--table-a", "a", "--table-b", "b", "--report", ReportPath);

        Assert.Equal(0, process.ExitCode);
        var report = Read();
        AssertFollowsSchema(report);
        Assert.Equal(7, report.GetProperty("plan").GetProperty("requests").GetInt32());
    }

    [Fact]
    public void Report_OfAFailure_SaysHowFarTheRunCameAndWhere()
    {
        CommandProcess.RunScript("corrupt", Words.Extract("--report", ReportPath));

        var report = Read();
        var phases = report.GetProperty("phases")
            .EnumerateArray()
            .Select(phase => (phase.GetProperty("name").GetString(), phase.GetProperty("finished").GetBoolean()));
        Assert.Equal([("plan", true), ("scan", false), ("report", false)], phases);
        Assert.Equal(1500, report.GetProperty("counters").GetProperty("rows_scanned").GetInt64());
        Assert.Equal(JsonValueKind.Null, report.GetProperty("counters").GetProperty("distinct_ids").ValueKind);
        Assert.Equal("20251022", report.GetProperty("inputs")[0].GetProperty("source_partition").GetString());
        Assert.Equal("_SUCCESS", report.GetProperty("inputs")[0].GetProperty("skipped")[0].GetProperty("name").GetString());
        Assert.Equal("One partition does not parse", report.GetProperty("warnings")[0].GetString());
        var error = report.GetProperty("error");
        Assert.Equal("corrupt_file", error.GetProperty("kind").GetString());
        Assert.Equal("A page is cut", error.GetProperty("message").GetString());
        Assert.Equal("documento", error.GetProperty("place").GetProperty("column").GetString());
        Assert.Equal(77, error.GetProperty("place").GetProperty("offset").GetInt32());
    }

    [Fact]
    public void Report_OfASuccess_SaysWhatWasPublished()
    {
        CommandProcess.RunScript("done", Words.Extract("--report", ReportPath, "--min-ids", "2"));

        var report = Read();
        Assert.Equal(3, report.GetProperty("result").GetProperty("total_ids").GetInt32());
        Assert.Equal(25, report.GetProperty("counters").GetProperty("drop_percent").GetDouble());
        var settings = report.GetProperty("settings").EnumerateArray().ToDictionary(setting => setting.GetProperty("name").GetString()!);
        Assert.Equal(
            ("2", "command line"),
            (settings["min-ids"].GetProperty("value").GetString(), settings["min-ids"].GetProperty("from").GetString()));
        Assert.Equal(
            ("14", "default"),
            (settings["key-width"].GetProperty("value").GetString(), settings["key-width"].GetProperty("from").GetString()));
    }

    [Fact]
    public void Report_OfAContradiction_IsWrittenToo()
    {
        var process = CommandProcess.Run(Words.Extract("--report", ReportPath, "--min-ids", "2", "--max-ids", "1"));

        Assert.Equal(2, process.ExitCode);
        var report = Read();
        AssertFollowsSchema(report);
        Assert.Equal("usage", report.GetProperty("error").GetProperty("kind").GetString());
    }

    [Fact]
    public void Report_InBatch_NamesTheJob()
    {
        var batch = new Dictionary<string, string> { ["AWS_BATCH_JOB_ID"] = "job-1", ["AWS_BATCH_JOB_ATTEMPT"] = "2" };

        CommandProcess.RunScript("done", batch, Words.Extract("--report", ReportPath));

        var report = Read();
        AssertFollowsSchema(report);
        Assert.Equal("job-1", report.GetProperty("batch").GetProperty("job_id").GetString());
        Assert.Equal(2, report.GetProperty("batch").GetProperty("attempt").GetInt32());
    }

    [Fact]
    public void Report_WhereNoneCanBe_FailsBeforeTheWork()
    {
        var process = CommandProcess.RunScript("done", Words.Extract("--report", _scratch.PathOf("none/run.json")));

        Assert.Equal(3, process.ExitCode);
        Assert.Equal("", process.Output);
        Assert.StartsWith(
            "error: The report cannot be written, because its folder does not exist: ", Assert.Single(process.ErrorLines),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Report_OnAFolder_FailsBeforeTheWork()
    {
        var process = CommandProcess.RunScript("done", Words.Extract("--report", _scratch.Root));

        Assert.Equal(3, process.ExitCode);
        Assert.Contains("its path is a folder", process.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Report_OverAnOlderOne_ReplacesItAndLeavesNothingElse()
    {
        File.WriteAllText(ReportPath, "older");

        CommandProcess.RunScript("done", Words.Extract("--report", ReportPath));

        AssertFollowsSchema(Read());
        Assert.Equal([ReportPath], Directory.GetFiles(_scratch.Root));
    }

    [Fact]
    public async Task Report_WhileTheRunGoesOn_LeavesTheOlderOneAlone()
    {
        await File.WriteAllTextAsync(ReportPath, "older");

        using var process = CommandProcess.StartScript("wait", null, Words.Extract("--report", ReportPath, "--log-level", "debug"));
        await process.WaitForTextAsync(ScriptedRun.Waiting);

        Assert.Equal("older", await File.ReadAllTextAsync(ReportPath));
        process.Signal("TERM");
        Assert.Equal(143, process.WaitForEnd().ExitCode);
        Assert.Equal("cancelled", Read().GetProperty("outcome").GetString());
        AssertFollowsSchema(Read());
    }

    [Fact]
    public void Schema_EveryObject_DemandsEveryFieldAndAllowsMore()
    {
        using var schema = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "report.schema.json")));
        AssertComplete(schema.RootElement);
    }

    private static void AssertComplete(JsonElement schema)
    {
        if (schema.TryGetProperty("properties", out var properties))
        {
            Assert.False(schema.TryGetProperty("additionalProperties", out _), "a later release may add fields");
            Assert.Equal(
                properties.EnumerateObject().Select(property => property.Name),
                schema.GetProperty("required").EnumerateArray().Select(name => name.GetString()));
            foreach (var property in properties.EnumerateObject())
            {
                Assert.True(
                    property.Value.TryGetProperty("description", out _) || property.Name is "seconds", $"{property.Name} is not described");
                AssertComplete(property.Value);
            }
        }

        if (schema.TryGetProperty("items", out var items))
            AssertComplete(items);
    }

    private static void AssertFollowsSchema(JsonElement report)
    {
        using var schema = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "report.schema.json")));
        Assert.Empty(JsonSchemaCheck.Problems(schema.RootElement, report));
    }

    private void AssertSaysSo(string message)
    {
        var report = Read();
        AssertFollowsSchema(report);
        Assert.Equal("failed", report.GetProperty("outcome").GetString());
        Assert.StartsWith(message, report.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private JsonElement Read()
    {
        using var report = JsonDocument.Parse(File.ReadAllText(ReportPath));
        return report.RootElement.Clone();
    }
}
