using System.Text.Json;
using IdExtractor.Core.Job;

namespace IdExtractor.Core.Report;

/// <summary>
/// The parts of a report that explain its numbers: what they were compared with, where they came
/// from, and how they grew.
/// </summary>
public static class RunDetailsWriter
{
    /// <summary>More files are summed, not listed.</summary>
    public const int MostFiles = 100;

    /// <summary>Writes the file that was active before, with the change against it.</summary>
    public static void WritePrevious(Utf8JsonWriter json, RunReport report)
    {
        if (report.Facts.Previous is not { } previous)
        {
            json.WriteNull("previous");
            return;
        }

        json.WriteStartObject("previous");
        json.WriteText("source_partition", previous.SourcePartition);
        json.WriteNumber("total_ids", previous.TotalIds);
        json.WriteString("created_at", RunReportWriter.Timestamp(previous.CreatedAt));
        json.WriteNumberOrNull("change", report.Change);
        json.WriteRoundedOrNull("change_percent", -report.DropPercent);
        json.WriteEndObject();
    }

    /// <summary>Writes the guards with their limits and what they were compared with.</summary>
    public static void WriteGuards(Utf8JsonWriter json, RunReport report)
    {
        json.WriteStartArray("guards");
        foreach (var guard in GuardMargin.Of(report))
        {
            json.WriteStartObject();
            json.WriteString("name", guard.Name);
            json.WriteString("rule", guard.Rule.ToName());
            json.WriteRoundedOrNull("limit", guard.Limit);
            json.WriteRoundedOrNull("actual", guard.Actual);
            json.WriteString("unit", guard.Unit);
            json.WriteString("state", guard.State.ToName());
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Writes the requests by kind and what they cost.</summary>
    public static void WriteRequests(Utf8JsonWriter json, RunProgress progress)
    {
        ArgumentNullException.ThrowIfNull(progress);
        json.WriteStartObject("requests");
        foreach (var kind in Enum.GetValues<RequestKind>())
            json.WriteNumber(kind.ToName(), progress.RequestsOf(kind));
        if (progress.Requests > 0)
        {
            json.WriteNumber("price_usd", RequestPrices.Of(progress));
            json.WriteString("price_basis", RequestPrices.Basis);
        }
        else
        {
            json.WriteNull("price_usd");
            json.WriteNull("price_basis");
        }

        json.WriteEndObject();
    }

    /// <summary>Writes which reader served the pages of Table B, by column.</summary>
    public static void WritePagesRead(Utf8JsonWriter json, RunProgress progress)
    {
        ArgumentNullException.ThrowIfNull(progress);
        json.WriteStartObject("pages_read");
        WritePages(json, "documents", progress.DocumentPages);
        WritePages(json, "ids", progress.IdPages);
        json.WriteEndObject();
    }

    /// <summary>
    /// Writes the matches of the files with most of them, and the sum of the others.
    /// </summary>
    public static void WriteMatches(Utf8JsonWriter json, RunReport report)
    {
        var matches = FileMatches.Of(report, MostFiles);
        json.WriteStartObject("matches");
        json.WriteStartArray("files");
        foreach (var file in matches.Files)
        {
            json.WriteStartObject();
            json.WriteText("name", file.Name);
            json.WriteNumberOrNull("rows", file.Rows);
            json.WriteNumber("rows_matched", file.Matched);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("other_files", matches.OtherFiles);
        json.WriteNumber("other_rows_matched", matches.OtherMatched);
        json.WriteEndObject();
    }

    /// <summary>Writes how rows, bytes and memory grew.</summary>
    public static void WriteSamples(Utf8JsonWriter json, IReadOnlyList<RunSample> samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        json.WriteStartArray("samples");
        foreach (var sample in samples)
        {
            json.WriteStartObject();
            json.WriteNumber("at_ms", Math.Round(sample.At.TotalMilliseconds, 1));
            json.WriteNumber("rows", sample.Rows);
            json.WriteNumber("bytes", sample.Bytes);
            json.WriteNumber("memory_bytes", sample.MemoryBytes);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WritePages(Utf8JsonWriter json, string column, PagesRead pages)
    {
        json.WriteStartObject(column);
        json.WriteNumber("window", pages.Window);
        json.WriteNumber("lock_step", pages.LockStep);
        json.WriteNumber("whole", pages.Whole);
        json.WriteEndObject();
    }
}
