using IdExtractor.Foundation.Memory;

namespace IdExtractor.Core.Feed;

/// <summary>
/// Buffers of one size between a store and its readers. They are outside the managed heap: their
/// memory is committed by the first write and released when the reading ends. The last buffer
/// returned is the first handed out, since it is the likeliest to be in a cache. Not thread safe.
/// </summary>
/// <param name="pieceBytes">Bytes per buffer, 1 or more.</param>
internal sealed class PiecePool(int pieceBytes) : IDisposable
{
    private readonly List<NativeBuffer> _all = [];
    private readonly Stack<NativeBuffer> _free = new();

    /// <summary>Returns a buffer with undefined content.</summary>
    public NativeBuffer Take()
    {
        if (_free.TryPop(out var piece))
            return piece;
        piece = new NativeBuffer(pieceBytes);
        _all.Add(piece);
        return piece;
    }

    /// <summary>Takes back a buffer that no thread or store reads or writes any more.</summary>
    public void Return(NativeBuffer piece) => _free.Push(piece);

    /// <summary>Releases the memory of all buffers, including those in use.</summary>
    public void Dispose()
    {
        foreach (var piece in _all)
            ((IDisposable)piece).Dispose();
    }
}
