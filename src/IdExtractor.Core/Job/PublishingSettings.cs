namespace IdExtractor.Core.Job;

/// <summary>The validated settings of <c>verify</c> (specification, section 7).</summary>
public sealed record VerifySettings
{
    /// <summary>Root of stage and active.</summary>
    public required string Output { get; init; }

    /// <summary>Key of the active or stage file below the root.</summary>
    public required string Key { get; init; }

    /// <summary>It is a stage file.</summary>
    public bool IsStage { get; init; }

    /// <summary>Names of stage and active files.</summary>
    public OutputSettings Layout { get; init; } = new();
}

/// <summary>The validated settings of <c>promote</c> (specification, section 7).</summary>
public sealed record PromoteSettings
{
    /// <summary>Root of stage and active.</summary>
    public required string Output { get; init; }

    /// <summary>Key of the stage file below the root.</summary>
    public required string StageKey { get; init; }

    /// <summary>Names of stage and active files.</summary>
    public OutputSettings Layout { get; init; } = new();

    /// <summary>What must hold before promotion.</summary>
    public PublishGuards Guards { get; init; } = new();
}

/// <summary>The validated settings of <c>publish</c> (specification, section 7).</summary>
public sealed record PublishSettings
{
    /// <summary>Folder of the text or Parquet parts that another engine wrote.</summary>
    public required string From { get; init; }

    /// <summary>Root of stage and active.</summary>
    public required string Output { get; init; }

    /// <summary>Column of the IDs when the parts are Parquet.</summary>
    public string IdColumn { get; init; } = "id";

    /// <summary>
    /// The partition of B that the IDs come from, all its keys; null when B has none.
    /// </summary>
    public PartitionPin? Partition { get; init; }

    /// <summary>What to do with a null or empty ID.</summary>
    public NullIdPolicy OnNullId { get; init; } = NullIdPolicy.Fail;

    /// <summary>How the output is named and written.</summary>
    public OutputSettings Layout { get; init; } = new();

    /// <summary>What must hold before promotion.</summary>
    public PublishGuards Guards { get; init; } = new();

    /// <summary>Stop with success when active already holds this partition and input.</summary>
    public bool SkipIfCurrent { get; init; }

    /// <summary>Reading threads, 1 to 1024.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Bytes that buffers and collected IDs may take together, at least 64 MiB.</summary>
    public long MaxMemory { get; init; } = 1L << 30;
}
