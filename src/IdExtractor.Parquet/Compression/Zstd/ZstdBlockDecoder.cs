namespace IdExtractor.Parquet.Compression.Zstd;

/// <summary>
/// Decodes the blocks of a frame one by one into a window that the caller owns (RFC 8878, section
/// 3.1.1.2). The caller may slide the window between two blocks: only the bytes from the history's
/// start to the position must still be the earlier output.
/// </summary>
/// <remarks>
/// An instance holds the state that a frame's blocks share and the literals of one block, some 150
/// KiB. Not thread safe.
/// </remarks>
internal sealed unsafe class ZstdBlockDecoder
{
    /// <summary>Bytes in a block's header.</summary>
    public const int HeaderSize = 3;

    /// <summary>
    /// The most bytes that any block may take or give (RFC 8878, section 3.1.1.2.4).
    /// </summary>
    public const int MaxBlockSize = 128 * 1024;

    private readonly byte[] _literals = new byte[MaxBlockSize + BackReference.Slop];
    private readonly LiteralsDecoder _literalsDecoder = new();
    private readonly SequenceDecoder _sequenceDecoder = new();
    private int _maxBlockSize;

    private enum Kind
    {
        Raw,
        Rle,
        Compressed,
        Reserved,
    }

    /// <summary>Starts a frame, whose blocks are no larger than its window.</summary>
    public void Begin(ulong windowSize)
    {
        _maxBlockSize = (int)Math.Min(windowSize, MaxBlockSize);
        _literalsDecoder.Reset();
        _sequenceDecoder.Reset();
    }

    /// <summary>Decodes the next block to <paramref name="position"/> and moves past it.</summary>
    /// <param name="source">Starts with a block's header.</param>
    /// <param name="window">All that may be read or written.</param>
    /// <param name="history">First byte that an offset may reach.</param>
    /// <param name="position">Where the block's output goes.</param>
    /// <param name="written">Bytes of output, when the result is <see cref="DecodeStatus.Ok"/>.</param>
    /// <param name="isLast">Whether the frame has no further block.</param>
    public DecodeStatus DecodeNext(
        ref ReadOnlySpan<byte> source, Span<byte> window, int history, int position, out int written, out bool isLast)
    {
        written = 0;
        isLast = false;
        if (source.Length < HeaderSize)
            return DecodeStatus.InputTooShort;
        var header = source[0] | (source[1] << 8) | (source[2] << 16);
        isLast = (header & 1) != 0;
        var kind = (Kind)((header >> 1) & 3);
        var size = header >> 3;
        source = source[HeaderSize..];
        if (kind == Kind.Reserved)
            return DecodeStatus.InvalidHeader;
        if (size > _maxBlockSize)
            return DecodeStatus.InvalidLength;

        var bodyLength = kind == Kind.Rle ? 1 : size;
        if (bodyLength > source.Length)
            return DecodeStatus.InputTooShort;
        var body = source[..bodyLength];
        source = source[bodyLength..];
        if (kind == Kind.Compressed)
            return DecodeCompressed(body, window, history, position, out written);

        if (size > window.Length - position)
            return DecodeStatus.OutputTooLong;
        if (kind == Kind.Raw)
            body.CopyTo(window[position..]);
        else
            window.Slice(position, size).Fill(body[0]);
        written = size;
        return DecodeStatus.Ok;
    }

    private DecodeStatus DecodeCompressed(ReadOnlySpan<byte> body, Span<byte> window, int history, int position, out int written)
    {
        written = 0;
        var rest = body;
        var status = _literalsDecoder.Decode(ref rest, _literals, _maxBlockSize, out var literalCount, out var rawStart);
        if (status != DecodeStatus.Ok)
            return status;

        var room = Math.Min(_maxBlockSize, window.Length - position);
        fixed (byte* block = body)
        fixed (byte* buffer = _literals)
        fixed (byte* output = window)
        {
            var literals = rawStart < 0 ? buffer : block + rawStart;
            var target = new BlockOutput(output + history, output + position, output + position + room);
            status = _sequenceDecoder.Decode(rest, literals, literalCount, target, out var count);
            written = (int)count;
        }

        // Distinguishes the block's own limit from the caller's.
        return status == DecodeStatus.OutputTooLong && room == _maxBlockSize ? DecodeStatus.InvalidLength : status;
    }
}
