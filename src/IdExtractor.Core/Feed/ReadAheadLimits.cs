namespace IdExtractor.Core.Feed;

/// <summary>
/// Limits how much of a table is held in memory between the network and the scan.
/// </summary>
/// <param name="BudgetBytes">Bytes of requests in flight and of replies not yet read, across all
/// threads. What a thread waits for may exceed it, by at most one urgent request per
/// reader.</param>
/// <param name="PieceBytes">Unit of allocation, in bytes, 1 or more.</param>
/// <param name="RequestPieces">Maximum number of pieces per request, 1 or more.</param>
/// <param name="UrgentPieces">Maximum number of pieces per request beyond the budget, 1 or
/// more.</param>
/// <param name="Concurrency">Ranges that are read concurrently, 1 or more.</param>
internal sealed record ReadAheadLimits(long BudgetBytes, int PieceBytes, int RequestPieces, int UrgentPieces, int Concurrency)
{
    /// <summary>
    /// Maximum size of one request, if there is room for it. Measured: a request costs 0.3 ms of
    /// processor time, as much as copying 1 MiB.
    /// </summary>
    public const int LargestRequest = 8 << 20;

    private const long DefaultBudget = 128L << 20, BeyondBudget = 48L << 20;

    private const int Piece = 256 << 10, SmallestUrgent = 1 << 20, LargestUrgent = 4 << 20;

    /// <summary>
    /// The limit for documents: three quarters of the budget. The rest is for ids, which are needed
    /// immediately.
    /// </summary>
    public long DocumentBytes => BudgetBytes / 4 * 3;

    /// <summary>Maximum size of one request, in bytes.</summary>
    public int RequestBytes => PieceBytes * RequestPieces;

    /// <summary>
    /// The limits of a scan: 128 MiB, which a link with 30 ms latency was measured to need to keep
    /// more than four fifths of its speed, and beyond it 48 MiB for what readers wait for, or 1 MiB
    /// per reader when there are more than 48.
    /// </summary>
    /// <param name="readers">Chunks that are open at the same time, 1 or more.</param>
    /// <param name="concurrency">How many of them are processed concurrently, 1 or more.</param>
    public static ReadAheadLimits For(int readers, int concurrency) =>
        new(
            DefaultBudget, Piece, LargestRequest / Piece, (int)Math.Clamp(BeyondBudget / readers, SmallestUrgent, LargestUrgent) / Piece,
            concurrency);
}
