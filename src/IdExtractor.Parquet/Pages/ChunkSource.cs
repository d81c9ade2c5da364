using IdExtractor.Foundation.Memory;

namespace IdExtractor.Parquet.Pages;

/// <summary>
/// The bytes of one column chunk, in order. Whoever owns the storage implements it; it blocks until bytes are there. Used by one thread at a time.
/// </summary>
public abstract class ChunkSource : IDisposable
{
    /// <summary>Reads some of the next bytes.</summary>
    /// <returns>1 up to the length of <paramref name="destination"/>; 0 only at the end of the chunk.</returns>
    public abstract int Read(Memory<byte> destination);

    /// <summary>
    /// Reads the next bytes where they stand, so that nobody has to copy them. Sources that hold no bytes, or not outside the collected heap with <see cref="NativeBuffer.Slack"/> bytes that may
    /// be read behind them, lend nothing.
    /// </summary>
    /// <param name="again">Bytes in front of them that have been read before, 0 or more.</param>
    /// <param name="least">Fewer bytes, counted with those, are of no use. 1 or more.</param>
    /// <param name="most">Most bytes, counted with those; at least <paramref name="least"/>.</param>
    /// <returns>The bytes, until the source is called again; none, and nothing has been read, where so many do not stand in one place.</returns>
    public virtual ReadOnlySpan<byte> Lend(int again, int least, int most) => [];

    /// <summary>Passes over bytes that are not wanted. Never past the end of the chunk.</summary>
    public abstract void Skip(long count);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives back what the source holds.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
