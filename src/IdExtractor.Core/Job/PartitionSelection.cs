using IdExtractor.Core.Storage;

namespace IdExtractor.Core.Job;

/// <summary>
/// The partitions of one table that a run may take, in the order in which it prefers them.
/// </summary>
public sealed record PartitionSelection
{
    /// <summary>The table, for messages.</summary>
    public required string Table { get; init; }

    /// <summary>The table's folder.</summary>
    public required StoreLocation Location { get; init; }

    /// <summary>
    /// Latest first; at least one. A table without partitions has one, which is the whole table.
    /// </summary>
    public required IReadOnlyList<PartitionCandidate> Candidates { get; init; }

    /// <summary>Partitions that were skipped, and why.</summary>
    public required IReadOnlyList<SkippedItem> Skipped { get; init; }

    /// <summary>
    /// Files and folders that are not read, since they are next to the partitions.
    /// </summary>
    public IReadOnlyList<SkippedItem> Strays { get; init; } = [];

    /// <summary>Which of two partitions is later, by their texts.</summary>
    public required IPartitionOrder Order { get; init; }

    /// <summary>The table has partition keys.</summary>
    public required bool IsPartitioned { get; init; }
}

/// <summary>One partition that a run may take.</summary>
/// <param name="SourcePartition">
/// As the output's <c>source_partition</c> spells it (decision 1): the bare value for one key,
/// <c>k=v/k=v</c> for more, <c>unpartitioned</c> for none.
/// </param>
/// <param name="Location">Where its data is.</param>
/// <param name="Time">
/// When it begins according to its keys, in UTC: a date, a timestamp, or columns of year, month and
/// day. Null when its keys contain no date.
/// </param>
public sealed record PartitionCandidate(string SourcePartition, StoreLocation Location, DateTime? Time);
