namespace IdExtractor.Core.Job;

/// <summary>What a run reads of one table, as logs, reports and <c>plan</c> show it.</summary>
public sealed record InputSummary
{
    /// <summary>The table's part in the run.</summary>
    public required TableRole Role { get; init; }

    /// <summary>The table, as an operator would write it.</summary>
    public required string Table { get; init; }

    /// <summary>
    /// The partition as <c>source_partition</c> spells it; null for a list of CPFs, which has none.
    /// </summary>
    public string? SourcePartition { get; init; }

    /// <summary>When the partition begins, in UTC; null when its keys contain no date.</summary>
    public DateTime? PartitionTime { get; init; }

    /// <summary>The files that are read.</summary>
    public required IReadOnlyList<InputFile> Files { get; init; }

    /// <summary>
    /// The columns that a plan would read; empty for text, and when the caller does not need them.
    /// </summary>
    public IReadOnlyList<InputColumn> Columns { get; init; } = [];

    /// <summary>What was skipped, and why.</summary>
    public IReadOnlyList<SkippedItem> Skipped { get; init; } = [];

    /// <summary>Bytes of all files.</summary>
    public long Bytes => Files.Sum(file => file.Bytes);

    /// <summary>
    /// Rows of all files; null when a file's rows are only known once it has been read.
    /// </summary>
    public long? Rows => Files.All(file => file.Rows is not null) ? Files.Sum(file => file.Rows) : null;

    /// <summary>Row groups of all files.</summary>
    public int RowGroups => Files.Sum(file => file.RowGroups);

    /// <summary>The summary of parts that another engine wrote.</summary>
    public static InputSummary Of(IdParts parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        return new InputSummary
        {
            Role = TableRole.Ids,
            Table = parts.Name,
            Files =
            [
                .. parts.Texts.Select(part => new InputFile(part.Name, part.Object.Size, Rows: null, RowGroups: 0)),
                .. parts.Tables.Select(file => new InputFile(file.Name, file.Object.Size, file.Footer.RowCount, file.RowGroups.Count)),
            ],
            Skipped = parts.Skipped,
        };
    }

    /// <summary>The summary of a planned Parquet table.</summary>
    public static InputSummary Of(TableRole role, TablePlan plan) => new()
    {
        Role = role,
        Table = plan.Table,
        SourcePartition = plan.SourcePartition,
        PartitionTime = plan.PartitionTime,
        Files = [.. plan.Files.Select(file => new InputFile(file.Name, file.Object.Size, file.Footer.RowCount, file.RowGroups.Count))],
        Skipped = plan.Skipped,
    };
}

/// <summary>A table's part in the run.</summary>
public enum TableRole
{
    /// <summary>Table A: the eligible people.</summary>
    A,

    /// <summary>Table B: where the IDs are.</summary>
    B,

    /// <summary>IDs that another engine wrote, for <c>publish</c>.</summary>
    Ids,
}

/// <summary>One file that is read.</summary>
/// <param name="Name">Full path or URI.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Rows">Rows by its footer; null for text.</param>
/// <param name="RowGroups">Row groups that hold rows; 0 for text.</param>
public sealed record InputFile(string Name, long Bytes, long? Rows, int RowGroups);

/// <summary>One column that is read.</summary>
/// <param name="Name">Its name; several, with commas, where files spell it differently.</param>
/// <param name="Type">Its Parquet type, likewise.</param>
/// <param name="Bytes">Stored bytes of its chunks; 0 for an id column that is the key column
/// too.</param>
public sealed record InputColumn(string Name, string Type, long Bytes);
