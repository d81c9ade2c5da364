using System.Buffers;
using System.Text;
using System.Text.Json;
using IdExtractor.Core.Report;
using IdExtractor.Foundation.Privacy;

namespace IdExtractor.Display;

/// <summary>A result as machines read it, on stdout: one line.</summary>
internal static class ResultJson
{
    /// <summary>The line, without a newline.</summary>
    public static string Of(string command, string runId, RunResult result, TimeSpan elapsed)
    {
        var line = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(line, JsonLine.Options))
        {
            json.WriteStartObject();
            json.WriteString("event", "result");
            json.WriteString("command", command);
            json.WriteString("run_id", runId);
            json.WriteString("outcome", result.Outcome.ToName());
            json.WriteNumber("seconds", Math.Round(elapsed.TotalSeconds, 3));
            if (result.File is { } file)
                RunReportWriter.WriteFile(json, file);
            if (result.Plan is { } plan)
                WritePlan(json, plan);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(line.WrittenSpan);
    }

    private static void WritePlan(Utf8JsonWriter json, PlannedWork plan)
    {
        RunReportWriter.WriteWork(json, plan);
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
}
