namespace IdExtractor.Core.Job;

/// <summary>
/// The validated settings of one run (specification, section 7), with the product's defaults.
/// </summary>
public sealed record ExtractionSettings
{
    /// <summary>
    /// Table A: <c>glue://db/table</c>, a folder, or a .csv/.txt list (optionally .gz).
    /// </summary>
    public required string TableA { get; init; }

    /// <summary>Table B: <c>glue://db/table</c> or a folder.</summary>
    public required string TableB { get; init; }

    /// <summary>Root of stage and active; null when the command writes nothing.</summary>
    public string? Output { get; init; }

    /// <summary>CPF column of A.</summary>
    public string KeyColumnA { get; init; } = "documento";

    /// <summary>CPF column of B.</summary>
    public string KeyColumnB { get; init; } = "documento";

    /// <summary>Column of B that is published.</summary>
    public string IdColumn { get; init; } = "id";

    /// <summary>Pins B's partition, wholly or in some of its keys.</summary>
    public PartitionPin? PartitionB { get; init; }

    /// <summary>Pins A's partition.</summary>
    public PartitionPin? PartitionA { get; init; }

    /// <summary>
    /// A latest partition older than this, by its keys and the clock, is stale; above zero, null
    /// for no limit.
    /// </summary>
    public TimeSpan? MaxPartitionAge { get; init; }

    /// <summary>A partition that begins more than two days from now may be the latest.</summary>
    public bool AllowFuturePartition { get; init; }

    /// <summary>What to do when the latest partition holds no rows.</summary>
    public EmptyPartitionPolicy OnEmptyPartition { get; init; } = EmptyPartitionPolicy.Fail;

    /// <summary>How a CPF of A becomes a key.</summary>
    public MatchRule Match { get; init; } = MatchRule.Pad;

    /// <summary>Digits of a key under <see cref="MatchRule.Pad"/>, 1 to 64.</summary>
    public int KeyWidth { get; init; } = 14;

    /// <summary>What to do with a value of A that is not a CPF.</summary>
    public BadCpfPolicy OnBadCpf { get; init; } = BadCpfPolicy.Reject;

    /// <summary>
    /// More rejected values of A than this, in percent of all, stop the run; 0 to 100.
    /// </summary>
    public double MaxRejectedPercent { get; init; } = 50;

    /// <summary>What to do with a matched row whose ID is null or empty.</summary>
    public NullIdPolicy OnNullId { get; init; } = NullIdPolicy.Fail;

    /// <summary>How the output is named and written.</summary>
    public OutputSettings Layout { get; init; } = new();

    /// <summary>What must hold before promotion.</summary>
    public PublishGuards Guards { get; init; } = new();

    /// <summary>Stop with success when active already holds this partition and input.</summary>
    public bool SkipIfCurrent { get; init; }

    /// <summary>Scanning threads, 1 to 1024.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Bytes that buffers and collected IDs may take together, at least 64 MiB.</summary>
    public long MaxMemory { get; init; } = 1L << 30;
}

/// <summary>
/// What to do when the latest partition holds no rows (specification, section 3).
/// </summary>
public enum EmptyPartitionPolicy
{
    /// <summary>Exit 6.</summary>
    Fail,

    /// <summary>Take the one before, as many steps back as it takes.</summary>
    Previous,
}

/// <summary>How a CPF of A becomes a key (specification, section 5).</summary>
public enum MatchRule
{
    /// <summary>Cleaned, then left-padded with zeros to the key width.</summary>
    Pad,

    /// <summary><c>000</c> and the value as it is.</summary>
    Concat,
}

/// <summary>What to do with a value of A that is not a CPF.</summary>
public enum BadCpfPolicy
{
    /// <summary>Count it and go on.</summary>
    Reject,

    /// <summary>Exit 7.</summary>
    Fail,
}

/// <summary>What to do with a matched row whose ID is null or empty.</summary>
public enum NullIdPolicy
{
    /// <summary>Exit 7.</summary>
    Fail,

    /// <summary>Count it and go on.</summary>
    Drop,
}

/// <summary>How the output is named and written (specification, sections 2 and 6).</summary>
public sealed record OutputSettings
{
    /// <summary>
    /// Key of the stage file below the root; null for <c>stage/stage_YYYYMMDD_HHMMSS.txt.gz</c>.
    /// </summary>
    public string? StageKey { get; init; }

    /// <summary>Key of the active file below the root.</summary>
    public string ActiveKey { get; init; } = "active/latest.txt.gz";

    /// <summary>
    /// End the text with a newline, which is then part of what the checksum is over.
    /// </summary>
    public bool TrailingNewline { get; init; }

    /// <summary>0 to 9.</summary>
    public int GzipLevel { get; init; } = 6;
}

/// <summary>What must hold before a file is promoted (specification, section 6).</summary>
public sealed record PublishGuards
{
    /// <summary>Fewest distinct IDs; null for no limit.</summary>
    public long? MinIds { get; init; }

    /// <summary>Most distinct IDs; null for no limit.</summary>
    public long? MaxIds { get; init; }

    /// <summary>
    /// Largest drop against the active file's <c>total_ids</c>, in percent, 0 to 100; null for no
    /// limit.
    /// </summary>
    public double? MaxDropPercent { get; init; }

    /// <summary>An empty result may be published.</summary>
    public bool AllowEmpty { get; init; }

    /// <summary>An older partition may replace a newer one.</summary>
    public bool AllowOlder { get; init; }
}
