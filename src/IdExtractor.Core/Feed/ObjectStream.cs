using IdExtractor.Core.Storage;

namespace IdExtractor.Core.Feed;

/// <summary>
/// A pinned object from first byte to last, fetched in large pieces, followed by some extra bytes,
/// for decoders that need a stream. Asynchronous reads only.
/// </summary>
internal sealed class ObjectStream(IObjectReader reader, ReadOnlyMemory<byte> appended) : Stream
{
    private const int PieceBytes = 1 << 18;

    private byte[] _buffer = [];
    private ReadOnlyMemory<byte> _piece;
    private long _fetched;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => reader.Length + appended.Length;

    public override long Position
    {
        get => _fetched - _piece.Length;
        set => throw ForwardOnly();
    }

    /// <summary>The requests that read an object of this size.</summary>
    public static RequestCount CountRequests(long bytes) => new((bytes + PieceBytes - 1) / PieceBytes, bytes);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_piece.IsEmpty)
            await FetchAsync(cancellationToken).ConfigureAwait(false);
        var count = Math.Min(buffer.Length, _piece.Length);
        _piece[..count].CopyTo(buffer);
        _piece = _piece[count..];
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw ForwardOnly();

    public override void Write(byte[] buffer, int offset, int count) => throw ForwardOnly();

    public override long Seek(long offset, SeekOrigin origin) => throw ForwardOnly();

    public override void SetLength(long value) => throw ForwardOnly();

    public override void Flush()
    {
    }

    private async ValueTask FetchAsync(CancellationToken cancellationToken)
    {
        var count = (int)Math.Min(PieceBytes, reader.Length - _fetched);
        if (count > 0)
        {
            if (_buffer.Length < count)
                _buffer = new byte[count];
            await reader.ReadAsync(_fetched, _buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
            _piece = _buffer.AsMemory(0, count);
        }
        else
        {
            _piece = appended[(int)(_fetched - reader.Length)..];
        }

        _fetched += _piece.Length;
    }

    private static InvalidOperationException ForwardOnly() => new("An object's stream is read forwards and asynchronously.");
}
