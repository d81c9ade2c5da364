using System.Buffers.Binary;

namespace IdExtractor.Parquet.Compression;

/// <summary>
/// The formats found under the codec name LZ4: Hadoop's framing (which the format means,
/// parquet-format/Compression.md), the LZ4 frame format, and a bare block.
/// </summary>
/// <remarks>
/// The three cannot be confused. The first byte of a bare block with any output has a nonzero
/// literal count in its upper half, as there is nothing yet to copy from. Hadoop's framing starts
/// with the upper byte of a big-endian length, which is less than 16 below 256 MiB. The magic
/// number of the LZ4 frame would be a length of 66 MiB. Also, each must fill the page and use up
/// the input. Only then is the format certain, so these pages are decoded whole. Bare blocks under
/// the name LZ4_RAW are decoded through a sliding window instead.
/// </remarks>
internal static class Lz4HadoopDecoder
{
    private const int LengthSize = 4;

    /// <summary>
    /// Decodes a page body in whichever of the three formats fills <paramref name="destination"/>.
    /// </summary>
    public static DecodeStatus Decode(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        var hadoop = DecodeHadoop(source, destination);
        if (hadoop == DecodeStatus.Ok)
            return hadoop;
        if (Lz4FrameDecoder.IsFrame(source))
            return Lz4FrameDecoder.Decode(source, destination);
        var bare = Lz4BlockDecoder.Decode(source, destination);
        var looksFramed = !source.IsEmpty && source[0] < 0x10;
        return bare == DecodeStatus.Ok || !looksFramed ? bare : hadoop;
    }

    // Frames of: length of the output, then blocks of (length of the block, block) until the output
    // is complete.
    private static DecodeStatus DecodeHadoop(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        var position = 0;
        while (!source.IsEmpty)
        {
            if (source.Length < LengthSize)
                return DecodeStatus.InputTooShort;
            var declared = BinaryPrimitives.ReadUInt32BigEndian(source);
            source = source[LengthSize..];
            if (declared > (uint)(destination.Length - position))
                return DecodeStatus.OutputTooLong;

            var frame = destination.Slice(position, (int)declared);
            while (!frame.IsEmpty)
            {
                if (source.Length < LengthSize)
                    return DecodeStatus.InputTooShort;
                var length = BinaryPrimitives.ReadUInt32BigEndian(source);
                source = source[LengthSize..];
                if (length > (uint)source.Length)
                    return DecodeStatus.InputTooShort;
                var status = Lz4BlockDecoder.Decode(source[..(int)length], frame, 0, 0, out var written);
                if (status != DecodeStatus.Ok)
                    return status;
                source = source[(int)length..];
                frame = frame[written..];
            }

            position += (int)declared;
        }

        return position == destination.Length ? DecodeStatus.Ok : DecodeStatus.OutputTooShort;
    }
}
