using System.Text;
using System.Text.Json;

namespace IdExtractor.Cli.Tests.Reports;

/// <summary>
/// What CloudWatch Logs demands of a line before it makes metrics of it, written down from
/// "Specification: Embedded metric format" in the CloudWatch user guide and from the limits of
/// PutMetricData: a line that breaks a rule is kept as a log line and silently makes no metric.
/// </summary>
internal static class EmbeddedMetricsRules
{
    private const int MostBytes = 1 << 20, MostMetrics = 100, MostDimensions = 30, MostValues = 100, MostName = 1024, MostDimensionName =
        250;

    private static readonly string[] s_units =
    [
        "Seconds", "Microseconds", "Milliseconds", "Bytes", "Kilobytes", "Megabytes", "Gigabytes", "Terabytes", "Bits", "Kilobits",
        "Megabits", "Gigabits", "Terabits", "Percent", "Count",
        "Bytes/Second", "Kilobytes/Second", "Megabytes/Second", "Gigabytes/Second", "Terabytes/Second", "Bits/Second", "Kilobits/Second",
        "Megabits/Second", "Gigabits/Second",
        "Terabits/Second", "Count/Second", "None",
    ];

    /// <summary>
    /// The rules that a line breaks, in words; none for a line that makes metrics.
    /// </summary>
    public static IReadOnlyList<string> Problems(string line)
    {
        var problems = new List<string>();
        if (Encoding.UTF8.GetByteCount(line) > MostBytes)
            problems.Add("the line is longer than a log event");
        if (line.Contains('\n', StringComparison.Ordinal))
            problems.Add("the document is more than one line");
        using var document = JsonDocument.Parse(line);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object
            || !root.TryGetProperty("_aws", out var metadata)
            || metadata.ValueKind != JsonValueKind.Object)
            return [.. problems, "there is no _aws object"];
        if (!metadata.TryGetProperty("Timestamp", out var timestamp)
            || timestamp.ValueKind != JsonValueKind.Number
            || !timestamp.TryGetInt64(out var milliseconds))
            problems.Add("Timestamp is no whole number");
        else if (DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) is var time
            && (time > DateTimeOffset.UtcNow.AddHours(2) || time < DateTimeOffset.UtcNow.AddDays(-14)))
            problems.Add("Timestamp is not in milliseconds, or not of the last two weeks");
        if (!metadata.TryGetProperty("CloudWatchMetrics", out var directives) || directives.ValueKind != JsonValueKind.Array)
            return [.. problems, "CloudWatchMetrics is no array"];
        foreach (var directive in directives.EnumerateArray())
            CheckDirective(root, directive, problems);
        var names = root.EnumerateObject().Select(member => member.Name).ToArray();
        if (names.Distinct().Count() != names.Length)
            problems.Add("two members have the same name");
        return problems;
    }

    private static void CheckDirective(JsonElement root, JsonElement directive, List<string> problems)
    {
        if (!IsText(directive, "Namespace", MostName, out var name) || name.StartsWith("AWS/", StringComparison.Ordinal))
            problems.Add("Namespace is missing, empty, too long or reserved");
        if (!directive.TryGetProperty("Dimensions", out var sets) || sets.ValueKind != JsonValueKind.Array || sets.GetArrayLength() == 0)
            problems.Add("Dimensions is no array of sets");
        else
            CheckDimensions(root, sets, problems);
        if (!directive.TryGetProperty("Metrics", out var metrics)
            || metrics.ValueKind != JsonValueKind.Array
            || metrics.GetArrayLength() is 0 or > MostMetrics)
            problems.Add("Metrics is no array of 1 to 100 definitions");
        else
            CheckMetrics(root, metrics, problems);
    }

    private static void CheckDimensions(JsonElement root, JsonElement sets, List<string> problems)
    {
        foreach (var set in sets.EnumerateArray())
        {
            if (set.ValueKind != JsonValueKind.Array || set.GetArrayLength() > MostDimensions)
            {
                problems.Add("a dimension set is no array of at most 30 names");
                continue;
            }

            foreach (var reference in set.EnumerateArray())
            {
                if (reference.ValueKind != JsonValueKind.String
                    || reference.GetString() is not { Length: > 0 and <= MostDimensionName } dimension)
                    problems.Add("a dimension has no name, or too long a one");
                else if (!IsText(root, dimension, MostName, out var value)
                    || value.Trim().Length == 0
                    || !value.All(char.IsAscii)
                    || value.Any(char.IsControl))
                    problems.Add($"the value of dimension {dimension} is no printable ASCII text of the root");
            }
        }
    }

    private static void CheckMetrics(JsonElement root, JsonElement metrics, List<string> problems)
    {
        var seen = new HashSet<string>();
        foreach (var metric in metrics.EnumerateArray())
        {
            if (!IsText(metric, "Name", MostName, out var name))
            {
                problems.Add("a metric has no name");
                continue;
            }

            if (!seen.Add(name))
                problems.Add($"{name} is defined twice");
            if (metric.TryGetProperty("Unit", out var unit) && !s_units.Contains(unit.GetString()))
                problems.Add($"{name} has an unknown unit");
            if (metric.TryGetProperty("StorageResolution", out var resolution)
                && !(resolution.TryGetInt32(out var seconds) && seconds is 1 or 60))
                problems.Add($"{name} is stored neither by the second nor by the minute");
            if (!root.TryGetProperty(name, out var value) || !IsNumber(value) && !(value.ValueKind == JsonValueKind.Array
                && value.GetArrayLength() is > 0 and <= MostValues && value.EnumerateArray().All(IsNumber)))
                problems.Add($"{name} is no number of the root");
        }
    }

    /// <summary>CloudWatch takes magnitudes from 2^-360 to 2^360.</summary>
    private static bool IsNumber(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && double.IsFinite(value.GetDouble()) && Math.Abs(value.GetDouble()) <= Math.Pow(2, 360);

    private static bool IsText(JsonElement parent, string name, int most, out string text)
    {
        text = parent.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String ? member.GetString()! : "";
        return text.Length > 0 && text.Length <= most;
    }
}
