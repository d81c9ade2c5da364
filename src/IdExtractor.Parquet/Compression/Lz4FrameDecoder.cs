using System.Buffers.Binary;
using System.IO.Hashing;

namespace IdExtractor.Parquet.Compression;

/// <summary>
/// The LZ4 frame format (lz4/doc/lz4_Frame_format.md): one or more frames, with skippable frames
/// between them. Verifies checksums where present. Frames that need a dictionary are not supported.
/// </summary>
internal static class Lz4FrameDecoder
{
    private const uint Magic = 0x184D2204;
    private const uint SkippableMagic = 0x184D2A50;
    private const uint SkippableMask = 0xFFFFFFF0;
    private const uint UncompressedBlock = 0x8000_0000;
    private const int Version = 0b01;

    /// <summary>
    /// Whether the input starts with a frame. A bare block cannot start that way: its first token
    /// would copy from before the output.
    /// </summary>
    public static bool IsFrame(ReadOnlySpan<byte> source) =>
        source.Length >= 4 && BinaryPrimitives.ReadUInt32LittleEndian(source) == Magic;

    /// <summary>Decodes frames that together must fill <paramref name="destination"/>.</summary>
    public static DecodeStatus Decode(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        var position = 0;
        while (!source.IsEmpty)
        {
            if (source.Length < 4)
                return DecodeStatus.InputTooShort;
            var magic = BinaryPrimitives.ReadUInt32LittleEndian(source);
            source = source[4..];
            var status = magic == Magic ? DecodeFrame(ref source, destination, ref position)
                : (magic & SkippableMask) == SkippableMagic ? Skip(ref source)
                : DecodeStatus.InvalidHeader;
            if (status != DecodeStatus.Ok)
                return status;
        }

        return position == destination.Length ? DecodeStatus.Ok : DecodeStatus.OutputTooShort;
    }

    private static DecodeStatus Skip(ref ReadOnlySpan<byte> source)
    {
        if (source.Length < 4)
            return DecodeStatus.InputTooShort;
        var length = BinaryPrimitives.ReadUInt32LittleEndian(source);
        if (length > (uint)source.Length - 4)
            return DecodeStatus.InputTooShort;
        source = source[(4 + (int)length)..];
        return DecodeStatus.Ok;
    }

    private static DecodeStatus DecodeFrame(ref ReadOnlySpan<byte> source, Span<byte> destination, ref int position)
    {
        var status = Descriptor.Read(ref source, out var descriptor);
        if (status != DecodeStatus.Ok)
            return status;

        var start = position;
        if (descriptor.ContentSize is { } declared && declared > (ulong)(destination.Length - start))
            return DecodeStatus.OutputTooLong;

        while (true)
        {
            if (source.Length < 4)
                return DecodeStatus.InputTooShort;
            var header = BinaryPrimitives.ReadUInt32LittleEndian(source);
            source = source[4..];
            if (header == 0)
                break;
            status = DecodeBlock(descriptor, header, ref source, destination, start, ref position);
            if (status != DecodeStatus.Ok)
                return status;
        }

        if (descriptor.ContentSize is { } size && size != (ulong)(position - start))
            return size > (ulong)(position - start) ? DecodeStatus.OutputTooShort : DecodeStatus.OutputTooLong;
        return descriptor.HasContentChecksum ? CheckHash(ref source, destination[start..position]) : DecodeStatus.Ok;
    }

    private static DecodeStatus DecodeBlock(
        Descriptor descriptor, uint header, ref ReadOnlySpan<byte> source, Span<byte> destination, int frameStart, ref int position)
    {
        var length = header & ~UncompressedBlock;
        if (length > (uint)descriptor.BlockMaxSize)
            return DecodeStatus.InvalidLength;
        if (length > (uint)source.Length)
            return DecodeStatus.InputTooShort;
        var block = source[..(int)length];
        source = source[(int)length..];
        if (descriptor.HasBlockChecksums && CheckHash(ref source, block) is not DecodeStatus.Ok and var status)
            return status;

        var room = destination.Length - position;
        if ((header & UncompressedBlock) != 0)
        {
            if (block.Length > room)
                return DecodeStatus.OutputTooLong;
            block.CopyTo(destination[position..]);
            position += block.Length;
            return DecodeStatus.Ok;
        }

        // The window's limit distinguishes a block that exceeds its maximum size from one that
        // exceeds the page.
        var window = destination[..(position + Math.Min(descriptor.BlockMaxSize, room))];
        var history = descriptor.BlocksAreIndependent ? position : frameStart;
        var result = Lz4BlockDecoder.Decode(block, window, history, position, out var written);
        position += written;
        return result == DecodeStatus.OutputTooLong && window.Length < destination.Length ? DecodeStatus.InvalidLength : result;
    }

    private static DecodeStatus CheckHash(ref ReadOnlySpan<byte> source, ReadOnlySpan<byte> hashed)
    {
        if (source.Length < 4)
            return DecodeStatus.InputTooShort;
        var expected = BinaryPrimitives.ReadUInt32LittleEndian(source);
        source = source[4..];
        return XxHash32.HashToUInt32(hashed) == expected ? DecodeStatus.Ok : DecodeStatus.ChecksumMismatch;
    }

    /// <summary>
    /// The frame descriptor: flags, the maximum block size, and the content size where it is
    /// declared.
    /// </summary>
    private readonly record struct Descriptor(
        bool BlocksAreIndependent, bool HasBlockChecksums, bool HasContentChecksum, int BlockMaxSize, ulong? ContentSize)
    {
        public static DecodeStatus Read(ref ReadOnlySpan<byte> source, out Descriptor descriptor)
        {
            descriptor = default;
            if (source.Length < 3)
                return DecodeStatus.InputTooShort;
            int flags = source[0];
            int blockFlags = source[1];
            var blockSizeId = blockFlags >> 4;
            if (flags >> 6 != Version || (flags & 0b10) != 0 || (blockFlags & 0b1000_1111) != 0 || blockSizeId < 4)
                return DecodeStatus.InvalidHeader;

            var hasContentSize = (flags & 0b1000) != 0;
            var hasDictionary = (flags & 0b1) != 0;
            var length = 2 + (hasContentSize ? 8 : 0) + (hasDictionary ? 4 : 0);
            if (source.Length < length + 1)
                return DecodeStatus.InputTooShort;
            if ((byte)(XxHash32.HashToUInt32(source[..length]) >> 8) != source[length])
                return DecodeStatus.ChecksumMismatch;
            if (hasDictionary)
                return DecodeStatus.Unsupported;

            descriptor = new Descriptor(
                BlocksAreIndependent: (flags & 0b10_0000) != 0,
                HasBlockChecksums: (flags & 0b1_0000) != 0,
                HasContentChecksum: (flags & 0b100) != 0,
                BlockMaxSize: 1 << (8 + (2 * blockSizeId)),
                ContentSize: hasContentSize ? BinaryPrimitives.ReadUInt64LittleEndian(source[2..]) : null);
            source = source[(length + 1)..];
            return DecodeStatus.Ok;
        }
    }
}
