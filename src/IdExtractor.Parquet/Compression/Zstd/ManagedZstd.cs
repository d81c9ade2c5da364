using System.Buffers.Binary;
using IdExtractor.Foundation.Hashing;

namespace IdExtractor.Parquet.Compression.Zstd;

/// <summary>
/// Zstandard (RFC 8878) without a library. It is the counterpart of <see cref="NativeZstd"/>, and
/// its replacement where libzstd is absent. Dictionaries are not supported. The destination is the
/// window, so a frame's window size costs no memory.
/// </summary>
internal static class ManagedZstd
{
    [ThreadStatic]
    private static ZstdBlockDecoder? t_blocks;

    /// <summary>
    /// Decodes frames that together must fill <paramref name="destination"/>; skips skippable
    /// frames between them.
    /// </summary>
    public static DecodeStatus Decode(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        var blocks = t_blocks ??= new ZstdBlockDecoder();
        var position = 0;
        while (!source.IsEmpty)
        {
            if (source.Length < sizeof(uint))
                return DecodeStatus.InputTooShort;
            var magic = BinaryPrimitives.ReadUInt32LittleEndian(source);
            source = source[sizeof(uint)..];
            var status = magic == ZstdFrameHeader.Magic ? DecodeFrame(blocks, ref source, destination, ref position)
                : ZstdFrameHeader.IsSkippable(magic) ? Skip(ref source)
                : DecodeStatus.InvalidHeader;
            if (status != DecodeStatus.Ok)
                return status;
        }

        return position == destination.Length ? DecodeStatus.Ok : DecodeStatus.OutputTooShort;
    }

    private static DecodeStatus Skip(ref ReadOnlySpan<byte> source)
    {
        if (source.Length < sizeof(uint))
            return DecodeStatus.InputTooShort;
        var length = BinaryPrimitives.ReadUInt32LittleEndian(source);
        source = source[sizeof(uint)..];
        if (length > (uint)source.Length)
            return DecodeStatus.InputTooShort;
        source = source[(int)length..];
        return DecodeStatus.Ok;
    }

    private static DecodeStatus DecodeFrame(ZstdBlockDecoder blocks, ref ReadOnlySpan<byte> source, Span<byte> destination, ref int position)
    {
        var status = ZstdFrameHeader.Read(ref source, out var header);
        if (status != DecodeStatus.Ok)
            return status;
        var start = position;
        if (header.ContentSize > (ulong)(destination.Length - start))
            return DecodeStatus.OutputTooLong;

        blocks.Begin(header.WindowSize);
        bool isLast;
        do
        {
            status = blocks.DecodeNext(ref source, destination, start, position, out var written, out isLast);
            if (status != DecodeStatus.Ok)
                return status;
            position += written;
        }
        while (!isLast);

        var content = destination[start..position];
        if (header.ContentSize is { } declared && declared != (ulong)content.Length)
            return declared > (ulong)content.Length ? DecodeStatus.OutputTooShort : DecodeStatus.OutputTooLong;
        return header.HasChecksum ? VerifyChecksum(ref source, content) : DecodeStatus.Ok;
    }

    private static DecodeStatus VerifyChecksum(ref ReadOnlySpan<byte> source, ReadOnlySpan<byte> content)
    {
        if (source.Length < sizeof(uint))
            return DecodeStatus.InputTooShort;
        var expected = BinaryPrimitives.ReadUInt32LittleEndian(source);
        source = source[sizeof(uint)..];
        return (uint)XxHash64.Compute(content) == expected ? DecodeStatus.Ok : DecodeStatus.ChecksumMismatch;
    }
}
