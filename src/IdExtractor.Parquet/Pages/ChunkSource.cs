using IdExtractor.Foundation.Memory;

namespace IdExtractor.Parquet.Pages;

/// <summary>
/// The bytes of one column chunk, in order. Implemented by the owner of the storage. Reads block
/// until bytes are available. Used by one thread at a time.
/// </summary>
public abstract class ChunkSource : IDisposable
{
    /// <summary>Reads some of the next bytes.</summary>
    /// <returns>Bytes read, from 1 to the length of <paramref name="destination"/>; 0 only at the
    /// end of the chunk.</returns>
    public abstract int Read(Memory<byte> destination);

    /// <summary>
    /// Exposes the next bytes without copying them. Returns nothing unless the source has the bytes
    /// in unmanaged memory, followed by <see cref="NativeBuffer.Slack"/> readable bytes.
    /// </summary>
    /// <param name="again">Bytes before them that have already been read and must be included; 0 or
    /// more.</param>
    /// <param name="least">The fewest bytes that are useful, including those; 1 or more.</param>
    /// <param name="most">The most bytes to return, including those; at least
    /// <paramref name="least"/>.</param>
    /// <returns>A view of the bytes, valid until the next call to the source. Empty when fewer than
    /// <paramref name="least"/> bytes are contiguous; nothing has been read then.</returns>
    public virtual ReadOnlySpan<byte> Lend(int again, int least, int most) => [];

    /// <summary>Skips bytes. Never called past the end of the chunk.</summary>
    /// <param name="count">Number of bytes, 1 or more.</param>
    public abstract void Skip(long count);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what the source holds.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
