using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using IdExtractor.Core.Job;
using IdExtractor.Foundation.Errors;
using IdExtractor.Foundation.Privacy;

namespace IdExtractor.Core.Report;

/// <summary>
/// Writes a <see cref="RunReport"/> as JSON, field by field as <c>docs/use/report.md</c>
/// describes it.
/// </summary>
public static class RunReportWriter
{
    /// <summary>
    /// More files, or more skipped items, of one input are counted but not listed.
    /// </summary>
    public const int MostListed = 1000;

    /// <summary>Characters that only HTML minds stay readable.</summary>
    private static readonly JsonWriterOptions s_options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the report, indented, with a newline at the end.</summary>
    public static void Write(RunReport report, Stream stream)
    {
        using (var json = new Utf8JsonWriter(stream, s_options))
        {
            json.WriteStartObject();
            json.WriteString("schema", RunReport.Schema);
            WriteRun(json, report);
            WriteSettings(json, report.Settings);
            WriteInputs(json, report.Facts.Inputs);
            WritePhases(json, report.Facts.Phases);
            WriteCounters(json, report);
            RunDetailsWriter.WritePrevious(json, report);
            RunDetailsWriter.WriteGuards(json, report);
            RunDetailsWriter.WriteRequests(json, report.Progress);
            RunDetailsWriter.WritePagesRead(json, report.Progress);
            RunDetailsWriter.WriteMatches(json, report);
            RunDetailsWriter.WriteSamples(json, report.Samples);
            WriteResult(json, report.Result);
            WriteWarnings(json, report.Facts);
            WriteError(json, report.Error);
            json.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
    }

    /// <summary>A time as reports and logs show it: ISO 8601 in UTC with milliseconds.</summary>
    public static string Timestamp(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>An outcome's name in reports and results, in lower case.</summary>
    public static string ToName(this RunOutcome outcome) => outcome switch
    {
        RunOutcome.Published => "published",
        RunOutcome.Current => "current",
        RunOutcome.Verified => "verified",
        RunOutcome.Planned => "planned",
        RunOutcome.Listed => "listed",
        RunOutcome.Pruned => "pruned",
        RunOutcome.Cancelled => "cancelled",
        _ => "failed",
    };

    private static void WriteRun(Utf8JsonWriter json, RunReport report)
    {
        json.WriteString("command", report.Command);
        json.WriteString("run_id", report.RunId);
        json.WriteString("outcome", report.Outcome.ToName());
        json.WriteNumber("exit_code", (int)report.ExitCode);
        json.WriteString("started_at", Timestamp(report.StartedAt));
        json.WriteString("finished_at", Timestamp(report.StartedAt + report.Elapsed));
        json.WriteSeconds(report.Elapsed);
        json.WriteStartObject("versions");
        json.WriteString("idextractor", report.ToolVersion);
        json.WriteString("dotnet", Environment.Version.ToString());
        json.WriteString("os", RuntimeInformation.OSDescription);
        json.WriteString("architecture", RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant());
        json.WriteNumber("processors", Environment.ProcessorCount);
        json.WriteEndObject();
        if (report.Batch is null)
        {
            json.WriteNull("batch");
            return;
        }

        json.WriteStartObject("batch");
        json.WriteString("job_id", report.Batch.JobId);
        json.WriteNumberOrNull("attempt", report.Batch.Attempt);
        json.WriteEndObject();
    }

    private static void WriteSettings(Utf8JsonWriter json, IReadOnlyList<ReportSetting> settings)
    {
        json.WriteStartArray("settings");
        foreach (var setting in settings)
        {
            json.WriteStartObject();
            json.WriteString("name", setting.Name);
            json.WriteText("value", setting.Value);
            json.WriteString("from", setting.From);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteInputs(Utf8JsonWriter json, IReadOnlyList<InputSummary> inputs)
    {
        json.WriteStartArray("inputs");
        foreach (var input in inputs)
            WriteInput(json, input);
        json.WriteEndArray();
    }

    /// <summary>A table's part in the run, as reports spell it.</summary>
    public static string NameOf(TableRole role) => role switch { TableRole.A => "a", TableRole.B => "b", _ => "ids" };

    /// <summary>Writes one input as an object: also a part of what <c>plan</c> prints.</summary>
    public static void WriteInput(Utf8JsonWriter json, InputSummary input)
    {
        json.WriteStartObject();
        json.WriteString("role", NameOf(input.Role));
        json.WriteText("table", input.Table);
        json.WriteText("source_partition", input.SourcePartition);
        json.WriteNumber("file_count", input.Files.Count);
        json.WriteNumber("bytes", input.Bytes);
        json.WriteNumberOrNull("rows", input.Rows);
        json.WriteNumber("row_groups", input.RowGroups);
        json.WriteStartArray("files");
        foreach (var file in input.Files.Take(MostListed))
        {
            json.WriteStartObject();
            json.WriteText("name", file.Name);
            json.WriteNumber("bytes", file.Bytes);
            json.WriteNumberOrNull("rows", file.Rows);
            json.WriteNumber("row_groups", file.RowGroups);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("skipped_count", input.Skipped.Count);
        json.WriteStartArray("skipped");
        foreach (var item in input.Skipped.Take(MostListed))
        {
            json.WriteStartObject();
            json.WriteText("name", item.Name);
            json.WriteText("reason", item.Reason);
            json.WriteBoolean("warning", item.IsWarning);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Writes the phases.</summary>
    public static void WritePhases(Utf8JsonWriter json, IReadOnlyList<PhaseTime> phases)
    {
        json.WriteStartArray("phases");
        foreach (var phase in phases)
        {
            json.WriteStartObject();
            json.WriteString("name", phase.Phase.ToName());
            json.WriteNumber("start_ms", Math.Round(phase.Start.TotalMilliseconds, 3));
            json.WriteSeconds(phase.Elapsed);
            json.WriteBoolean("finished", phase.Finished);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Writes the counters.</summary>
    public static void WriteCounters(Utf8JsonWriter json, RunReport report)
    {
        json.WriteStartObject("counters");
        json.WriteNumber("rows_total", report.Progress.RowsTotal);
        json.WriteNumber("rows_scanned", report.Progress.RowsScanned);
        json.WriteNumber("rows_matched", report.Progress.RowsMatched);
        json.WriteNumber("null_documents", report.Progress.NullDocuments);
        json.WriteNumber("null_ids_dropped", report.Progress.NullIdsDropped);
        json.WriteNumber("row_groups_skipped", report.Progress.RowGroupsSkipped);
        json.WriteNumber("pages_skipped", report.Progress.PagesSkipped);
        json.WriteNumber("bytes_read", report.Progress.BytesRead);
        json.WriteNumber("requests", report.Progress.Requests);
        json.WriteNumber("retries", report.Progress.Retries);
        foreach (var count in Enum.GetValues<RunCount>())
            json.WriteNumberOrNull(count.ToName(), report.Facts.Counts.TryGetValue(count, out var value) ? value : null);
        json.WriteNumberOrNull("keys_valid", report.KeysValid);
        json.WriteNumberOrNull("keys_duplicate", report.KeysDuplicate);
        json.WriteRoundedOrNull("drop_percent", report.DropPercent);
        json.WriteNumber("peak_memory_bytes", report.PeakMemoryBytes);
        json.WriteEndObject();
    }

    private static void WriteResult(Utf8JsonWriter json, RunResult? result)
    {
        if (result?.File is { } file)
        {
            json.WriteStartObject("result");
            WriteFile(json, file);
            WriteChecks(json, result.Checks);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("result");
        }

        if (result?.Plan is { } plan)
        {
            json.WriteStartObject("plan");
            WriteWork(json, plan);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("plan");
        }
    }

    /// <summary>
    /// Writes the sums of a plan into the current object. <c>plan</c> prints the same.
    /// </summary>
    public static void WriteWork(Utf8JsonWriter json, PlannedWork plan)
    {
        json.WriteNumber("bytes_to_read", plan.BytesToRead);
        json.WriteNumber("requests", plan.Requests);
        json.WriteStartArray("run_requests");
        foreach (var step in plan.Forecast?.Steps ?? [])
        {
            json.WriteStartObject();
            json.WriteString("step", step.Step.ToName());
            json.WriteString("kind", step.Kind.ToName());
            json.WriteNumber("count", step.Count);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (plan is { IsRemote: true, Forecast: { } forecast })
        {
            json.WriteNumber("price_usd", RequestPrices.Of(forecast));
            json.WriteString("price_basis", RequestPrices.Basis);
        }
        else
        {
            json.WriteNull("price_usd");
            json.WriteNull("price_basis");
        }
    }

    /// <summary>
    /// Writes the properties of a published file into the current object. Results on stdout hold
    /// the same.
    /// </summary>
    public static void WriteFile(Utf8JsonWriter json, OutputFacts file)
    {
        json.WriteText("source_partition", file.SourcePartition);
        json.WriteNumber("total_ids", file.TotalIds);
        json.WriteString("md5_checksum", file.Md5Checksum);
        json.WriteString("gz_sha256", file.GzSha256);
        json.WriteNumber("gzip_bytes", file.GzipBytes);
        json.WriteText("active", file.Active);
        json.WriteText("stage", file.Stage);
    }

    /// <summary>Writes what was checked of a file into the current object.</summary>
    public static void WriteChecks(Utf8JsonWriter json, IReadOnlyList<string> checks)
    {
        json.WriteStartArray("checked");
        foreach (var check in checks)
            json.WriteStringValue(check);
        json.WriteEndArray();
    }

    private static void WriteWarnings(Utf8JsonWriter json, RunFacts facts)
    {
        json.WriteNumber("warning_count", facts.WarningCount);
        json.WriteStartArray("warnings");
        foreach (var warning in facts.Warnings)
            json.WriteStringValue(Confidential.Mask(warning));
        json.WriteEndArray();
    }

    private static void WriteError(Utf8JsonWriter json, ReportError? error)
    {
        if (error is null)
        {
            json.WriteNull("error");
            return;
        }

        json.WriteStartObject("error");
        json.WriteString("kind", error.Kind);
        json.WriteNumber("exit_code", (int)error.ExitCode);
        json.WriteText("message", error.Message);
        json.WriteText("advice", error.Advice);
        WritePlace(json, error.Place);
        json.WriteEndObject();
    }

    private static void WritePlace(Utf8JsonWriter json, ErrorPlace place)
    {
        json.WriteStartObject("place");
        json.WriteText("object", place.Object);
        json.WriteNumberOrNull("row_group", place.RowGroup);
        json.WriteText("column", place.Column);
        json.WriteNumberOrNull("offset", place.Offset);
        json.WriteText("expected", place.Expected);
        json.WriteText("actual", place.Actual);
        json.WriteEndObject();
    }
}
