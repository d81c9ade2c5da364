namespace IdExtractor.Core.Parquet.Pages;

/// <summary>
/// The bytes of one column chunk, in order. Whoever owns the storage implements it; it blocks until bytes are there. Used by one thread at a time.
/// </summary>
public abstract class ChunkSource : IDisposable
{
    /// <summary>Reads some of the next bytes.</summary>
    /// <returns>1 up to the length of <paramref name="destination"/>; 0 only at the end of the chunk.</returns>
    public abstract int Read(Memory<byte> destination);

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
