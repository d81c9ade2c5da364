using System.Text.Json.Nodes;

namespace IdExtractor.Cli.Tests.Reports;

/// <summary>
/// The rules themselves: a checker that finds nothing wrong with anything would prove nothing.
/// </summary>
public sealed class EmbeddedMetricsRulesTests
{
    [Fact]
    public void Problems_OfASoundLine_AreNone() => Assert.Empty(EmbeddedMetricsRules.Problems(Sound().ToJsonString()));

    public static TheoryData<string, string> Faults => new()
    {
        { "seconds", "Timestamp is not in milliseconds, or not of the last two weeks" },
        { "text-time", "Timestamp is no whole number" },
        { "no-directives", "CloudWatchMetrics is no array" },
        { "no-metadata", "there is no _aws object" },
        { "no-namespace", "Namespace is missing, empty, too long or reserved" },
        { "reserved-namespace", "Namespace is missing, empty, too long or reserved" },
        { "flat-dimensions", "a dimension set is no array of at most 30 names" },
        { "no-dimensions", "Dimensions is no array of sets" },
        { "dimension-without-value", "the value of dimension Command is no printable ASCII text of the root" },
        { "dimension-of-number", "the value of dimension Command is no printable ASCII text of the root" },
        { "empty-dimension", "the value of dimension Command is no printable ASCII text of the root" },
        { "metric-without-value", "Rows is no number of the root" },
        { "metric-of-text", "Rows is no number of the root" },
        { "unknown-unit", "Rows has an unknown unit" },
        { "twice", "Rows is defined twice" },
        { "101-metrics", "Metrics is no array of 1 to 100 definitions" },
        { "no-metrics", "Metrics is no array of 1 to 100 definitions" },
        { "resolution", "Rows is stored neither by the second nor by the minute" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Problems_OfAFault_NameIt(string fault, string problem)
    {
        var line = Sound();
        var metadata = line["_aws"]!.AsObject();
        var directive = metadata["CloudWatchMetrics"]![0]!.AsObject();
        var metrics = directive["Metrics"]!.AsArray();
        Action spoil = fault switch
        {
            "seconds" => () => metadata["Timestamp"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds(),
            "text-time" => () => metadata["Timestamp"] = "now",
            "no-directives" => () => metadata.Remove("CloudWatchMetrics"),
            "no-metadata" => () => line.Remove("_aws"),
            "no-namespace" => () => directive["Namespace"] = "",
            "reserved-namespace" => () => directive["Namespace"] = "AWS/Batch",
            "flat-dimensions" => () => directive["Dimensions"] = new JsonArray("Command"),
            "no-dimensions" => () => directive["Dimensions"] = new JsonArray(),
            "dimension-without-value" => () => line.Remove("Command"),
            "dimension-of-number" => () => line["Command"] = 1,
            "empty-dimension" => () => line["Command"] = " ",
            "metric-without-value" => () => line.Remove("Rows"),
            "metric-of-text" => () => line["Rows"] = "5",
            "unknown-unit" => () => metrics[0]!["Unit"] = "Rows",
            "twice" => () => metrics.Add(metrics[0]!.DeepClone()),
            "101-metrics" => () => AddMetrics(line, metrics, 100),
            "no-metrics" => () => metrics.Clear(),
            "resolution" => () => metrics[0]!["StorageResolution"] = 5,
            _ => throw new ArgumentOutOfRangeException(nameof(fault)),
        };

        spoil();

        Assert.Equal([problem], EmbeddedMetricsRules.Problems(line.ToJsonString()));
    }

    [Fact]
    public void Problems_OfADocumentOverLines_NameIt() =>
        Assert.Equal(
            ["the document is more than one line"], EmbeddedMetricsRules.Problems(Sound().ToJsonString(new() { WriteIndented = true })));

    private static void AddMetrics(JsonObject line, JsonArray metrics, int count)
    {
        for (var i = 0; i < count; i++)
        {
            metrics.Add(new JsonObject { ["Name"] = $"M{i}" });
            line[$"M{i}"] = i;
        }
    }

    private static JsonObject Sound() => new()
    {
        ["_aws"] = new JsonObject
        {
            ["Timestamp"] = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
            ["CloudWatchMetrics"] = new JsonArray(new JsonObject
            {
                ["Namespace"] = "Any",
                ["Dimensions"] = new JsonArray(new JsonArray("Command")),
                ["Metrics"] = new JsonArray(new JsonObject { ["Name"] = "Rows", ["Unit"] = "Count" }),
            }),
        },
        ["Command"] = "extract",
        ["Rows"] = 5,
    };
}
