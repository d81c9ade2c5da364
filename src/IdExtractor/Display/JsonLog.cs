using System.Buffers;
using System.Text;
using System.Text.Json;
using IdExtractor.Core.Job;
using IdExtractor.Core.Report;

namespace IdExtractor.Display;

/// <summary>
/// For machines: one object a line, with time, level, event and run id, and the scheduler's job
/// where there is one.
/// </summary>
internal sealed class JsonLog(LogLevel least, Terminal terminal, string runId, BatchJob? batch) : RunLog(least)
{
    private static readonly string[] s_levels = ["error", "warn", "info", "debug"];

    protected override void WriteLine(LogLevel level, string name, string? message, ReadOnlySpan<RunField> fields)
    {
        var line = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(line, JsonLine.Options))
        {
            json.WriteStartObject();
            json.WriteString("ts", RunReportWriter.Timestamp(DateTimeOffset.UtcNow));
            json.WriteString("level", s_levels[(int)level]);
            json.WriteString("event", name);
            json.WriteString("run_id", runId);
            if (batch is not null)
                json.WriteString("batch_job_id", batch.JobId);
            if (batch?.Attempt is { } attempt)
                json.WriteNumber("batch_attempt", attempt);
            if (message is not null)
                json.WriteString("message", message);
            if (fields.Length > 0)
                WriteFields(json, fields);
            json.WriteEndObject();
        }

        terminal.WriteError(Encoding.UTF8.GetString(line.WrittenSpan));
    }

    private static void WriteFields(Utf8JsonWriter json, ReadOnlySpan<RunField> fields)
    {
        json.WriteStartObject("fields");
        foreach (var field in fields)
        {
            if (field.Text is { } text)
                json.WriteString(field.Name, text);
            else
                json.WriteNumber(field.Name, field.Number);
        }

        json.WriteEndObject();
    }
}
