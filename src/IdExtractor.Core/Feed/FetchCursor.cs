namespace IdExtractor.Core.Feed;

/// <summary>One reader's way through a fetch, forwards. What lies behind it is given back. Reusable; not thread safe.</summary>
internal sealed class FetchCursor
{
    private ReadAhead _ahead = null!;
    private RangeFetch? _fetch;
    private ReadOnlyMemory<byte> _piece;
    private int _index;
    private int _end;
    private bool _hasStopped;

    /// <summary>A range is open.</summary>
    public bool IsOpen => _fetch is not null;

    /// <summary>Goes to a range.</summary>
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
    /// Enough bytes from a position on have arrived that it is worth going on: those of the piece behind the one at hand or, for a reader that had to stop, of several. One that went on with every
    /// piece that comes would be stopped at the next, and lanes that go on one at a time cost half as much again as in lock step.
    /// </summary>
    public bool HasArrived(long position)
    {
        var next = NextOf(position);
        _hasStopped = next < _end && !_ahead.HasArrived(_fetch!, next, _hasStopped);
        return !_hasStopped;
    }

    /// <summary>Waits until <see cref="HasArrived"/>.</summary>
    public void WaitUntilArrived(long position) => _ahead.WaitForSome(_fetch!, NextOf(position));

    /// <summary>The bytes from a position to the end of its piece, which may lie beyond the range. Waits for them. Valid until the next call.</summary>
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

    /// <summary>The same of the piece at hand: nothing when the position is in another.</summary>
    public ReadOnlyMemory<byte> BytesAtHand(long position) => position >= _fetch!.OffsetOf(_index) && _fetch.IndexOf(position) == _index && !_piece.IsEmpty ? Bytes(position) : default;

    /// <summary>Gives back all that is left.</summary>
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
