using System.Text.Json;
using IdExtractor.Core.History;
using IdExtractor.Core.Job;
using IdExtractor.Core.Report;
using IdExtractor.Foundation.Privacy;

namespace IdExtractor.Display;

/// <summary>
/// Stage files as machines read them: fields of the one line that <see cref="ResultJson"/> writes.
/// </summary>
internal static class HistoryJson
{
    /// <summary>Writes the active file and the list of stage files.</summary>
    public static void Write(Utf8JsonWriter json, StageListing listing)
    {
        json.WriteString("output", Confidential.Mask(listing.Output));
        if (listing.Active is { } active)
            Write(json, active);
        else
            json.WriteNull("active");
        json.WriteString("previous", Confidential.MaskOrNull(listing.Previous?.Object.Key));
        json.WriteStartArray("stage_files");
        foreach (var entry in listing.Entries)
            Write(json, entry);
        json.WriteEndArray();
    }

    /// <summary>Writes what was removed.</summary>
    public static void Write(Utf8JsonWriter json, PruneOutcome pruned)
    {
        json.WriteString("output", Confidential.Mask(pruned.Output));
        json.WriteBoolean("dry_run", pruned.IsDryRun);
        json.WriteNumber("found", pruned.Found);
        json.WriteNumber("kept", pruned.Kept);
        json.WriteNumber("removed_bytes", pruned.RemovedBytes);
        json.WriteStartArray("removed");
        foreach (var entry in pruned.Removed)
            Write(json, entry);
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, ActiveFile active)
    {
        json.WriteStartObject("active");
        json.WriteString("name", Confidential.Mask(active.Name));
        json.WriteNumber("gzip_bytes", active.Object.Size);
        json.WriteString("created_at", RunReportWriter.Timestamp(active.Metadata?.CreatedAt ?? active.Object.LastModified));
        WriteMetadata(json, active.Metadata);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, StageEntry entry)
    {
        json.WriteStartObject();
        json.WriteString("key", Confidential.Mask(entry.Object.Key));
        json.WriteString("name", Confidential.Mask(entry.Name));
        json.WriteNumber("gzip_bytes", entry.Object.Size);
        json.WriteString("created_at", RunReportWriter.Timestamp(entry.Created));
        WriteMetadata(json, entry.Metadata);
        if (entry.ChangePercent is { } change)
            json.WriteNumber("change_percent", Math.Round(change, 4) + 0.0);
        else
            json.WriteNull("change_percent");
        json.WriteString("state", entry.State.ToName());
        json.WriteBoolean("is_active", entry.State == StageState.Active);
        json.WriteString("reason", Confidential.MaskOrNull(entry.Reason));
        json.WriteString("promote_command", Confidential.MaskOrNull(entry.PromoteCommand));
        json.WriteEndObject();
    }

    private static void WriteMetadata(Utf8JsonWriter json, PublishMetadata? metadata)
    {
        json.WriteString("source_partition", Confidential.MaskOrNull(metadata?.SourcePartition));
        if (metadata is null)
            json.WriteNull("total_ids");
        else
            json.WriteNumber("total_ids", metadata.TotalIds);
        json.WriteString("run_id", metadata?.RunId);
        json.WriteString("tool_version", metadata?.ToolVersion);
    }
}
