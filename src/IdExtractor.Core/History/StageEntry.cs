using IdExtractor.Core.Job;
using IdExtractor.Core.Storage;

namespace IdExtractor.Core.History;

/// <summary>
/// One stage file of an output root, by its name and metadata. Its bytes are not read.
/// </summary>
public sealed record StageEntry
{
    /// <summary>As stored.</summary>
    public required ObjectInfo Object { get; init; }

    /// <summary>Full path or URI.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// False for a link that leads nowhere, a pipe and the like, which are listed and never
    /// removed.
    /// </summary>
    public bool IsFile => Object.Stamp != default;

    /// <summary>Its metadata; null when missing, damaged or in another form.</summary>
    public PublishMetadata? Metadata { get; init; }

    /// <summary>When it was staged: by its metadata, or else by the store.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>How it relates to the file that readers see.</summary>
    public StageState State { get; init; }

    /// <summary>
    /// Why it is not the active file, as a sentence without a full stop; null for the active one.
    /// </summary>
    public string? Reason { get; init; }

    /// <summary>
    /// By how much its number of IDs differs from that of the usable stage file before it, in
    /// percent; null when that is not known or was 0.
    /// </summary>
    public double? ChangePercent { get; init; }

    /// <summary>
    /// The command line that would make it active; null for the active one and for files that
    /// cannot be promoted.
    /// </summary>
    public string? PromoteCommand { get; init; }

    /// <summary>
    /// Whether an active file was copied from this one: size and identity are equal. Other metadata
    /// may have been added or lost since, by a person or another program.
    /// </summary>
    public bool IsSourceOf(ActiveFile active)
    {
        ArgumentNullException.ThrowIfNull(active);
        return Metadata is { } metadata && active.Metadata is { } current && active.Object.Size == Object.Size
            && metadata.IsOfTheSameFile(current);
    }
}

/// <summary>How a stage file relates to the active file.</summary>
public enum StageState
{
    /// <summary>Readers see it.</summary>
    Active,

    /// <summary>
    /// It was made from an older partition than the active file, or earlier from the same one. The
    /// store does not record whether it was active before.
    /// </summary>
    Older,

    /// <summary>
    /// It is not older than the active file, and is not active: a guard or an error ended its run,
    /// or an older file was promoted since.
    /// </summary>
    NotPromoted,

    /// <summary>Its partition cannot be compared with that of the active file.</summary>
    NotComparable,

    /// <summary>Its metadata cannot be used, so that it cannot be promoted.</summary>
    Unusable,
}

/// <summary>The names of states in JSON.</summary>
public static class StageStateNames
{
    private static readonly string[] s_names = ["active", "older", "not_promoted", "not_comparable", "unusable"];

    /// <summary>In lower case with underscores.</summary>
    public static string ToName(this StageState state) => s_names[(int)state];
}

/// <summary>The stage files of an output root and the file that readers see.</summary>
public sealed record StageListing
{
    /// <summary>The root, as a path or URI.</summary>
    public required string Output { get; init; }

    /// <summary>The active file; null when there is none.</summary>
    public ActiveFile? Active { get; init; }

    /// <summary>Latest first: by the time of staging, then by key.</summary>
    public required IReadOnlyList<StageEntry> Entries { get; init; }

    /// <summary>
    /// The file to go back to: the latest one that is older than the active file and can be
    /// promoted; null when there is none.
    /// </summary>
    public StageEntry? Previous { get; init; }
}
