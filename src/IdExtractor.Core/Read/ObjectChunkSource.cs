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
    private long _leadEnd;
    private long _leadDistance;

    /// <summary>Goes to a chunk.</summary>
    public void Open(IObjectReader reader, long offset, long length)
    {
        _reader = reader;
        _position = offset;
        _end = offset + length;
        _leadEnd = offset;
        _leadDistance = 0;
    }

    /// <summary>Goes to a chunk whose first bytes stand somewhere else in the object.</summary>
    /// <param name="reader">The object.</param>
    /// <param name="offset">Where the chunk would begin if all were in one place.</param>
    /// <param name="length">Bytes of it all.</param>
    /// <param name="leadOffset">Where the first bytes are.</param>
    /// <param name="leadLength">How many they are.</param>
    public void Open(IObjectReader reader, long offset, long length, long leadOffset, long leadLength)
    {
        Open(reader, offset, length);
        _leadEnd = offset + leadLength;
        _leadDistance = leadOffset - offset;
    }

    /// <inheritdoc/>
    public override int Read(Memory<byte> destination)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var reader = _reader ?? throw new InvalidOperationException("No chunk is open.");
        var count = (int)Math.Min(destination.Length, _end - _position);
        if (count == 0)
            return 0;
        var offset = _position;
        if (offset < _leadEnd)
        {
            count = (int)Math.Min(count, _leadEnd - offset);
            offset += _leadDistance;
        }

        var read = reader.ReadAsync(offset, destination[..count], cancellationToken);
        if (!read.IsCompletedSuccessfully)
            read.AsTask().GetAwaiter().GetResult();
        _position += count;
        progress.AddBytesRead(count);
        return count;
    }

    /// <inheritdoc/>
    public override void Skip(long count) => _position += count;
}
