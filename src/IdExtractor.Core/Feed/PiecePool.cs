using IdExtractor.Foundation.Memory;

namespace IdExtractor.Core.Feed;

/// <summary>
/// Buffers of one size between a store and those who read, outside the collected heap: their memory is there when it is first written to and gone when the reading ends. The one that came back
/// last is given out first, since it is the likeliest to stand in a cache. Not thread safe.
/// </summary>
/// <param name="pieceBytes">Bytes of each, 1 or more.</param>
internal sealed class PiecePool(int pieceBytes) : IDisposable
{
    private readonly List<NativeBuffer> _all = [];
    private readonly Stack<NativeBuffer> _free = new();

    /// <summary>A buffer of any content.</summary>
    public NativeBuffer Take()
    {
        if (_free.TryPop(out var piece))
            return piece;
        piece = new NativeBuffer(pieceBytes);
        _all.Add(piece);
        return piece;
    }

    /// <summary>Takes a buffer back that nobody writes to or reads from any more.</summary>
    public void Return(NativeBuffer piece) => _free.Push(piece);

    /// <summary>Gives the memory of all buffers back, also of those that are out.</summary>
    public void Dispose()
    {
        foreach (var piece in _all)
            ((IDisposable)piece).Dispose();
    }
}
