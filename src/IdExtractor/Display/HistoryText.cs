using System.Globalization;
using System.Text;
using IdExtractor.Core.History;
using IdExtractor.Phrases;

namespace IdExtractor.Display;

/// <summary>Stage files as people read them, on stdout.</summary>
internal static class HistoryText
{
    private const int MostExplained = 5;
    private const string Unknown = "-";

    private static readonly string[] s_heads = ["CREATED (UTC)", "PARTITION", "IDS", "CHANGE", "SIZE", "RUN", "STATE", "FILE"];

    /// <summary>Columns that hold numbers.</summary>
    private static readonly bool[] s_isRight = [false, false, true, true, true, false, false, false];

    /// <summary>
    /// A table, what is active, and how to go back.
    /// </summary>
    public static void Append(SpokenText text, StageListing listing)
    {
        if (listing.Active is { } active)
        {
            var what = active.Metadata is { } metadata
                ? $"{Units.Exact(metadata.TotalIds, "{0} ID", "{0} IDs")} of partition {Printable.Of(metadata.SourcePartition)}"
                : "metadata that cannot be used";
            text.Line($"Active: {Printable.Of(active.Name)} ({Units.Bytes(active.Object.Size)}), {what}");

            // Also when no stage file below has the same: it may have been removed.
            var created = text.Speech.Moment(active.Metadata?.CreatedAt ?? active.Object.LastModified);
            text.Line($"  created {created} (UTC), run {Printable.Of(active.Metadata?.RunId ?? Unknown)}");
        }
        else
        {
            text.Line($"Active: no file in {Printable.Of(listing.Output)}");
        }

        text.Line(
            $"Stage: {Units.Exact(listing.Entries.Count, "{0} file", "{0} files")}, {Units.Bytes(listing.Entries.Sum(entry => (double)entry.Object.Size))}");
        AppendTable(text, [.. listing.Entries.Select(entry => RowOf(entry, text.Speech))]);
        var waiting = listing.Entries.Where(
            entry => entry.State is StageState.NotPromoted or StageState.Unusable or StageState.NotComparable).ToList();
        foreach (var entry in waiting.Take(MostExplained))
        {
            text.AsItIs();
            text.Line($"{Printable.Of(entry.Object.Key)} is not active: {Printable.Of(entry.Reason ?? "")}");
            if (entry.PromoteCommand is { } command)
                text.Line($"  to publish it  {Printable.Of(command)}");
        }

        if (waiting.Count > MostExplained)
        {
            text.AsItIs();
            text.Line($"{Units.Exact(waiting.Count - MostExplained)} more are not active; --json gives the reason of each");
        }

        if (listing.Previous?.PromoteCommand is { } back)
        {
            text.AsItIs();
            text.Line($"To go back to {Printable.Of(listing.Previous.Object.Key)}:");
            text.AsItIs($"  {Printable.Of(back)}");
        }
    }

    /// <summary>What was removed, one line per file.</summary>
    public static void Append(SpokenText text, PruneOutcome pruned)
    {
        foreach (var entry in pruned.Removed)
        {
            var (name, size) = (Printable.Of(entry.Name), Units.Bytes(entry.Object.Size));
            text.Line(pruned.IsDryRun ? $"  would remove  {name} ({size})" : $"  removed  {name} ({size})");
        }

        var (files, bytes) = (Units.Exact(pruned.Removed.Count, "{0} stage file", "{0} stage files"), Units.Bytes(pruned.RemovedBytes));
        var (kept, found) = (Units.Exact(pruned.Kept), Units.Exact(pruned.Found));
        text.Line(
            pruned.IsDryRun
                ? $"Would remove {files}, {bytes}; {kept} of {found} are kept"
                : $"Removed {files}, {bytes}; {kept} of {found} are kept");
    }

    private static string[] RowOf(StageEntry entry, Speech speech) =>
    [
        speech.Moment(entry.Created),
        Printable.Of(entry.Metadata?.SourcePartition ?? Unknown),
        entry.Metadata is { } metadata ? speech.Number(Units.Exact(metadata.TotalIds)) : Unknown,
        entry.ChangePercent is { } change
            ? speech.Number(string.Create(CultureInfo.InvariantCulture, $"{change:+0.0;-0.0;0.0}%"))
            : Unknown,
        speech.Number(Units.Bytes(entry.Object.Size)),
        Printable.Of(entry.Metadata?.RunId ?? Unknown),
        speech.Of(entry.State.ToName().Replace('_', ' ')),
        Printable.Of(entry.Object.Key[(entry.Object.Key.LastIndexOf('/') + 1)..]),
    ];

    private static void AppendTable(SpokenText text, IReadOnlyList<string[]> rows)
    {
        if (rows.Count == 0)
            return;
        var heads = s_heads.Select(text.Speech.Of).ToArray();
        var widths = heads.Select((head, column) => Math.Max(head.Length, rows.Max(row => row[column].Length))).ToArray();
        foreach (var row in rows.Prepend(heads))
        {
            var line = new StringBuilder(" ");
            for (var column = 0; column < row.Length; column++)
                line.Append(' ').Append(
                    s_isRight[column] ? row[column].PadLeft(widths[column]) : row[column].PadRight(widths[column])).Append(' ');
            text.AsItIs(line.ToString().TrimEnd());
        }
    }
}
