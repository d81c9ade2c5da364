using System.Buffers.Binary;
using IdExtractor.Foundation.Checksums;
using IdExtractor.Foundation.Gzip;
using IdExtractor.Parquet.Compression.Deflate;

namespace IdExtractor.Parquet.Compression;

/// <summary>
/// The formats found under the codec name GZIP: gzip (RFC 1952) of one or more members, and two
/// that some writers use instead, a zlib stream (RFC 1950) or a bare deflate stream. Verifies
/// checksums and lengths where the format has them; no data may follow.
/// </summary>
/// <remarks>
/// The first bytes distinguish the formats. Read as deflate, gzip's would be a block of the
/// reserved kind, and zlib's a stored block with nonzero padding, which no encoder writes.
/// </remarks>
internal static class GzipDecoder
{
    /// <summary>
    /// Decodes a page body in the format, of the three, that its first bytes indicate.
    /// </summary>
    public static DecodeStatus Decode(ReadOnlySpan<byte> source, Span<byte> destination) => Decode(Inflate.Backend, source, destination);

    /// <summary>
    /// As <see cref="Decode(ReadOnlySpan{byte}, Span{byte})"/>, with a backend of the caller's
    /// choice.
    /// </summary>
    internal static DecodeStatus Decode(CodecBackend backend, ReadOnlySpan<byte> source, Span<byte> destination)
    {
        if (GzipHeader.IsGzip(source))
            return DecodeMembers(backend, source, destination);
        return IsZlib(source) ? DecodeZlib(backend, source, destination) : DecodeBare(backend, source, destination);
    }

    private static DecodeStatus DecodeMembers(CodecBackend backend, ReadOnlySpan<byte> source, Span<byte> destination)
    {
        do
        {
            var status = ReadHeader(source, out var headerLength);
            if (status != DecodeStatus.Ok)
                return status;
            source = source[headerLength..];
            status = Inflate.Decode(backend, source, destination, out var consumed, out var written);
            if (status != DecodeStatus.Ok)
                return status;

            source = source[consumed..];
            if (source.Length < GzipTrailer.Bytes)
                return DecodeStatus.InputTooShort;
            if (GzipTrailer.Read(source) != new GzipTrailer(Crc32.Compute(destination[..written]), (uint)written))
                return DecodeStatus.ChecksumMismatch;
            source = source[GzipTrailer.Bytes..];
            destination = destination[written..];
        }
        while (!source.IsEmpty);
        return destination.IsEmpty ? DecodeStatus.Ok : DecodeStatus.OutputTooShort;
    }

    private static DecodeStatus ReadHeader(ReadOnlySpan<byte> source, out int length)
    {
        length = GzipHeader.FixedBytes;
        if (source.Length < GzipHeader.FixedBytes)
            return DecodeStatus.InputTooShort;
        var flags = GzipHeader.FlagsOf(source);
        if (!GzipHeader.IsDeflated(source) || (flags & GzipFlags.Reserved) != 0)
            return DecodeStatus.InvalidHeader;

        if ((flags & GzipFlags.Extra) != 0)
        {
            if (source.Length - length < 2)
                return DecodeStatus.InputTooShort;
            length += 2 + BinaryPrimitives.ReadUInt16LittleEndian(source[length..]);
            if (length > source.Length)
                return DecodeStatus.InputTooShort;
        }

        if (((flags & GzipFlags.Name) != 0 && !SkipText(source, ref length))
            || ((flags & GzipFlags.Comment) != 0 && !SkipText(source, ref length)))
        {
            return DecodeStatus.InputTooShort;
        }

        if ((flags & GzipFlags.HeaderCrc) == 0)
            return DecodeStatus.Ok;
        if (source.Length - length < 2)
            return DecodeStatus.InputTooShort;
        var expected = BinaryPrimitives.ReadUInt16LittleEndian(source[length..]);
        var actual = (ushort)Crc32.Compute(source[..length]);
        length += 2;
        return expected == actual ? DecodeStatus.Ok : DecodeStatus.ChecksumMismatch;
    }

    private static bool SkipText(ReadOnlySpan<byte> source, ref int length)
    {
        var terminator = source[length..].IndexOf((byte)0);
        length += terminator + 1;
        return terminator >= 0;
    }

    // Method 8, a window of at most 32 KiB, and the check bits.
    private static bool IsZlib(ReadOnlySpan<byte> source) =>
        source.Length >= 2
            && (source[0] & 0x0F) == GzipHeader.Deflate
            && source[0] >> 4 <= 7
            && BinaryPrimitives.ReadUInt16BigEndian(source) % 31 == 0;

    private static DecodeStatus DecodeZlib(CodecBackend backend, ReadOnlySpan<byte> source, Span<byte> destination)
    {
        const int PresetDictionary = 1 << 5;
        if ((source[1] & PresetDictionary) != 0)
            return DecodeStatus.Unsupported;
        source = source[2..];
        var status = Inflate.Decode(backend, source, destination, out var consumed, out var written);
        if (status != DecodeStatus.Ok)
            return status;

        source = source[consumed..];
        if (source.Length < sizeof(uint))
            return DecodeStatus.InputTooShort;
        if (BinaryPrimitives.ReadUInt32BigEndian(source) != Adler32.Compute(destination[..written]))
            return DecodeStatus.ChecksumMismatch;
        return Finish(source.Length - sizeof(uint), destination.Length - written);
    }

    private static DecodeStatus DecodeBare(CodecBackend backend, ReadOnlySpan<byte> source, Span<byte> destination)
    {
        var status = Inflate.Decode(backend, source, destination, out var consumed, out var written);
        return status == DecodeStatus.Ok ? Finish(source.Length - consumed, destination.Length - written) : status;
    }

    private static DecodeStatus Finish(int inputLeft, int outputLeft) =>
        inputLeft != 0 ? DecodeStatus.InvalidLength
        : outputLeft != 0 ? DecodeStatus.OutputTooShort
        : DecodeStatus.Ok;
}
