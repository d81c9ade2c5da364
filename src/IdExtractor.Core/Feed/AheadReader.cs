using IdExtractor.Core.Job;
using IdExtractor.Core.Storage;

namespace IdExtractor.Core.Feed;

/// <summary>
/// A file whose chunks and hints are fetched ahead of need; all other reads happen immediately. All
/// its readers share it, and it is closed with its <see cref="ReadAhead"/>.
/// </summary>
internal sealed class AheadReader(ReadAhead ahead, PlannedFile file, HintWave? hints = null) : IObjectReader
{
    /// <summary>Fetches its chunks.</summary>
    public ReadAhead Ahead => ahead;

    /// <summary>The file.</summary>
    public PlannedFile File => file;

    /// <inheritdoc/>
    public long Length => file.Object.Size;

    /// <inheritdoc/>
    public async ValueTask ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        if (hints is not null && await hints.TryReadAsync(file, offset, destination).ConfigureAwait(false))
            return;
        var reader = await ahead.OpenAsync(file).ConfigureAwait(false);
        await reader.ReadAsync(offset, destination, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
