using IdExtractor.Core.Scan.Lanes;
using IdExtractor.Foundation.Memory;

namespace IdExtractor.Core.Scan;

/// <summary>
/// Divides the memory for pages among scanning threads. What each lane always holds is set aside first; all that grows with the file is taken from what is left, by whoever needs it.
/// </summary>
public static class ScanMemory
{
    /// <summary>Windows, batches and lists of one lane, which are there whatever the file holds.</summary>
    internal const long LaneBytes = 2 << 20;

    /// <summary>How many of the wanted threads there is room for: their own buffers may take half, so that pages get the other. At least one.</summary>
    /// <param name="bytes">Memory for pages and buffers.</param>
    /// <param name="wanted">1 or more.</param>
    public static int ThreadsFor(long bytes, int wanted) => (int)Math.Clamp(bytes / 2 / (ScanWorker.LockStepLanes * LaneBytes), 1, wanted);

    /// <summary>How many of the wanted lanes each thread has room for, on the same terms; at least those that work.</summary>
    internal static int LanesFor(long bytes, int threads, int wanted) => (int)Math.Min(wanted, Math.Max(bytes / 2 / LaneBytes / threads, ScanWorker.LockStepLanes));

    /// <summary>What pages and dictionaries may take while some lanes are at work.</summary>
    internal static MemoryBudget BudgetFor(long bytes, int lanes) => bytes == long.MaxValue ? MemoryBudget.Unlimited : new MemoryBudget(Math.Max(bytes - (lanes * LaneBytes), 0));
}
