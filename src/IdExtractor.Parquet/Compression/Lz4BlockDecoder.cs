using IdExtractor.Parquet.Kernels;

namespace IdExtractor.Parquet.Compression;

/// <summary>
/// LZ4's block format (lz4/doc/lz4_Block_format.md). The block does not state the length of its
/// output: it is decoded into the given room. Every length and offset is checked before it is used;
/// no byte outside the two spans is read or written.
/// </summary>
/// <remarks>
/// The format's rules for the end of a block (the last five bytes are literals, the last match
/// starts twelve bytes before the end) bind only encoders. Like other readers, this one does not
/// check them.
/// </remarks>
internal static unsafe class Lz4BlockDecoder
{
    /// <summary>Decodes a block that must fill <paramref name="destination"/>.</summary>
    public static DecodeStatus Decode(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        var status = Decode(source, destination, 0, 0, out var written);
        return status == DecodeStatus.Ok && written != destination.Length ? DecodeStatus.OutputTooShort : status;
    }

    /// <summary>
    /// Decodes one block to <paramref name="position"/> in <paramref name="window"/>. Matches may
    /// start anywhere from <paramref name="history"/> on, which is less than
    /// <paramref name="position"/> where blocks depend on earlier ones.
    /// </summary>
    public static DecodeStatus Decode(ReadOnlySpan<byte> source, Span<byte> window, int history, int position, out int written)
    {
        written = 0;
        fixed (byte* input = source)
        fixed (byte* output = window)
        {
            var op = output + position;
            var status = DecodeSequences(input, input + source.Length, output + history, ref op, output + window.Length);
            written = (int)(op - output) - position;
            return status;
        }
    }

    private static DecodeStatus DecodeSequences(byte* ip, byte* inputEnd, byte* history, ref byte* position, byte* outputEnd)
    {
        var op = position;
        while (ip < inputEnd)
        {
            uint token = *ip++;
            long length = token >> 4;
            if (length < 15 && inputEnd - ip >= 16 && outputEnd - op >= 16)
            {
                // Never the last literals, which end at the end of the input.
                BackReference.Copy16(ip, op);
                ip += length;
                op += length;
            }
            else
            {
                if (length == 15 && !ReadLength(ref ip, inputEnd, ref length))
                    return DecodeStatus.InputTooShort;
                if (inputEnd - ip < length)
                    return DecodeStatus.InputTooShort;
                if (outputEnd - op < length)
                    return DecodeStatus.OutputTooLong;
                Buffer.MemoryCopy(ip, op, outputEnd - op, length);
                ip += length;
                op += length;
                if (ip == inputEnd)
                {
                    position = op;
                    return DecodeStatus.Ok;
                }
            }

            if (inputEnd - ip < 2)
                return DecodeStatus.InputTooShort;
            long offset = LittleEndian.UInt16(ip);
            ip += 2;
            length = token & 15;
            if (length == 15 && !ReadLength(ref ip, inputEnd, ref length))
                return DecodeStatus.InputTooShort;
            length += Lz4SequenceDecoder.MinimumMatch;

            if (offset == 0 || offset > op - history)
                return DecodeStatus.InvalidOffset;
            if (length > outputEnd - op)
                return DecodeStatus.OutputTooLong;
            if (outputEnd - op >= length + BackReference.WideRoom)
                BackReference.RepeatWide(op, offset, length);
            else
                BackReference.Repeat(op, offset, length, outputEnd);
            op += length;
        }

        // A block ends with literals, possibly zero of them: its last token has no match.
        return DecodeStatus.InputTooShort;
    }

    /// <summary>
    /// Adds the bytes of a long length, up to and including the first that is not 255. Returns
    /// false when the input ends too early.
    /// </summary>
    /// <remarks>
    /// Each byte adds up to 255 and the input length fits an int, so the sum is far below the limit
    /// of a long.
    /// </remarks>
    internal static bool ReadLength(ref byte* ip, byte* inputEnd, ref long length)
    {
        byte part;
        do
        {
            if (ip == inputEnd)
                return false;
            part = *ip++;
            length += part;
        }
        while (part == byte.MaxValue);
        return true;
    }
}
