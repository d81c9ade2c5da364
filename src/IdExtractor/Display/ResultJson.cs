using System.Buffers;
using System.Text;
using System.Text.Json;
using IdExtractor.Core.Plan;
using IdExtractor.Core.Report;
using IdExtractor.Foundation.Privacy;

namespace IdExtractor.Display;

/// <summary>A result as machines read it, on stdout: one line.</summary>
internal static class ResultJson
{
    /// <summary>The line, without a newline.</summary>
    /// <param name="report">A run that ended well.</param>
    public static string Of(RunReport report)
    {
        var result = report.Result!;
        var line = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(line, JsonLine.Options))
        {
            json.WriteStartObject();
            json.WriteString("event", "result");
            json.WriteString("command", report.Command);
            json.WriteString("run_id", report.RunId);
            json.WriteString("outcome", result.Outcome.ToName());
            json.WriteNumber("seconds", Math.Round(report.Elapsed.TotalSeconds, 3));
            if (result.File is { } file)
            {
                RunReportWriter.WriteFile(json, file);
                RunReportWriter.WriteChecks(json, result.Checks);
            }

            if (result.Outcome == RunOutcome.Published)
                WriteWork(json, report);
            if (result.Plan is { } plan)
                WritePlan(json, plan);
            if (result.History is { } listing)
                HistoryJson.Write(json, listing);
            if (result.Pruned is { } pruned)
                HistoryJson.Write(json, pruned);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(line.WrittenSpan);
    }

    /// <summary>What the text says too, in the report's own fields.</summary>
    private static void WriteWork(Utf8JsonWriter json, RunReport report)
    {
        RunDetailsWriter.WritePrevious(json, report);
        RunReportWriter.WriteCounters(json, report);
        RunReportWriter.WritePhases(json, report.Facts.Phases);
        RunDetailsWriter.WriteRequests(json, report.Progress);
    }

    private static void WritePlan(Utf8JsonWriter json, PlannedWork plan)
    {
        RunReportWriter.WriteWork(json, plan);
        if (plan.IsRemote)
            WriteCompute(json, ComputeEstimate.Of(plan.BytesToRead));
        json.WriteStartArray("inputs");
        foreach (var input in plan.Inputs)
            RunReportWriter.WriteInput(json, input);
        json.WriteEndArray();
        json.WriteStartArray("columns");
        foreach (var (input, column) in plan.Inputs.SelectMany(input => input.Columns, (input, column) => (input, column)))
        {
            json.WriteStartObject();
            json.WriteString("role", RunReportWriter.NameOf(input.Role));
            json.WriteString("name", Confidential.Mask(column.Name));
            json.WriteString("type", column.Type);
            json.WriteNumber("bytes", column.Bytes);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteCompute(Utf8JsonWriter json, ComputeEstimate estimate)
    {
        json.WriteStartObject("compute");
        json.WriteNumber("vcpus", ComputeEstimate.VirtualCpus);
        json.WriteNumber("memory_gb", ComputeEstimate.MemoryGigabytes);
        json.WriteNumber("seconds", Math.Round(estimate.Seconds, 1));
        json.WriteNumber("price_usd", Math.Round(estimate.Usd, 6));
        json.WriteString("price_basis", ComputeEstimate.Basis);
        json.WriteEndObject();
    }
}
