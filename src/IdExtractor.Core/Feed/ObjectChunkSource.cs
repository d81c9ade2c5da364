using IdExtractor.Core.Job;
using IdExtractor.Core.Storage;
using IdExtractor.Parquet.Pages;

namespace IdExtractor.Core.Feed;

/// <summary>
/// The bytes of one chunk: directly from their object where a read is as cheap as a copy, such as
/// from a local file, otherwise from what has been fetched ahead. Reusable.
/// </summary>
internal sealed class ObjectChunkSource(RunProgress progress, CancellationToken cancellationToken) : ChunkSource
{
    private readonly FetchCursor _cursor = new();
    private IObjectReader? _reader;
    private long _position;
    private long _end;
    private long _leadEnd;
    private long _leadDistance;

    /// <summary>
    /// True when enough bytes are available without waiting for the network to make continuing
    /// worthwhile.
    /// </summary>
    public bool IsReady => !_cursor.IsOpen || _position == _end || _cursor.HasArrived(_position);

    /// <summary>Opens a chunk.</summary>
    /// <param name="reader">Its file.</param>
    /// <param name="offset">Its first byte.</param>
    /// <param name="length">Its length in bytes.</param>
    /// <param name="isWhole">True when most of the chunk will be read, not only some pages.</param>
    public void Open(IObjectReader reader, long offset, long length, bool isWhole = true)
    {
        _cursor.Close();
        _reader = reader;
        _position = offset;
        _end = offset + length;
        _leadEnd = offset;
        _leadDistance = 0;
        if (reader is AheadReader ahead && length > 0)
            _cursor.Open(ahead, offset, length, isWhole);
    }

    /// <summary>Opens a chunk whose first bytes are stored elsewhere in the object.</summary>
    /// <param name="reader">The object, which must not be fetched ahead.</param>
    /// <param name="offset">Where the chunk would begin if it were contiguous.</param>
    /// <param name="length">The length of the entire chunk, in bytes.</param>
    /// <param name="leadOffset">Where the first bytes are.</param>
    /// <param name="leadLength">The number of these first bytes.</param>
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
        if (_cursor.IsOpen)
        {
            var bytes = _cursor.Bytes(_position);
            count = Math.Min(count, bytes.Length);
            bytes.Span[..count].CopyTo(destination.Span);
            _position += count;
            return count;
        }

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
    public override ReadOnlySpan<byte> Lend(int again, int least, int most)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var from = _position - again;
        var length = (int)Math.Min(_end - from, most);
        if (!_cursor.IsOpen || length < least)
            return [];
        var bytes = again > 0 ? _cursor.BytesAtHand(from) : _cursor.Bytes(from);
        if (bytes.Length < least)
            return [];
        length = Math.Min(length, bytes.Length);
        _position = from + length;
        return bytes.Span[..length];
    }

    /// <inheritdoc/>
    public override void Skip(long count) => _position += count;

    /// <summary>Waits until <see cref="IsReady"/>.</summary>
    public void WaitUntilReady()
    {
        if (!IsReady)
            _cursor.WaitUntilArrived(_position);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _cursor.Close();
        base.Dispose(disposing);
    }
}
