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
        var values = line.EnumerateObject().Where(member => member.Value.ValueKind == JsonValueKind.Number).ToDictionary(member => member.Name, member => member.Value.GetDouble());
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
        var age = DateTimeOffset.UtcNow - DateTimeOffset.FromUnixTimeMilliseconds(line.GetProperty("_aws").GetProperty("Timestamp").GetInt64());
        Assert.InRange(age, TimeSpan.FromMinutes(-5), TimeSpan.FromMinutes(5));
    }

    [Fact]
    public void Metrics_OfAFailure_AreToldToo()
    {
        var outcome = CommandProcess.RunScript("corrupt", Words.Extract("--metrics", "emf"));

        Assert.Equal(7, outcome.ExitCode);
        var line = Read(outcome);
        Assert.Equal((0, 1, 7), (line.GetProperty("Succeeded").GetInt32(), line.GetProperty("Failed").GetInt32(), line.GetProperty("ExitCode").GetInt32()));
        Assert.Equal(1500, line.GetProperty("RowsScanned").GetInt32());
        Assert.False(line.TryGetProperty("DistinctIds", out _));
        Assert.False(line.TryGetProperty("DropPercent", out _));
    }

    private static JsonElement Read(CommandOutcome outcome) =>
        JsonDocument.Parse(Assert.Single(outcome.OutputLines, line => line.Contains("\"_aws\"", StringComparison.Ordinal))).RootElement;
}
