namespace IdExtractor.Parquet.Compression.Zstd;

/// <summary>The literals section of a block (RFC 8878, section 3.1.1.3.1). Holds the Huffman code that a frame's blocks share.</summary>
internal sealed unsafe class LiteralsDecoder
{
    private const int JumpTableSize = 6;
    private const int MinimumForFourStreams = 6;

    private readonly HuffmanTable _huffman = new();

    private enum Kind
    {
        Raw,
        Rle,
        Compressed,
        Treeless,
    }

    /// <summary>Discards the code, as at the start of a frame.</summary>
    public void Reset() => _huffman.Reset();

    /// <summary>
    /// Decodes the section into <paramref name="buffer"/> and moves past it. Raw literals are not
    /// copied if the block continues long enough after them for wide copies. In that case
    /// <paramref name="rawStart"/> is their position, otherwise it is -1.
    /// </summary>
    /// <param name="source">The block; on return, the part after its literals.</param>
    /// <param name="buffer">
    /// Room for <paramref name="max"/> literals and <see cref="BackReference.Slop"/> bytes.
    /// </param>
    /// <param name="max">Largest number of literals that a block may have.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="rawStart">Where in the block they are, or -1.</param>
    public DecodeStatus Decode(ref ReadOnlySpan<byte> source, Span<byte> buffer, int max, out int count, out int rawStart)
    {
        rawStart = -1;
        var status = Header.Read(source, out var header);
        count = header.Count;
        if (status != DecodeStatus.Ok)
            return status;
        if (count > max)
            return DecodeStatus.InvalidLength;

        var body = source[header.Size..];
        var bodyLength = header.Kind switch { Kind.Raw => count, Kind.Rle => 1, _ => header.CompressedLength };
        if (bodyLength > body.Length)
            return DecodeStatus.InputTooShort;
        source = body[bodyLength..];
        switch (header.Kind)
        {
            case Kind.Raw when source.Length >= BackReference.Slop:
                rawStart = header.Size;
                return DecodeStatus.Ok;
            case Kind.Raw:
                body[..count].CopyTo(buffer);
                return DecodeStatus.Ok;
            case Kind.Rle:
                buffer[..count].Fill(body[0]);
                return DecodeStatus.Ok;
            default:
                return DecodeCompressed(header, body[..bodyLength], buffer[..count]);
        }
    }

    private DecodeStatus DecodeCompressed(Header header, ReadOnlySpan<byte> body, Span<byte> output)
    {
        if (output.IsEmpty)
            return DecodeStatus.InvalidLength;
        if (header.Kind == Kind.Treeless)
        {
            if (!_huffman.IsSet)
                return DecodeStatus.InvalidHeader;
        }
        else
        {
            var status = _huffman.Read(body, out var consumed);
            if (status != DecodeStatus.Ok)
                return status;
            body = body[consumed..];
        }

        fixed (ushort* table = _huffman.Entries)
        fixed (byte* streams = body)
        fixed (byte* to = output)
        {
            return header.HasFourStreams
                ? DecodeFour(table, streams, body.Length, to, output.Length)
                : HuffmanStreams.DecodeOne(table, streams, body.Length, to, output.Length);
        }
    }

    private static DecodeStatus DecodeFour(ushort* table, byte* streams, int length, byte* output, int count)
    {
        if (length < JumpTableSize)
            return DecodeStatus.InputTooShort;
        if (count < MinimumForFourStreams)
            return DecodeStatus.InvalidLength;
        Span<int> lengths = [LittleEndian.UInt16(streams), LittleEndian.UInt16(streams + 2), LittleEndian.UInt16(streams + 4), 0];
        lengths[3] = length - JumpTableSize - lengths[0] - lengths[1] - lengths[2];
        if (lengths[0] == 0 || lengths[1] == 0 || lengths[2] == 0 || lengths[3] <= 0)
            return DecodeStatus.InvalidLength;
        return HuffmanStreams.DecodeFour(table, streams + JumpTableSize, lengths, output, (count + 3) / 4, count);
    }

    private readonly record struct Header(Kind Kind, int Size, int Count, int CompressedLength, bool HasFourStreams)
    {
        public static DecodeStatus Read(ReadOnlySpan<byte> source, out Header header)
        {
            header = default;
            if (source.IsEmpty)
                return DecodeStatus.InputTooShort;
            var kind = (Kind)(source[0] & 3);
            var format = (source[0] >> 2) & 3;
            var isPlain = kind is Kind.Raw or Kind.Rle;

            // Plain sections store one length in 5, 12 or 20 bits (the short form's upper format
            // bit is the length's lowest), the others two in 10, 14 or 18 bits each.
            var (size, shift, bits) = (isPlain, format) switch
            {
                (true, 0 or 2) => (1, 3, 5),
                (true, 1) => (2, 4, 12),
                (true, _) => (3, 4, 20),
                (false, 0 or 1) => (3, 4, 10),
                (false, 2) => (4, 4, 14),
                (false, _) => (5, 4, 18),
            };
            if (source.Length < size)
                return DecodeStatus.InputTooShort;
            ulong value = 0;
            for (var i = 0; i < size; i++)
                value |= (ulong)source[i] << (8 * i);
            var mask = (1 << bits) - 1;
            header = new Header(kind, size, (int)(value >> shift) & mask, isPlain ? 0 : (int)(value >> (shift + bits)) & mask, !isPlain && format != 0);
            return DecodeStatus.Ok;
        }
    }
}
