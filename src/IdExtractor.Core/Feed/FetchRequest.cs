using System.Diagnostics;
using System.Runtime.ExceptionServices;
using IdExtractor.Foundation.Memory;

namespace IdExtractor.Core.Feed;

/// <summary>
/// One request to a store, whose reply fills pieces one after another. Each piece can be read and
/// released while later ones are still in flight. The <see cref="ReadAhead"/> guards the release of
/// pieces; any thread may check and wait for arrivals.
/// </summary>
/// <param name="first">Index of its first piece in the range.</param>
/// <param name="pieces">Buffers of its pieces.</param>
/// <param name="length">Requested bytes; they may fill the last piece only in part.</param>
internal sealed class FetchRequest(int first, NativeBuffer[] pieces, long length)
{
    private readonly object _arrival = new();
    private readonly NativeBuffer?[] _pieces = pieces;
    private readonly bool[] _isUnwanted = new bool[pieces.Length];
    private volatile int _arrived;
    private volatile ExceptionDispatchInfo? _error;

    /// <summary>Completes when the store no longer writes into any piece; never fails.</summary>
    public Task End { get; set; } = Task.CompletedTask;

    /// <summary>The destinations of the reply. Call this before the request is sent.</summary>
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

    /// <summary>
    /// True when waiting for a piece takes no time: it has arrived, or will not come.
    /// </summary>
    public bool HasArrived(int index) => HasArrived(index, more: 0);

    /// <summary>The same for a piece and some after it, or for all that remain.</summary>
    public bool HasArrived(int index, int more) => Math.Min(index - first + more, _pieces.Length - 1) < _arrived || _error is not null;

    /// <summary>Waits for a piece that has not been released, and for some after it.</summary>
    /// <param name="index">The piece.</param>
    /// <param name="more">Further pieces, as far as they exist, 0 or more.</param>
    /// <returns>The first of these pieces, to the end of its buffer.</returns>
    public ReadOnlyMemory<byte> Wait(int index, int more)
    {
        Debug.Assert(!_isUnwanted[index - first], "A piece that was given back belongs to another request by now.");
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

    /// <summary>
    /// Marks the first pieces as filled. Pieces that no reader wants any more return to the pool.
    /// </summary>
    /// <returns>The number of pieces returned.</returns>
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

    /// <summary>Records that no more pieces will come.</summary>
    /// <returns>The number of pieces returned to the pool.</returns>
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

    /// <summary>
    /// Releases a piece that no reader wants any more. It returns to the pool as soon as the store
    /// does not write into it.
    /// </summary>
    /// <returns>The number of pieces returned now: 0 or 1.</returns>
    public int GiveBack(int index, PiecePool pool)
    {
        Debug.Assert(!_isUnwanted[index - first], "A piece is given back once.");
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
