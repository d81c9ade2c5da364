namespace IdExtractor.Core.Feed;

/// <summary>
/// One reader's forward path through a fetch. Pieces before its position are released. Reusable;
/// not thread safe.
/// </summary>
internal sealed class FetchCursor
{
    private ReadAhead _ahead = null!;
    private RangeFetch? _fetch;
    private ReadOnlyMemory<byte> _piece;
    private int _index;
    private int _end;
    private bool _hasStopped;

    /// <summary>True when a range is open.</summary>
    public bool IsOpen => _fetch is not null;

    /// <summary>Opens a range.</summary>
    public void Open(AheadReader reader, long offset, long length, bool isWhole)
    {
        Close();
        _ahead = reader.Ahead;
        var part = _ahead.Take(new PlannedRange(reader.File, offset, length), isWhole);
        _fetch = part.Fetch;
        _index = _fetch.IndexOf(offset);
        _end = _fetch.IndexOf(part.Range.End - 1) + 1;
        _piece = default;
        _hasStopped = true;
    }

    /// <summary>
    /// True when enough bytes after a position have arrived to make continuing worthwhile: the next
    /// piece or, for a reader that had to stop, several. A reader that resumed at every piece would
    /// stall at the next one, and lanes that advance one at a time cost 50% more than in lock step.
    /// </summary>
    public bool HasArrived(long position)
    {
        var next = NextOf(position);
        _hasStopped = next < _end && !_ahead.HasArrived(_fetch!, next, _hasStopped);
        return !_hasStopped;
    }

    /// <summary>Waits until <see cref="HasArrived"/>.</summary>
    public void WaitUntilArrived(long position) => _ahead.WaitForSome(_fetch!, NextOf(position));

    /// <summary>
    /// The bytes from a position to the end of its piece, which may be after the end of the range.
    /// Waits for them. Valid until the next call.
    /// </summary>
    public ReadOnlyMemory<byte> Bytes(long position)
    {
        var fetch = _fetch!;
        var index = fetch.IndexOf(position);
        if (index != _index || _piece.IsEmpty)
        {
            _piece = default;
            _ahead.Pass(fetch, _index, index);
            _index = index;
            _piece = _ahead.Wait(fetch, index);
        }

        return _piece[(int)(position - fetch.OffsetOf(index))..];
    }

    /// <summary>
    /// Like <see cref="Bytes"/>, but only for the current piece: empty when the position is in
    /// another one.
    /// </summary>
    public ReadOnlyMemory<byte> BytesAtHand(long position) =>
        position >= _fetch!.OffsetOf(_index) && _fetch.IndexOf(position) == _index && !_piece.IsEmpty ? Bytes(position) : default;

    /// <summary>Releases all remaining pieces.</summary>
    public void Close()
    {
        if (_fetch is not null)
            _ahead.Pass(_fetch, _index, _end);
        _fetch = null;
        _piece = default;
    }

    private int NextOf(long position)
    {
        var index = _fetch!.IndexOf(position);
        return index == _index && !_piece.IsEmpty ? index + 1 : index;
    }
}
