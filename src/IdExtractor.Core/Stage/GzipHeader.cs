using System.Buffers;
using System.IO.Pipelines;

namespace IdExtractor.Core.Stage;

/// <summary>
/// The stream between the compressor and the pipe. It makes the header of the member the same everywhere (RFC 1952: no flags, time 0, no extra flags, unknown system), where zlib
/// writes the system and the level that it was built for and told.
/// </summary>
internal sealed class GzipHeader(PipeWriter output) : Stream
{
    private const int HeaderBytes = 10;
    private const int UnknownSystem = 255;

    private bool _isPast;

    /// <summary>The member of an empty text, for which .NET writes nothing: header, one empty final block, CRC and length 0.</summary>
    public static ReadOnlyMemory<byte> EmptyMember { get; } =
        new byte[] { 0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, UnknownSystem, 0x03, 0, 0, 0, 0, 0, 0, 0, 0, 0 };

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException("The stream is written only");

    public override long Position
    {
        get => throw new NotSupportedException("The stream is written only");
        set => throw new NotSupportedException("The stream is written only");
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_isPast)
            output.Write(buffer.Span);
        else
            WriteFirst(buffer.Span);
        var flushed = await output.FlushAsync(cancellationToken).ConfigureAwait(false);

        // The reader has given up; its error is the one that counts.
        if (flushed.IsCompleted)
            throw new OperationCanceledException("Nobody reads the compressed text any more");
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("The stream is written asynchronously only");

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("The stream is written only");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("The stream is written only");

    public override void SetLength(long value) => throw new NotSupportedException("The stream is written only");

    private void WriteFirst(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> plain = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0];
        ReadOnlySpan<byte> normalized = [0, UnknownSystem];
        if (bytes.Length < HeaderBytes || !bytes.StartsWith(plain))
            throw new InvalidOperationException("The compressor began with another header than a plain one");
        _isPast = true;
        output.Write(plain);
        output.Write(normalized);
        output.Write(bytes[HeaderBytes..]);
    }
}
