using IdExtractor.Core.Job;

namespace IdExtractor.Core.Scan;

/// <summary>What the scan of Table B is told.</summary>
/// <param name="OnNullId">What to do with a matched row without an ID.</param>
/// <param name="Threads">Scanning threads, 1 or more.</param>
/// <param name="Prune">Row groups and pages may be ruled out by what the file says of them; false to read every document, the plain twin.</param>
/// <param name="Split">Large row groups may be cut between pages, so that threads have equal work; false to take each as a whole.</param>
/// <param name="Share">A thread without a row group may draw the ids of another's; false to leave both columns to one thread.</param>
public sealed record ScanOptions(NullIdPolicy OnNullId, int Threads, bool Prune = true, bool Split = true, bool Share = true)
{
    /// <summary>Bytes that pages, dictionaries and the buffers of all threads may take together.</summary>
    public long PageMemory { get; init; } = long.MaxValue;
}
