using System.Runtime.ExceptionServices;
using IdExtractor.Foundation.Memory;

namespace IdExtractor.Core.Feed;

/// <summary>
/// One request to a store, whose reply fills pieces one after another: each can be read, and given back, while the next are on their way. Who gives pieces back is guarded by their
/// <see cref="ReadAhead"/>; arrivals may be looked at and waited for by anyone.
/// </summary>
/// <param name="first">Place of its first piece in the range.</param>
/// <param name="pieces">Buffers of its pieces.</param>
/// <param name="length">Bytes that were asked for; the last piece may be filled in part.</param>
internal sealed class FetchRequest(int first, NativeBuffer[] pieces, long length)
{
    private readonly object _arrival = new();
    private readonly NativeBuffer?[] _pieces = pieces;
    private readonly bool[] _isUnwanted = new bool[pieces.Length];
    private volatile int _arrived;
    private volatile ExceptionDispatchInfo? _error;

    /// <summary>Ends when the store writes into no piece any more, never with an error.</summary>
    public Task End { get; set; } = Task.CompletedTask;

    /// <summary>Where the reply goes. To be asked before the request is sent.</summary>
    public Memory<byte>[] Targets()
    {
        var targets = new Memory<byte>[_pieces.Length];
        var left = length;
        for (var i = 0; i < targets.Length; i++)
        {
            var piece = _pieces[i]!.Memory;
            targets[i] = piece[..(int)Math.Min(piece.Length, left)];
            left -= targets[i].Length;
        }

        return targets;
    }

    /// <summary>To wait for a piece takes no time: it is there, or will not come.</summary>
    public bool HasArrived(int index) => HasArrived(index, more: 0);

    /// <summary>The same of a piece and some behind it, or of all that are left.</summary>
    public bool HasArrived(int index, int more) => Math.Min(index - first + more, _pieces.Length - 1) < _arrived || _error is not null;

    /// <summary>Waits for a piece that has not been given back and for some behind it.</summary>
    /// <param name="index">The piece.</param>
    /// <param name="more">Pieces behind it, as far as there are so many, 0 or more.</param>
    /// <returns>The first of them, to the end of its buffer.</returns>
    public ReadOnlyMemory<byte> Wait(int index, int more)
    {
        if (!HasArrived(index, more))
        {
            lock (_arrival)
            {
                while (!HasArrived(index, more))
                    Monitor.Wait(_arrival);
            }
        }

        if (index - first >= _arrived)
            _error!.Throw();
        return _pieces[index - first]!.Memory;
    }

    /// <summary>The first pieces are filled. Those of them that nobody wants any more go back to the pool.</summary>
    /// <returns>How many went back.</returns>
    public int Advance(int arrived, Lock gate, PiecePool pool)
    {
        lock (gate)
        {
            var before = _arrived;
            lock (_arrival)
            {
                _arrived = arrived;
                Monitor.PulseAll(_arrival);
            }

            return ReturnUnwanted(before, arrived, pool);
        }
    }

    /// <summary>No more pieces will come.</summary>
    /// <returns>How many went back to the pool.</returns>
    public int Fail(Exception error, Lock gate, PiecePool pool)
    {
        lock (gate)
        {
            lock (_arrival)
            {
                _error = ExceptionDispatchInfo.Capture(error);
                Monitor.PulseAll(_arrival);
            }

            return ReturnUnwanted(_arrived, _pieces.Length, pool);
        }
    }

    /// <summary>Nobody wants a piece any more. It goes back to the pool as soon as the store does not write into it.</summary>
    /// <returns>How many went back now: 0 or 1.</returns>
    public int GiveBack(int index, PiecePool pool)
    {
        _isUnwanted[index - first] = true;
        return HasArrived(index) ? ReturnUnwanted(index - first, index - first + 1, pool) : 0;
    }

    private int ReturnUnwanted(int from, int to, PiecePool pool)
    {
        var count = 0;
        for (var i = from; i < to; i++)
        {
            if (!_isUnwanted[i] || _pieces[i] is not { } piece)
                continue;
            _pieces[i] = null;
            pool.Return(piece);
            count++;
        }

        return count;
    }
}
