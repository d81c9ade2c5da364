using IdExtractor.Core.History;
using IdExtractor.Core.Job;

namespace IdExtractor.Core.Report;

/// <summary>What a command that ended well has to show.</summary>
public sealed record RunResult
{
    /// <summary>What was done.</summary>
    public required RunOutcome Outcome { get; init; }

    /// <summary>The file that was published, found current or verified; null for a plan.</summary>
    public OutputFacts? File { get; init; }

    /// <summary>
    /// What was checked when the file was read back, in the order of the checks; empty when it was
    /// not.
    /// </summary>
    public IReadOnlyList<string> Checks { get; init; } = [];

    /// <summary>What would be read; only for a plan.</summary>
    public PlannedWork? Plan { get; init; }

    /// <summary>The stage files; only for a history.</summary>
    public StageListing? History { get; init; }

    /// <summary>What was removed; only for a prune.</summary>
    public PruneOutcome? Pruned { get; init; }
}

/// <summary>How a run ended.</summary>
public enum RunOutcome
{
    /// <summary>A new file is active.</summary>
    Published,

    /// <summary>
    /// The active file already held this partition and input (<c>--skip-if-current</c>).
    /// </summary>
    Current,

    /// <summary>The file is what its metadata says.</summary>
    Verified,

    /// <summary>A plan was made.</summary>
    Planned,

    /// <summary>Stage files were listed.</summary>
    Listed,

    /// <summary>Old stage files were removed, or would be.</summary>
    Pruned,

    /// <summary>An error ended the run.</summary>
    Failed,

    /// <summary>A signal ended the run.</summary>
    Cancelled,
}

/// <summary>A published file, according to its metadata (specification, section 6).</summary>
public sealed record OutputFacts
{
    /// <summary>The partition that the IDs come from.</summary>
    public required string SourcePartition { get; init; }

    /// <summary>Lines, which is distinct IDs.</summary>
    public required long TotalIds { get; init; }

    /// <summary>MD5 of the uncompressed text, 32 hex digits.</summary>
    public required string Md5Checksum { get; init; }

    /// <summary>SHA-256 of the gzip file, 64 hex digits; null when its metadata has none.</summary>
    public string? GzSha256 { get; init; }

    /// <summary>Bytes of the gzip file.</summary>
    public required long GzipBytes { get; init; }

    /// <summary>
    /// The active file's full path or URI; null when only a stage file was checked.
    /// </summary>
    public string? Active { get; init; }

    /// <summary>The stage file's full path or URI; null when none was written or checked.</summary>
    public string? Stage { get; init; }
}

/// <summary>What a run would read.</summary>
public sealed record PlannedWork
{
    /// <summary>The tables.</summary>
    public required IReadOnlyList<InputSummary> Inputs { get; init; }

    /// <summary>Bytes that would be fetched.</summary>
    public required long BytesToRead { get; init; }

    /// <summary>Requests that this takes.</summary>
    public required long Requests { get; init; }

    /// <summary>
    /// The requests of the whole run, step by step; null when they were not counted.
    /// </summary>
    public RequestForecast? Forecast { get; init; }

    /// <summary>A table is in S3 or in the Data Catalog, so that requests are paid for.</summary>
    public bool IsRemote { get; init; }
}
