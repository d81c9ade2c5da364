namespace IdExtractor.Foundation.Errors;

/// <summary>
/// The exit code of the process (specification, section 7). Schedulers rely on it: only
/// <see cref="Transient"/> is worth a retry.
/// </summary>
public enum ExitCode
{
    /// <summary>The work is done, or there was nothing to do.</summary>
    Done = 0,

    /// <summary>A defect of this program.</summary>
    Bug = 1,

    /// <summary>The command line, an environment variable or the config file is wrong.</summary>
    Usage = 2,

    /// <summary>
    /// Configuration or permission: a path, bucket, database or table that is not there, access
    /// denied.
    /// </summary>
    Configuration = 3,

    /// <summary>A guard stopped the promotion, or the result is empty.</summary>
    Guard = 4,

    /// <summary>What was read back differs from what was written, or from its metadata.</summary>
    VerificationFailed = 5,

    /// <summary>The partition is absent, empty or stale.</summary>
    Partition = 6,

    /// <summary>Input data or a Parquet file is bad.</summary>
    BadInput = 7,

    /// <summary>
    /// A temporary failure (network, throttling, an object that changed, a full disk): run again.
    /// </summary>
    Transient = 75,

    /// <summary>Cancelled by SIGINT.</summary>
    Interrupted = 130,

    /// <summary>Cancelled by SIGTERM.</summary>
    Terminated = 143,
}
