namespace IdExtractor.Core.Verify;

/// <summary>
/// The compressed body of a gzip member that has to fill its object to the trailer. The last byte
/// is handed out alone: a decompressor that has found the end of its data asks for no more, so one
/// that stops without having asked for that byte was given something behind the end, and one that
/// asks beyond it was given too little.
/// </summary>
internal sealed class DeflateBody(ObjectBytes bytes, long end) : Stream
{
    /// <summary>Everything was asked for.</summary>
    public bool IsUsedUp => bytes.Position == end;

    /// <summary>More was asked for.</summary>
    public bool IsOverrun { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException("The stream is read only forwards");

    public override long Position
    {
        get => throw new NotSupportedException("The stream is read only forwards");
        set => throw new NotSupportedException("The stream is read only forwards");
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var left = end - bytes.Position;
        if (left == 0)
        {
            IsOverrun = true;
            return 0;
        }

        var most = (int)Math.Min(buffer.Length, Math.Max(left - 1, 1));
        return await bytes.ReadAsync(buffer[..most]).ConfigureAwait(false);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("The stream is read asynchronously only");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("The stream is read only forwards");

    public override void SetLength(long value) => throw new NotSupportedException("The stream is read only");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("The stream is read only");
}
