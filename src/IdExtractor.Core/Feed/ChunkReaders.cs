using IdExtractor.Core.Job;
using IdExtractor.Core.Storage;

namespace IdExtractor.Core.Feed;

/// <summary>
/// Opens files for readers of chunks. Files in slow stores are fetched ahead, in the order of the
/// plan; local files are opened and read directly.
/// </summary>
internal sealed class ChunkReaders : IDisposable
{
    private readonly CancellationToken _cancellationToken;
    private readonly ReadAhead? _ahead;

    /// <summary>Creates readers of planned ranges.</summary>
    /// <param name="plan">The ranges to read, in approximately this order.</param>
    /// <param name="readers">Chunks that are open at the same time, 1 or more.</param>
    /// <param name="concurrency">How many of them are processed concurrently, 1 or more.</param>
    /// <param name="progress">Receives the bytes.</param>
    /// <param name="cancellationToken">Ends all reads.</param>
    public ChunkReaders(IEnumerable<PlannedRange> plan, int readers, int concurrency, RunProgress progress, CancellationToken cancellationToken)
    {
        _cancellationToken = cancellationToken;
        var remote = plan.Where(range => IsRemote(range.File) && range.Length > 0).ToList();
        _ahead = remote.Count == 0 ? null : new ReadAhead(remote, ReadAheadLimits.For(readers, concurrency), progress, cancellationToken);
    }

    /// <summary>True when reads of the file are slow.</summary>
    public static bool IsRemote(PlannedFile file) => file.Store.ReadCost is not null;

    /// <summary>Opens a file. The caller disposes the reader.</summary>
    public ValueTask<IObjectReader> OpenAsync(PlannedFile file) => _ahead is not null && IsRemote(file)
        ? ValueTask.FromResult<IObjectReader>(new AheadReader(_ahead, file))
        : file.Store.OpenAsync(file.Object, _cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _ahead?.Dispose();
}
