using IdExtractor.Core.Storage;
using IdExtractor.Parquet.Footer;

namespace IdExtractor.Core.Job;

/// <summary>
/// What will be read of one table: one partition, its files pinned, their footers read.
/// </summary>
public sealed record TablePlan
{
    /// <summary>The table, for messages.</summary>
    public required string Table { get; init; }

    /// <summary>
    /// The partition as the output's <c>source_partition</c> spells it (decision 1): the bare value
    /// for one key, <c>k=v/k=v</c> for more, <c>unpartitioned</c> for none.
    /// </summary>
    public required string SourcePartition { get; init; }

    /// <summary>
    /// When the partition begins according to its keys, in UTC; null when they contain no date.
    /// </summary>
    public DateTime? PartitionTime { get; init; }

    /// <summary>Data files with at least one row, in ordinal order of their keys.</summary>
    public required IReadOnlyList<PlannedFile> Files { get; init; }

    /// <summary>
    /// What was skipped, and why: hidden and empty files, partitions that do not parse or are
    /// empty.
    /// </summary>
    public required IReadOnlyList<SkippedItem> Skipped { get; init; }

    /// <summary>
    /// Reads that the footers took, those of empty partitions included, 0 or more.
    /// </summary>
    public long FooterReads { get; init; }

    /// <summary>Rows of all files.</summary>
    public long RowCount => Files.Sum(file => file.Footer.RowCount);
}

/// <summary>One pinned Parquet file.</summary>
/// <param name="Store">Where it is.</param>
/// <param name="Object">Key, size and the stamp that every read must find.</param>
/// <param name="Name">As it appears in messages: full path or URI.</param>
/// <param name="Footer">Its metadata.</param>
/// <param name="KeyColumn">The CPF column.</param>
/// <param name="IdColumn">The published column; null for Table A.</param>
/// <param name="RowGroups">
/// Row groups with the chunks of the key column and then, if there is one, the ID column. Row
/// groups without rows are omitted.
/// </param>
public sealed record PlannedFile(
    IObjectStore Store,
    ObjectInfo Object,
    string Name,
    ParquetFooter Footer,
    ColumnDescriptor KeyColumn,
    ColumnDescriptor? IdColumn,
    IReadOnlyList<RowGroup> RowGroups);

/// <summary>A file or partition that was skipped.</summary>
/// <param name="Name">Path, URI or partition.</param>
/// <param name="Reason">A short phrase, such as <c>hidden</c> or <c>0 bytes</c>.</param>
/// <param name="IsWarning">
/// An operator should see it, as with a partition value that does not parse.
/// </param>
public sealed record SkippedItem(string Name, string Reason, bool IsWarning = false);
