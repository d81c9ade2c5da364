namespace IdExtractor.Core.Feed;

/// <summary>How much of a table is held in memory between the network and the scan.</summary>
/// <param name="BudgetBytes">Bytes of requests under way and of replies not yet used, of all threads. What a thread waits for is fetched beyond it, by one urgent request a reader at most.</param>
/// <param name="PieceBytes">Bytes in which memory is taken and given back, 1 or more.</param>
/// <param name="RequestPieces">Most pieces of one request, 1 or more.</param>
/// <param name="UrgentPieces">Most pieces of a request beyond the budget, 1 or more.</param>
/// <param name="Abreast">Ranges that are read side by side, 1 or more.</param>
internal sealed record ReadAheadLimits(long BudgetBytes, int PieceBytes, int RequestPieces, int UrgentPieces, int Abreast)
{
    /// <summary>Most bytes of one request, where there is room for it. By measurement a request costs 0.3 ms of processor time, as much as the copy of 1 MiB.</summary>
    public const int LargestRequest = 8 << 20;

    private const long DefaultBudget = 128L << 20, BeyondBudget = 48L << 20;

    private const int Piece = 256 << 10, SmallestUrgent = 1 << 20, LargestUrgent = 4 << 20;

    /// <summary>What ids, which are wanted at once, may take beyond what documents leave: a quarter.</summary>
    public long DocumentBytes => BudgetBytes / 4 * 3;

    /// <summary>Most bytes of one request.</summary>
    public int RequestBytes => PieceBytes * RequestPieces;

    /// <summary>The limits of a scan: 128 MiB, by measurement what a link of 30 ms takes to keep more than four fifths of its speed, and 48 MiB for what readers wait for (more with over 48 readers, at 1 MiB each).</summary>
    /// <param name="readers">Chunks that are begun at the same time, 1 or more.</param>
    /// <param name="abreast">Those of them that are worked on at the same time, 1 or more.</param>
    public static ReadAheadLimits For(int readers, int abreast) =>
        new(DefaultBudget, Piece, LargestRequest / Piece, (int)Math.Clamp(BeyondBudget / readers, SmallestUrgent, LargestUrgent) / Piece, abreast);
}
