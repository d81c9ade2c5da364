using IdExtractor.Core.Job;

namespace IdExtractor.Core.History;

/// <summary>The validated settings of <c>history</c>.</summary>
public sealed record HistorySettings
{
    /// <summary>Root of stage and active.</summary>
    public required string Output { get; init; }

    /// <summary>Names of stage and active files.</summary>
    public OutputSettings Layout { get; init; } = new();

    /// <summary>The guards of the job, which show why a file was not promoted.</summary>
    public PublishGuards Guards { get; init; } = new();
}

/// <summary>The validated settings of <c>prune</c>.</summary>
public sealed record PruneSettings
{
    /// <summary>Root of stage and active.</summary>
    public required string Output { get; init; }

    /// <summary>Names of stage and active files.</summary>
    public OutputSettings Layout { get; init; } = new();

    /// <summary>The latest files that are kept whatever their age, 1 or more.</summary>
    public required int KeepVersions { get; init; }

    /// <summary>
    /// Files of the last days are kept, 1 or more: those of a run that is not over are among them.
    /// </summary>
    public required int KeepDays { get; init; }

    /// <summary>Removes nothing.</summary>
    public bool DryRun { get; init; }
}

/// <summary>What <c>prune</c> removed, or would remove.</summary>
public sealed record PruneOutcome
{
    /// <summary>The root, as a path or URI.</summary>
    public required string Output { get; init; }

    /// <summary>Nothing was removed.</summary>
    public required bool IsDryRun { get; init; }

    /// <summary>Stage files that were found.</summary>
    public required int Found { get; init; }

    /// <summary>Those that were removed, or would be; latest first.</summary>
    public required IReadOnlyList<StageEntry> Removed { get; init; }

    /// <summary>Stage files that are left.</summary>
    public int Kept => Found - Removed.Count;

    /// <summary>Bytes of the removed files.</summary>
    public long RemovedBytes => Removed.Sum(entry => entry.Object.Size);
}
