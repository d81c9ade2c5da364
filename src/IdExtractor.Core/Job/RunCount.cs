namespace IdExtractor.Core.Job;

/// <summary>
/// Counts that a step knows once it is over. Counts that grow during the run are in
/// <see cref="RunProgress"/>.
/// </summary>
public enum RunCount
{
    /// <summary>Rows, or lines, of A.</summary>
    KeyRows,

    /// <summary>Values of A that are not CPFs (specification, section 5).</summary>
    KeysRejected,

    /// <summary>Of these, nulls and values without digits.</summary>
    KeysRejectedEmpty,

    /// <summary>Of these, values with something else than digits.</summary>
    KeysRejectedNotDigits,

    /// <summary>Of these, numbers with a decimal point or an exponent.</summary>
    KeysRejectedFloat,

    /// <summary>Of these, values with punctuation where no CPF or CNPJ has it.</summary>
    KeysRejectedPunctuation,

    /// <summary>Of these, values with too many digits.</summary>
    KeysRejectedTooLong,

    /// <summary>Distinct keys made from A.</summary>
    Keys,

    /// <summary>Distinct IDs.</summary>
    DistinctIds,

    /// <summary>
    /// <c>total_ids</c> of the active file before this run; not reported when there is none.
    /// </summary>
    PreviousIds,

    /// <summary>Bytes of the text before compression.</summary>
    TextBytes,

    /// <summary>Bytes of the gzip file.</summary>
    GzipBytes,

    /// <summary>Bytes of collected IDs that went through spill files.</summary>
    SpilledBytes,

    /// <summary>
    /// Unfinished files or uploads of crashed runs that were found at the output and removed.
    /// </summary>
    RemainsRemoved,

    /// <summary>
    /// Unfinished uploads that were found at the output and left, as another run may be at work on
    /// them.
    /// </summary>
    RemainsLeft,
}

/// <summary>The counts' names in logs and reports.</summary>
public static class RunCountNames
{
    private static readonly string[] s_names =
    [
        "key_rows", "keys_rejected", "keys_rejected_empty", "keys_rejected_not_digits", "keys_rejected_float", "keys_rejected_punctuation",
        "keys_rejected_too_long",
        "keys", "distinct_ids", "previous_ids", "text_bytes", "gzip_bytes", "spilled_bytes", "remains_removed", "remains_left",
    ];

    /// <summary>How many counts there are; their values are 0 and on.</summary>
    public static int Total => s_names.Length;

    /// <summary>The count's name in lower case, as <c>distinct_ids</c>.</summary>
    public static string ToName(this RunCount count) => s_names[(int)count];
}
