using IdExtractor.Parquet.Pages;

namespace IdExtractor.Core.Scan.Lanes;

/// <summary>
/// What a lane reads pages with. Its documents and its ids take turns, so they share one set of
/// buffers: half the memory to touch for the first time, and one window less in the cache.
/// </summary>
internal sealed class LaneReaders : IDisposable
{
    private bool _isDisposed;

    /// <summary>Goes through the pages.</summary>
    public ChunkCursor Cursor { get; } = new();

    /// <summary>The rows of whole pages.</summary>
    public ColumnBatch Batch { get; } = new();

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        Cursor.Dispose();
        Batch.Dispose();
    }
}
