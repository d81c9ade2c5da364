using System.Buffers.Binary;
using IdExtractor.Foundation.Checksums;
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
    private const byte Magic1 = 0x1F;
    private const byte Magic2 = 0x8B;
    private const byte DeflateMethod = 8;
    private const int FixedHeaderSize = 10;
    private const int TrailerSize = 8;

    [Flags]
    private enum HeaderFlags
    {
        HeaderCrc = 1 << 1,
        Extra = 1 << 2,
        Name = 1 << 3,
        Comment = 1 << 4,
        Reserved = 0b1110_0000,
    }

    /// <summary>
    /// Decodes a page body in the format, of the three, that its first bytes indicate.
    /// </summary>
    public static DecodeStatus Decode(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        if (source.Length >= 2 && source[0] == Magic1 && source[1] == Magic2)
            return DecodeMembers(source, destination);
        return IsZlib(source) ? DecodeZlib(source, destination) : DecodeBare(source, destination);
    }

    private static DecodeStatus DecodeMembers(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        do
        {
            var status = ReadHeader(source, out var headerLength);
            if (status != DecodeStatus.Ok)
                return status;
            source = source[headerLength..];
            status = InflateDecoder.Current.Decode(source, destination, out var consumed, out var written);
            if (status != DecodeStatus.Ok)
                return status;

            source = source[consumed..];
            if (source.Length < TrailerSize)
                return DecodeStatus.InputTooShort;
            if (BinaryPrimitives.ReadUInt32LittleEndian(source) != Crc32.Compute(destination[..written])
                || BinaryPrimitives.ReadUInt32LittleEndian(source[4..]) != (uint)written)
            {
                return DecodeStatus.ChecksumMismatch;
            }

            source = source[TrailerSize..];
            destination = destination[written..];
        }
        while (!source.IsEmpty);
        return destination.IsEmpty ? DecodeStatus.Ok : DecodeStatus.OutputTooShort;
    }

    private static DecodeStatus ReadHeader(ReadOnlySpan<byte> source, out int length)
    {
        length = FixedHeaderSize;
        if (source.Length < FixedHeaderSize)
            return DecodeStatus.InputTooShort;
        var flags = (HeaderFlags)source[3];
        if (source[0] != Magic1 || source[1] != Magic2 || source[2] != DeflateMethod || (flags & HeaderFlags.Reserved) != 0)
            return DecodeStatus.InvalidHeader;

        if ((flags & HeaderFlags.Extra) != 0)
        {
            if (source.Length - length < 2)
                return DecodeStatus.InputTooShort;
            length += 2 + BinaryPrimitives.ReadUInt16LittleEndian(source[length..]);
            if (length > source.Length)
                return DecodeStatus.InputTooShort;
        }

        if (((flags & HeaderFlags.Name) != 0 && !SkipText(source, ref length))
            || ((flags & HeaderFlags.Comment) != 0 && !SkipText(source, ref length)))
        {
            return DecodeStatus.InputTooShort;
        }

        if ((flags & HeaderFlags.HeaderCrc) == 0)
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
        source.Length >= 2 && (source[0] & 0x0F) == DeflateMethod && source[0] >> 4 <= 7 && BinaryPrimitives.ReadUInt16BigEndian(source) % 31 == 0;

    private static DecodeStatus DecodeZlib(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        const int PresetDictionary = 1 << 5;
        if ((source[1] & PresetDictionary) != 0)
            return DecodeStatus.Unsupported;
        source = source[2..];
        var status = InflateDecoder.Current.Decode(source, destination, out var consumed, out var written);
        if (status != DecodeStatus.Ok)
            return status;

        source = source[consumed..];
        if (source.Length < sizeof(uint))
            return DecodeStatus.InputTooShort;
        if (BinaryPrimitives.ReadUInt32BigEndian(source) != Adler32.Compute(destination[..written]))
            return DecodeStatus.ChecksumMismatch;
        return Finish(source.Length - sizeof(uint), destination.Length - written);
    }

    private static DecodeStatus DecodeBare(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        var status = InflateDecoder.Current.Decode(source, destination, out var consumed, out var written);
        return status == DecodeStatus.Ok ? Finish(source.Length - consumed, destination.Length - written) : status;
    }

    private static DecodeStatus Finish(int inputLeft, int outputLeft) =>
        inputLeft != 0 ? DecodeStatus.InvalidLength
        : outputLeft != 0 ? DecodeStatus.OutputTooShort
        : DecodeStatus.Ok;
}
