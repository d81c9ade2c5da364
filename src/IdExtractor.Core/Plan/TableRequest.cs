using IdExtractor.Core.Job;

namespace IdExtractor.Core.Plan;

/// <summary>What is wanted of a table.</summary>
internal sealed record TableRequest
{
    /// <summary>The CPF column.</summary>
    public required string KeyColumn { get; init; }

    /// <summary>The published column; null for Table A.</summary>
    public string? IdColumn { get; init; }

    /// <summary>What to do with a partition that holds no rows.</summary>
    public EmptyPartitionPolicy OnEmptyPartition { get; init; }

    /// <summary>
    /// A table without partitions may have files and no rows; the plan is then empty. Set for Table
    /// A, where the code that counts its keys reports this as bad input (decision 8), not as an
    /// empty partition.
    /// </summary>
    public bool MayHaveNoRows { get; init; }

    /// <summary>What a run wants of Table A.</summary>
    public static TableRequest ForTableA(ExtractionSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new TableRequest { KeyColumn = settings.KeyColumnA, OnEmptyPartition = settings.OnEmptyPartition, MayHaveNoRows = true };
    }

    /// <summary>What a run wants of Table B.</summary>
    public static TableRequest ForTableB(ExtractionSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new TableRequest
        {
            KeyColumn = settings.KeyColumnB,
            IdColumn = settings.IdColumn,
            OnEmptyPartition = settings.OnEmptyPartition
        };
    }
}
