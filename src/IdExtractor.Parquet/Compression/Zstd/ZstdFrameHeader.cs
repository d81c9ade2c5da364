using System.Buffers.Binary;

namespace IdExtractor.Parquet.Compression.Zstd;

/// <summary>The header of a frame (RFC 8878, section 3.1.1.1), after its magic number.</summary>
/// <param name="WindowSize">Bytes of output that blocks may refer to; no block is larger.</param>
/// <param name="ContentSize">Bytes of output, where the frame declares it.</param>
/// <param name="HasChecksum">Whether a checksum follows the last block.</param>
internal readonly record struct ZstdFrameHeader(ulong WindowSize, ulong? ContentSize, bool HasChecksum)
{
    /// <summary>The magic number at the start of a Zstandard frame.</summary>
    public const uint Magic = 0xFD2F_B528;

    /// <summary>
    /// Bytes before a skippable frame's content: its magic number and its length.
    /// </summary>
    public const int SkippableHeader = 2 * sizeof(uint);

    private const uint SkippableMagic = 0x184D_2A50;
    private const uint SkippableMask = 0xFFFF_FFF0;
    private const int MinimumWindowLog = 10;
    private const int MaximumWindowLog = 31;
    private const int ReservedBit = 1 << 3;
    private const int ChecksumBit = 1 << 2;
    private const int SingleSegmentBit = 1 << 5;

    /// <summary>
    /// Whether a magic number is that of a skippable frame: a 4-byte length follows, and that many
    /// bytes.
    /// </summary>
    public static bool IsSkippable(uint magic) => (magic & SkippableMask) == SkippableMagic;

    /// <summary>Reads the length of a skippable frame, header included.</summary>
    /// <param name="source">Its first <see cref="SkippableHeader"/> bytes.</param>
    /// <param name="length">The frame's bytes in total.</param>
    public static bool TryReadSkippable(ReadOnlySpan<byte> source, out long length)
    {
        length = SkippableHeader + (long)BinaryPrimitives.ReadUInt32LittleEndian(source[sizeof(uint)..]);
        return IsSkippable(BinaryPrimitives.ReadUInt32LittleEndian(source));
    }

    /// <summary>
    /// Reads the header and moves past it. Frames that need a dictionary, and windows of more than
    /// 2 GiB, are not supported.
    /// </summary>
    public static DecodeStatus Read(ref ReadOnlySpan<byte> source, out ZstdFrameHeader header)
    {
        header = default;
        if (source.IsEmpty)
            return DecodeStatus.InputTooShort;
        int descriptor = source[0];
        var isSingleSegment = (descriptor & SingleSegmentBit) != 0;
        var dictionaryIdSize = (1 << (descriptor & 3)) >> 1;
        var contentSizeSize = (descriptor >> 6) switch { 0 => isSingleSegment ? 1 : 0, 1 => 2, 2 => 4, _ => 8 };
        var dictionaryIdAt = isSingleSegment ? 1 : 2;
        var contentSizeAt = dictionaryIdAt + dictionaryIdSize;
        if (source.Length < contentSizeAt + contentSizeSize)
            return DecodeStatus.InputTooShort;
        if ((descriptor & ReservedBit) != 0)
            return DecodeStatus.Unsupported;
        if (source.Slice(dictionaryIdAt, dictionaryIdSize).ContainsAnyExcept((byte)0))
            return DecodeStatus.Unsupported;

        var field = source[contentSizeAt..];
        ulong? contentSize = contentSizeSize switch
        {
            0 => null,
            1 => field[0],
            2 => BinaryPrimitives.ReadUInt16LittleEndian(field) + 256u,
            4 => BinaryPrimitives.ReadUInt32LittleEndian(field),
            _ => BinaryPrimitives.ReadUInt64LittleEndian(field),
        };
        ulong windowSize;
        if (isSingleSegment)
        {
            windowSize = contentSize!.Value;
        }
        else
        {
            var log = MinimumWindowLog + (source[1] >> 3);
            if (log > MaximumWindowLog)
                return DecodeStatus.Unsupported;
            windowSize = (1UL << log) + (((1UL << log) >> 3) * (source[1] & 7u));
        }

        header = new ZstdFrameHeader(windowSize, contentSize, (descriptor & ChecksumBit) != 0);
        source = source[(contentSizeAt + contentSizeSize)..];
        return DecodeStatus.Ok;
    }
}
