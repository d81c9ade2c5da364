using System.Buffers;
using System.Text;
using System.Text.Json;
using IdExtractor.Core.Job;
using IdExtractor.Foundation.Errors;
using IdExtractor.Foundation.Privacy;

namespace IdExtractor.Core.Report;

/// <summary>
/// A run's metrics as one line of the CloudWatch embedded metric format, which CloudWatch Logs
/// turns into metrics (specification, section 9). The namespace is <c>IdExtractor</c>; the only
/// dimension is the command, so that the number of metrics, which are paid for one by one, stays
/// small. Run id, partition, outcome and the scheduler's job are properties, to search by. The
/// format is the one of the "Specification: Embedded metric format" in the CloudWatch user guide.
/// </summary>
public static class EmbeddedMetrics
{
    /// <summary>The metrics' namespace.</summary>
    public const string Namespace = "IdExtractor";

    private const string CommandDimension = "Command";

    /// <summary>The line, without a newline.</summary>
    public static string Format(RunReport report)
    {
        var metrics = Collect(report);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            WriteDeclaration(json, report, metrics);
            json.WriteString(CommandDimension, report.Command);
            json.WriteString("RunId", report.RunId);
            WriteProperties(json, report);
            foreach (var metric in metrics)
                json.WriteNumber(metric.Name, metric.Value);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteProperties(Utf8JsonWriter json, RunReport report)
    {
        var partition = report.Facts.Inputs.FirstOrDefault(input => input.Role != TableRole.A)?.SourcePartition
            ?? report.Result?.File?.SourcePartition;
        if (partition is not null)
            json.WriteString("SourcePartition", Confidential.Mask(partition));
        json.WriteString("ToolVersion", report.ToolVersion);
        json.WriteString("Outcome", report.Outcome.ToName());
        json.WriteNumber("ExitCode", (int)report.ExitCode);
        if (report.Error is { } error)
            json.WriteString("ErrorKind", error.Kind);
        if (report.Batch is not { } batch)
            return;
        json.WriteString("BatchJobId", batch.JobId);
        if (batch.Attempt is { } attempt)
            json.WriteNumber("BatchAttempt", attempt);
    }

    private static List<(string Name, string Unit, double Value)> Collect(RunReport report)
    {
        var progress = report.Progress;
        List<(string Name, string Unit, double Value)> metrics =
        [
            ("Succeeded", "Count", report.ExitCode == ExitCode.Done ? 1 : 0),
            ("Failed", "Count", report.ExitCode == ExitCode.Done ? 0 : 1),
            ("Duration", "Seconds", Round(report.Elapsed.TotalSeconds)),
            ("RowsScanned", "Count", progress.RowsScanned),
            ("RowsMatched", "Count", progress.RowsMatched),
            ("BytesRead", "Bytes", progress.BytesRead),
            ("Requests", "Count", progress.Requests),
            ("Retries", "Count", progress.Retries),
            ("PeakMemory", "Bytes", report.PeakMemoryBytes),
        ];
        if (report.Facts.Counts.TryGetValue(RunCount.DistinctIds, out var ids))
            metrics.Add(("DistinctIds", "Count", ids));
        AddRejected(metrics, report.Facts.Counts);
        if (report.Facts.Counts.TryGetValue(RunCount.PreviousIds, out var before))
            metrics.Add(("PreviousIds", "Count", before));
        if (report.DropPercent is { } drop)
            metrics.Add(("DropPercent", "Percent", Round(drop)));
        foreach (var phase in report.Facts.Phases)
            metrics.Add((phase.Phase + "Seconds", "Seconds", Round(phase.Elapsed.TotalSeconds)));
        return metrics;
    }

    /// <summary>Every metric is paid for, so a reason without values has none.</summary>
    private static void AddRejected(List<(string Name, string Unit, double Value)> metrics, IReadOnlyDictionary<RunCount, long> counts)
    {
        if (counts.TryGetValue(RunCount.KeysRejected, out var rejected))
            metrics.Add(("KeysRejected", "Count", rejected));
        ReadOnlySpan<RunCount> reasons =
            [
                RunCount.KeysRejectedEmpty, RunCount.KeysRejectedNotDigits, RunCount.KeysRejectedFloat, RunCount.KeysRejectedPunctuation,
                RunCount.KeysRejectedTooLong];
        foreach (var reason in reasons)
        {
            if (counts.TryGetValue(reason, out var count) && count > 0)
                metrics.Add((reason.ToString(), "Count", count));
        }
    }

    private static void WriteDeclaration(Utf8JsonWriter json, RunReport report, List<(string Name, string Unit, double Value)> metrics)
    {
        json.WriteStartObject("_aws");
        json.WriteNumber("Timestamp", (report.StartedAt + report.Elapsed).ToUnixTimeMilliseconds());
        json.WriteStartArray("CloudWatchMetrics");
        json.WriteStartObject();
        json.WriteString("Namespace", Namespace);
        json.WriteStartArray("Dimensions");
        json.WriteStartArray();
        json.WriteStringValue(CommandDimension);
        json.WriteEndArray();
        json.WriteEndArray();
        json.WriteStartArray("Metrics");
        foreach (var metric in metrics)
        {
            json.WriteStartObject();
            json.WriteString("Name", metric.Name);
            json.WriteString("Unit", metric.Unit);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static double Round(double value) => Math.Round(value, 3);
}
