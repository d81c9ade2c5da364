using IdExtractor.Core.Job;

namespace IdExtractor.Core.Plan;

/// <summary>
/// What a plan would read, for the <c>plan</c> command. A full scan is counted: dictionaries can
/// only make it less.
/// </summary>
public sealed record PlanSummary
{
    /// <summary>The table.</summary>
    public required string Table { get; init; }

    /// <summary>The partition as <c>source_partition</c> spells it.</summary>
    public required string SourcePartition { get; init; }

    /// <summary>When it begins, in UTC; null when its keys contain no date.</summary>
    public DateTime? PartitionTime { get; init; }

    /// <summary>Files with rows.</summary>
    public required int Files { get; init; }

    /// <summary>Bytes of these files.</summary>
    public required long FileBytes { get; init; }

    /// <summary>Row groups with rows.</summary>
    public required long RowGroups { get; init; }

    /// <summary>Rows.</summary>
    public required long Rows { get; init; }

    /// <summary>Stored bytes of the key column.</summary>
    public required long KeyBytes { get; init; }

    /// <summary>
    /// Stored bytes of the ID column; 0 when none is read, or when it is the key column.
    /// </summary>
    public required long IdBytes { get; init; }

    /// <summary>Names of the key column as the files spell them, each once.</summary>
    public required IReadOnlyList<string> KeyNames { get; init; }

    /// <summary>Names of the ID column, each once; none when none is read.</summary>
    public required IReadOnlyList<string> IdNames { get; init; }

    /// <summary>
    /// Types of the key column, each once; files may differ in what makes no difference.
    /// </summary>
    public required IReadOnlyList<string> KeyTypes { get; init; }

    /// <summary>Types of the ID column, each once.</summary>
    public required IReadOnlyList<string> IdTypes { get; init; }

    /// <summary>Names that the files' writers give themselves, each once.</summary>
    public required IReadOnlyList<string> Writers { get; init; }

    /// <summary>What was skipped, and why.</summary>
    public required IReadOnlyList<SkippedItem> Skipped { get; init; }

    /// <summary>The key column and, if one is read, the ID column.</summary>
    public IReadOnlyList<InputColumn> Columns()
    {
        static InputColumn Of(IEnumerable<string> names, IEnumerable<string> types, long bytes) =>
            new(string.Join(", ", names), string.Join(", ", types), bytes);

        var key = Of(KeyNames, KeyTypes, KeyBytes);
        return IdNames.Count == 0 ? [key] : [key, Of(IdNames, IdTypes, IdBytes)];
    }

    /// <summary>Sums a plan up.</summary>
    public static PlanSummary Of(TablePlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new PlanSummary
        {
            Table = plan.Table,
            SourcePartition = plan.SourcePartition,
            PartitionTime = plan.PartitionTime,
            Files = plan.Files.Count,
            FileBytes = plan.Files.Sum(file => file.Object.Size),
            RowGroups = plan.Files.Sum(file => (long)file.RowGroups.Count),
            Rows = plan.RowCount,
            KeyBytes = plan.Files.Sum(file => file.RowGroups.Sum(group => group.KeyChunk.Length)),
            IdBytes = plan.Files.Where(file => file.IdColumn is { } id && id.Index != file.KeyColumn.Index)
                .Sum(file => file.RowGroups.Sum(group => group.IdChunk.Length)),
            KeyNames = [.. plan.Files.Select(file => file.KeyColumn.Name).Distinct()],
            IdNames = [.. plan.Files.Select(file => file.IdColumn?.Name).OfType<string>().Distinct()],
            KeyTypes = [.. plan.Files.Select(file => file.KeyColumn.TypeText).Distinct()],
            IdTypes = [.. plan.Files.Select(file => file.IdColumn?.TypeText).OfType<string>().Distinct()],
            Writers = [.. plan.Files.Select(file => file.Footer.CreatedBy).Where(writer => writer.Length > 0).Distinct()],
            Skipped = plan.Skipped,
        };
    }
}
