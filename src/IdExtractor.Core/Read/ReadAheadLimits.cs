namespace IdExtractor.Core.Read;

/// <summary>How much of a table is held in memory between the network and the scan.</summary>
/// <param name="BudgetBytes">Bytes of requests under way and of replies not yet used, of all threads. What a thread waits for is fetched beyond it, one block a reader at most.</param>
/// <param name="BlockBytes">Most bytes of one request.</param>
internal sealed record ReadAheadLimits(long BudgetBytes, int BlockBytes)
{
    private const long DefaultBudget = 64L << 20, BeyondBudget = 48L << 20;

    private const int SmallestBlock = 1 << 20, LargestBlock = 4 << 20;

    /// <summary>What ids, which are wanted at once, may take beyond what documents leave: a quarter.</summary>
    public long DocumentBytes => BudgetBytes / 4 * 3;

    /// <summary>The limits of a scan: 64 MiB, and 48 MiB for what readers wait for (more with over 48 readers, at 1 MiB each).</summary>
    /// <param name="readers">Chunks that are read at the same time, 1 or more.</param>
    public static ReadAheadLimits For(int readers) => new(DefaultBudget, (int)Math.Clamp(BeyondBudget / readers, SmallestBlock, LargestBlock));
}
