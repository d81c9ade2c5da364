using IdExtractor.Core.Job;
using IdExtractor.Core.Storage;

namespace IdExtractor.Core.Feed;

/// <summary>
/// Opens files for readers of chunks. Files in slow stores are fetched ahead, in the order of the
/// plan; local files are read directly, and opened once for all lanes.
/// </summary>
internal sealed class ChunkReaders : IDisposable
{
    private readonly SharedFiles _files;
    private readonly ReadAhead? _ahead;
    private readonly HintWave? _hints;

    /// <summary>Creates readers of planned ranges.</summary>
    /// <param name="plan">The ranges to read, in approximately this order.</param>
    /// <param name="readers">Chunks that are open at the same time, 1 or more.</param>
    /// <param name="concurrency">How many of them are processed concurrently, 1 or more.</param>
    /// <param name="progress">Receives the bytes.</param>
    /// <param name="cancellationToken">Ends all reads.</param>
    /// <param name="hints">Page indexes and bloom filters that will probably be read, in any
    /// order.</param>
    public ChunkReaders(
        IEnumerable<PlannedRange> plan,
        int readers,
        int concurrency,
        RunProgress progress,
        CancellationToken cancellationToken,
        IEnumerable<PlannedRange>? hints = null)
    {
        _files = new SharedFiles(cancellationToken);
        static bool IsFar(PlannedRange range) => IsRemote(range.File) && range.Length > 0;

        var chunks = plan.Where(IsFar).ToList();
        var wave = hints?.Where(IsFar).ToList() ?? [];
        if (chunks.Count + wave.Count == 0)
            return;
        _ahead = new ReadAhead(chunks, ReadAheadLimits.For(readers, concurrency), progress, cancellationToken);
        _hints = wave.Count == 0 ? null : new HintWave(wave, _ahead.OpenAsync, cancellationToken);
    }

    /// <summary>True when reads of the file are slow.</summary>
    public static bool IsRemote(PlannedFile file) => file.Store.ReadCost is not null;

    /// <summary>Opens a file. The caller disposes the reader.</summary>
    public ValueTask<IObjectReader> OpenAsync(PlannedFile file) => _ahead is not null && IsRemote(file)
        ? ValueTask.FromResult<IObjectReader>(new AheadReader(_ahead, file, _hints))
        : _files.OpenAsync(file);

    /// <inheritdoc/>
    public void Dispose()
    {
        _hints?.Dispose();
        _ahead?.Dispose();
        _files.Dispose();
    }
}
