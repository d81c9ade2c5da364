using System.Diagnostics;

namespace IdExtractor.Core.Feed;

/// <summary>
/// A range that comes from a store in a few requests and is held in pieces. It may serve several
/// readers whose chunks are close together. A piece is held until the last reader whose chunk
/// touches it has passed it. Guarded by its <see cref="ReadAhead"/>.
/// </summary>
internal sealed class RangeFetch
{
    private readonly PlannedRange _range;
    private readonly int _pieceBytes;
    private readonly FetchRequest?[] _requests;
    private readonly int[] _readers;

    /// <summary>Creates a fetch for a range that has not been requested.</summary>
    /// <param name="range">The range to fetch.</param>
    /// <param name="limits">Sizes of pieces and requests.</param>
    /// <param name="members">The part that each reader will read.</param>
    public RangeFetch(PlannedRange range, ReadAheadLimits limits, IReadOnlyList<PlannedRange> members)
    {
        (_range, _pieceBytes) = (range, limits.PieceBytes);
        var count = (int)((range.Length + _pieceBytes - 1) / _pieceBytes);
        _requests = new FetchRequest?[count];
        _readers = new int[count];
        foreach (var member in members)
        {
            for (var index = IndexOf(member.Offset); index <= IndexOf(member.End - 1); index++)
                _readers[index]++;
        }

        // Keep requests about equal in size: a short one at the end would cost as much as the
        // others.
        var most = limits.RequestPieces;
        var requests = (count + most - 1) / most;
        RequestPieces = (count + requests - 1) / requests;
    }

    /// <summary>The range.</summary>
    public PlannedRange Range => _range;

    /// <summary>Its index among all planned ranges; negative when it was not planned.</summary>
    public int Turn { get; init; } = -1;

    /// <summary>Number of pieces in the range.</summary>
    public int PieceCount => _requests.Length;

    /// <summary>Pieces per request.</summary>
    public int RequestPieces { get; }

    /// <summary>
    /// Number of requests for the whole range when the budget has room for each. Ranges that share
    /// a fetch fit into one request, so none is for a gap alone.
    /// </summary>
    public int RequestCount => (PieceCount + RequestPieces - 1) / RequestPieces;

    /// <summary>
    /// The request that fetches a piece; null when the piece has not been requested.
    /// </summary>
    public ref FetchRequest? Request(int index) => ref _requests[index];

    /// <summary>The index of the piece that contains a position.</summary>
    public int IndexOf(long position) => (int)((position - _range.Offset) / _pieceBytes);

    /// <summary>Where a piece begins in the file.</summary>
    public long OffsetOf(int index) => _range.Offset + ((long)index * _pieceBytes);

    /// <summary>The first byte after a piece, or after the range.</summary>
    public long EndOf(int index) => Math.Min(OffsetOf(index + 1), _range.End);

    /// <summary>True when a reader still needs the piece.</summary>
    public bool IsWanted(int index) => _readers[index] > 0;

    /// <summary>
    /// Records that one reader has passed the piece. True when it was the last one.
    /// </summary>
    public bool Pass(int index)
    {
        Debug.Assert(_readers[index] > 0, "Each reader passes a piece once.");
        return --_readers[index] == 0;
    }

    /// <summary>
    /// The first piece, from an index on, that a reader needs and that has not been requested;
    /// <see cref="PieceCount"/> when there is none.
    /// </summary>
    public int NextUnasked(int from)
    {
        while (from < PieceCount && (!IsWanted(from) || _requests[from] is not null))
            from++;
        return from;
    }

    /// <summary>
    /// Where a request that begins at a piece ends: before pieces already requested, and no later
    /// than the last piece needed.
    /// </summary>
    /// <param name="from">Its first piece.</param>
    /// <param name="most">Maximum number of pieces, 1 or more.</param>
    public int EndOfRequest(int from, int most)
    {
        var end = from + 1;
        for (var index = end; index < PieceCount && index - from < most && _requests[index] is null; index++)
        {
            if (IsWanted(index))
                end = index + 1;
        }

        return end;
    }
}
