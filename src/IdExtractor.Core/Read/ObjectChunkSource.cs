using IdExtractor.Core.Parquet.Pages;
using IdExtractor.Core.Pipeline;
using IdExtractor.Core.Storage;

namespace IdExtractor.Core.Read;

/// <summary>The bytes of one chunk straight from its object: for stores whose reads are as cheap as a copy, such as local files. Reusable.</summary>
internal sealed class ObjectChunkSource(RunProgress progress, CancellationToken cancellationToken) : ChunkSource
{
    private IObjectReader? _reader;
    private long _position;
    private long _end;

    /// <summary>Goes to a chunk.</summary>
    public void Open(IObjectReader reader, long offset, long length)
    {
        _reader = reader;
        _position = offset;
        _end = offset + length;
    }

    /// <inheritdoc/>
    public override int Read(Memory<byte> destination)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var reader = _reader ?? throw new InvalidOperationException("No chunk is open.");
        var count = (int)Math.Min(destination.Length, _end - _position);
        if (count == 0)
            return 0;
        var read = reader.ReadAsync(_position, destination[..count], cancellationToken);
        if (!read.IsCompletedSuccessfully)
            read.AsTask().GetAwaiter().GetResult();
        _position += count;
        progress.AddBytesRead(count);
        return count;
    }

    /// <inheritdoc/>
    public override void Skip(long count) => _position += count;
}
