namespace IdExtractor.Core.Read;

/// <summary>One reader's way through a fetch, forwards. What lies behind it is given back. Reusable; not thread safe.</summary>
internal sealed class FetchCursor
{
    private ReadAhead _ahead = null!;
    private RangeFetch? _fetch;
    private ReadOnlyMemory<byte> _block;
    private int _index;

    /// <summary>A range is open.</summary>
    public bool IsOpen => _fetch is not null;

    /// <summary>Goes to a range.</summary>
    public void Open(AheadReader reader, long offset, long length, bool isWhole)
    {
        Close();
        _ahead = reader.Ahead;
        _fetch = _ahead.Take(new PlannedRange(reader.File, offset, length), isWhole);
        _index = _fetch.IndexOf(offset);
        _block = default;
    }

    /// <summary>The bytes at a position have arrived.</summary>
    public bool HasArrived(long position)
    {
        var fetch = _fetch!;
        var index = fetch.IndexOf(position);
        return (index == _index && !_block.IsEmpty) || _ahead.HasArrived(fetch, index);
    }

    /// <summary>The bytes from a position to the end of its block, which may lie beyond the range. Waits for them. Valid until the next call.</summary>
    public ReadOnlyMemory<byte> Bytes(long position)
    {
        var fetch = _fetch!;
        var index = fetch.IndexOf(position);
        if (index != _index || _block.IsEmpty)
        {
            _ahead.PassOver(fetch, _index, index);
            _index = index;
            _block = default;
            _block = _ahead.Wait(fetch, index);
        }

        return _block[(int)(position - fetch.OffsetOf(index))..];
    }

    /// <summary>Gives back all that is left.</summary>
    public void Close()
    {
        if (_fetch is not null)
            _ahead.End(_fetch);
        _fetch = null;
        _block = default;
    }
}
