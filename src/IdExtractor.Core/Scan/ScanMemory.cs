using IdExtractor.Core.Scan.Lanes;
using IdExtractor.Foundation.Memory;

namespace IdExtractor.Core.Scan;

/// <summary>
/// Divides the memory for pages among scanning threads. The fixed memory of each lane is set aside
/// first. Everything that grows with the file comes from the rest, shared by all threads.
/// </summary>
public static class ScanMemory
{
    /// <summary>
    /// Fixed memory per lane: windows, batches and lists, whatever the file contains.
    /// </summary>
    internal const long LaneBytes = 2 << 20;

    /// <summary>
    /// How many of the wanted threads fit in memory. Their own buffers may take half, which leaves
    /// the other half for pages. At least one.
    /// </summary>
    /// <param name="bytes">Memory for pages and buffers.</param>
    /// <param name="wanted">1 or more.</param>
    public static int ThreadsFor(long bytes, int wanted) => (int)Math.Clamp(bytes / 2 / (ScanWorker.LockStepLanes * LaneBytes), 1, wanted);

    /// <summary>
    /// How many of the wanted lanes fit per thread, by the same rule; at least the lanes that work
    /// in lock step.
    /// </summary>
    internal static int LanesFor(long bytes, int threads, int wanted) =>
        (int)Math.Min(wanted, Math.Max(bytes / 2 / LaneBytes / threads, ScanWorker.LockStepLanes));

    /// <summary>The budget for pages and dictionaries while this many lanes are at work.</summary>
    internal static MemoryBudget BudgetFor(long bytes, int lanes) =>
        bytes == long.MaxValue ? MemoryBudget.Unlimited : new MemoryBudget(Math.Max(bytes - (lanes * LaneBytes), 0));
}
