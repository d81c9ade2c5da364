using IdExtractor.Core.Job;

namespace IdExtractor.Core.Scan;

/// <summary>The options for the scan of Table B.</summary>
/// <param name="OnNullId">What to do with a matched row without an id.</param>
/// <param name="Threads">Scanning threads, 1 or more.</param>
/// <param name="Prune">True to skip row groups and pages that the file's metadata rules out; false
/// to read every document, as the reference implementation does.</param>
/// <param name="Split">True to cut large row groups between pages, so that threads have equal work;
/// false to scan each as a whole.</param>
/// <param name="Share">True to let a thread without a row group read the ids of another thread's;
/// false to leave both columns to one thread.</param>
public sealed record ScanOptions(NullIdPolicy OnNullId, int Threads, bool Prune = true, bool Split = true, bool Share = true)
{
    /// <summary>
    /// Total memory for the pages, dictionaries and buffers of all threads, in bytes.
    /// </summary>
    public long PageMemory { get; init; } = long.MaxValue;
}
