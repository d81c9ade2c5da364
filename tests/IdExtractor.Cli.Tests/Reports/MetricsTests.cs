using System.Text.Json;
using IdExtractor.Cli.Tests.Hosting;

namespace IdExtractor.Cli.Tests.Reports;

/// <summary>CloudWatch's embedded metric format, as processes print it.</summary>
public sealed class MetricsTests
{
    [Fact]
    public void Metrics_OfASuccess_AreOneLineOfTheEmbeddedFormat()
    {
        var outcome = CommandProcess.RunScript("done", Words.Extract("--metrics", "emf", "--log", "json"));

        var line = Read(outcome);
        var values = line.EnumerateObject()
            .Where(member => member.Value.ValueKind == JsonValueKind.Number)
            .ToDictionary(member => member.Name, member => member.Value.GetDouble());
        Assert.Equal(1500, values["RowsScanned"]);
        Assert.Equal(5, values["RowsMatched"]);
        Assert.Equal(3, values["DistinctIds"]);
        Assert.Equal(250, values["BytesRead"]);
        Assert.Equal(9, values["Requests"]);
        Assert.Equal(2, values["Retries"]);
        Assert.Equal(25, values["DropPercent"]);
        Assert.Equal(0.005, values["PlanSeconds"]);
        Assert.Equal(0.012, values["ScanSeconds"]);
        Assert.Equal((1, 0, 0), (values["Succeeded"], values["Failed"], values["ExitCode"]));
        Assert.Equal("20251022", line.GetProperty("SourcePartition").GetString());
    }

    [Fact]
    public void Metrics_Declared_AreThoseThatAreThereAndTheDimensionToo()
    {
        var line = Read(CommandProcess.RunScript("done", Words.Extract("--metrics", "emf")));

        var declaration = line.GetProperty("_aws").GetProperty("CloudWatchMetrics")[0];
        Assert.Equal("IdExtractor", declaration.GetProperty("Namespace").GetString());
        Assert.Equal("[[\"Command\"]]", declaration.GetProperty("Dimensions").GetRawText());
        Assert.Equal("extract", line.GetProperty("Command").GetString());
        var metrics = declaration.GetProperty("Metrics").EnumerateArray().ToArray();
        Assert.InRange(metrics.Length, 1, 100);
        Assert.All(metrics, metric =>
        {
            Assert.Equal(JsonValueKind.Number, line.GetProperty(metric.GetProperty("Name").GetString()!).ValueKind);
            Assert.Contains(metric.GetProperty("Unit").GetString(), (string[])["Count", "Seconds", "Bytes", "Percent"]);
        });
        var age = DateTimeOffset.UtcNow - DateTimeOffset.FromUnixTimeMilliseconds(
            line.GetProperty("_aws").GetProperty("Timestamp").GetInt64());
        Assert.InRange(age, TimeSpan.FromMinutes(-5), TimeSpan.FromMinutes(5));
    }

    [Fact]
    public void Metrics_OfAFailure_AreToldToo()
    {
        var outcome = CommandProcess.RunScript("corrupt", Words.Extract("--metrics", "emf"));

        Assert.Equal(7, outcome.ExitCode);
        var line = Read(outcome);
        Assert.Equal(
            (0, 1, 7),
            (line.GetProperty("Succeeded").GetInt32(), line.GetProperty("Failed").GetInt32(), line.GetProperty("ExitCode").GetInt32()));
        Assert.Equal(1500, line.GetProperty("RowsScanned").GetInt32());
        Assert.False(line.TryGetProperty("DistinctIds", out _));
        Assert.False(line.TryGetProperty("DropPercent", out _));
    }

    [Theory]
    [InlineData("done", 0, "published")]
    [InlineData("corrupt", 7, "failed")]
    [InlineData("guard", 4, "failed")]
    [InlineData("bug", 1, "failed")]
    [InlineData("timeout", 75, "failed")]
    public void Metrics_OfAnyEnd_FollowTheSpecification(string script, int exitCode, string ended)
    {
        var outcome = CommandProcess.RunScript(script, Words.Extract("--metrics", "emf", "--log", "json"));

        Assert.Equal(exitCode, outcome.ExitCode);
        Assert.Empty(EmbeddedMetricsRules.Problems(outcome.OutputLines[^1]));
        Assert.Equal(ended, Read(outcome).GetProperty("Outcome").GetString());
    }

    [Theory]
    [InlineData("extract")]
    [InlineData("publish")]
    [InlineData("promote")]
    [InlineData("verify")]
    [InlineData("plan")]
    public void Metrics_OfAnyCommand_FollowTheSpecification(string command)
    {
        string[] words = command switch
        {
            "extract" => Words.Extract(),
            "publish" => ["publish", "--from", "parts/", "--output", "out/"],
            "promote" => ["promote", "--stage", "stage/one.txt.gz", "--output", "out/"],
            "verify" => ["verify", "--output", "out/"],
            _ => ["plan", "--table-a", "a", "--table-b", "b"],
        };

        var outcome = CommandProcess.RunScript("done", [.. words, "--metrics", "emf"]);

        Assert.Equal(0, outcome.ExitCode);
        Assert.Empty(EmbeddedMetricsRules.Problems(outcome.OutputLines[^1]));
        Assert.Equal(command, Read(outcome).GetProperty("Command").GetString());
    }

    [Fact]
    public void Metrics_BesideAResult_LeaveItAsItIs()
    {
        var plain = CommandProcess.RunScript("done", "plan", "--table-a", "a", "--table-b", "b", "--json");

        var measured = CommandProcess.RunScript("done", "plan", "--table-a", "a", "--table-b", "b", "--json", "--metrics", "emf");

        Assert.Equal(2, measured.OutputLines.Length);
        string[] Names(string line) => [.. JsonDocument.Parse(line).RootElement.EnumerateObject().Select(member => member.Name)];
        Assert.Equal(Names(Assert.Single(plain.OutputLines)), Names(measured.OutputLines[0]));
        Assert.Contains("_aws", Names(measured.OutputLines[1]));
    }

    [Fact]
    public void Metrics_InBatch_NameTheJobAndTheAttempt()
    {
        var batch = new Dictionary<string, string> { ["AWS_BATCH_JOB_ID"] = "job-1", ["AWS_BATCH_JOB_ATTEMPT"] = "2" };

        var line = Read(CommandProcess.RunScript("done", batch, Words.Extract("--metrics", "emf")));

        Assert.Equal(("job-1", 2), (line.GetProperty("BatchJobId").GetString(), line.GetProperty("BatchAttempt").GetInt32()));
        Assert.Empty(EmbeddedMetricsRules.Problems(line.GetRawText()));
    }

    [Fact]
    public async Task Metrics_OfACancelledRun_AreToldToo()
    {
        using var process = CommandProcess.StartScript("wait", null, Words.Extract("--log-level", "debug", "--metrics", "emf"));
        await process.WaitForTextAsync(ScriptedRun.Waiting);

        process.Signal("TERM");

        var outcome = process.WaitForEnd();
        Assert.Equal(143, outcome.ExitCode);
        Assert.Empty(EmbeddedMetricsRules.Problems(outcome.OutputLines[^1]));
        Assert.Equal("cancelled", Read(outcome).GetProperty("Outcome").GetString());
    }

    private static JsonElement Read(CommandOutcome outcome)
    {
        Assert.Single(outcome.OutputLines, line => line.Contains("\"_aws\"", StringComparison.Ordinal));
        return JsonDocument.Parse(outcome.OutputLines[^1]).RootElement;
    }
}
