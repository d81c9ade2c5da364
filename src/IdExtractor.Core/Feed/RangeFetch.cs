namespace IdExtractor.Core.Feed;

/// <summary>
/// A range that comes from a store in a few requests, and is held in pieces. It may serve several readers whose chunks lie near each other; a piece is held until the last whose chunk
/// touches it has passed. Guarded by its <see cref="ReadAhead"/>.
/// </summary>
internal sealed class RangeFetch
{
    private readonly PlannedRange _range;
    private readonly int _pieceBytes;
    private readonly FetchRequest?[] _requests;
    private readonly int[] _readers;

    /// <summary>A range that nobody has asked for.</summary>
    /// <param name="range">What is fetched.</param>
    /// <param name="limits">Sizes of pieces and requests.</param>
    /// <param name="members">Who will read from it: each its part.</param>
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

        // Requests of about one size: a short one at the end would cost as much as the others.
        var most = limits.RequestPieces;
        var requests = (count + most - 1) / most;
        RequestPieces = (count + requests - 1) / requests;
    }

    /// <summary>The file.</summary>
    public PlannedRange Range => _range;

    /// <summary>Its place among all planned ranges; negative when it was not planned.</summary>
    public int Turn { get; init; } = -1;

    /// <summary>Pieces of the range.</summary>
    public int PieceCount => _requests.Length;

    /// <summary>Pieces of one request.</summary>
    public int RequestPieces { get; }

    /// <summary>The request that a piece comes by; null when nobody has asked for it.</summary>
    public ref FetchRequest? Request(int index) => ref _requests[index];

    /// <summary>The piece that a position is in.</summary>
    public int IndexOf(long position) => (int)((position - _range.Offset) / _pieceBytes);

    /// <summary>Where a piece begins in the file.</summary>
    public long OffsetOf(int index) => _range.Offset + ((long)index * _pieceBytes);

    /// <summary>The first byte behind a piece, or behind the range.</summary>
    public long EndOf(int index) => Math.Min(OffsetOf(index + 1), _range.End);

    /// <summary>Somebody will come to the piece.</summary>
    public bool IsWanted(int index) => _readers[index] > 0;

    /// <summary>One reader has passed the piece. True when it was the last of them.</summary>
    public bool Pass(int index) => --_readers[index] == 0;

    /// <summary>The first piece from a place on that somebody wants and nobody has asked for; <see cref="PieceCount"/> when there is none.</summary>
    public int NextUnasked(int from)
    {
        while (from < PieceCount && (!IsWanted(from) || _requests[from] is not null))
            from++;
        return from;
    }

    /// <summary>Where a request that begins at a piece ends: before pieces that were asked for, and not behind the last wanted one.</summary>
    /// <param name="from">Its first piece.</param>
    /// <param name="most">Most pieces, 1 or more.</param>
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
