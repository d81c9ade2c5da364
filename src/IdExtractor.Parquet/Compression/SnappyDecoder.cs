using IdExtractor.Parquet.Encodings;
using IdExtractor.Parquet.Kernels;

namespace IdExtractor.Parquet.Compression;

/// <summary>
/// Snappy's raw format (google/snappy, format_description.txt): a varint with the uncompressed
/// length, then literals and copies. Decodes in one pass and checks every length and offset before
/// using it; no byte outside the two spans is read or written.
/// </summary>
internal static unsafe class SnappyDecoder
{
    /// <summary>
    /// Data that compresses to half its size or more consists of short elements. The kernel is
    /// twice as fast at these, but slower at long ones.
    /// </summary>
    private const long LeastRatio = 2;

    /// <summary>Decodes a whole buffer into a destination of exactly the length that its preamble declares.</summary>
    public static DecodeStatus Decode(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        var status = ReadPreamble(source, destination.Length, out var preambleLength);
        if (status != DecodeStatus.Ok)
            return status;
        fixed (byte* input = source)
        fixed (byte* output = destination)
        {
            var elements = input + preambleLength;
            var inputEnd = input + source.Length;
            var outputEnd = output + destination.Length;
            var stream = new PageStream { Input = elements, InputEnd = inputEnd, History = output, Output = output, OutputEnd = outputEnd };
            if (SnappyLockStep.IsSupported && source.Length * LeastRatio > destination.Length)
            {
                var streams = &stream;
                LockStepLoops<SnappyLockStep>.Run(&streams, 1);
            }

            // The code below handles the rest, whether end or error, so that errors are diagnosed
            // in one place.
            return stream is { Status: DecodeStatus.Ok, LiteralLeft: 0 }
                ? DecodeElements(stream.Input, inputEnd, output, stream.Output, outputEnd)
                : DecodeElements(elements, inputEnd, output, output, outputEnd);
        }
    }

    /// <summary>Checks the length in the preamble against the expected length.</summary>
    /// <param name="source">
    /// The compressed bytes, all of them or at least <see cref="Varint.MaxLength32"/>.
    /// </param>
    /// <param name="expected">The expected uncompressed length in bytes.</param>
    /// <param name="consumed">Bytes that the length takes.</param>
    public static DecodeStatus ReadPreamble(ReadOnlySpan<byte> source, long expected, out int consumed)
    {
        consumed = 0;
        if (!Varint.TryReadUInt32(source, ref consumed, source.Length, out var length))
            return source.Length < Varint.MaxLength32 ? DecodeStatus.InputTooShort : DecodeStatus.InvalidHeader;
        if (length == expected)
            return DecodeStatus.Ok;
        return length > expected ? DecodeStatus.OutputTooLong : DecodeStatus.OutputTooShort;
    }

    private static DecodeStatus DecodeElements(byte* ip, byte* inputEnd, byte* output, byte* op, byte* outputEnd)
    {
        while (ip < inputEnd)
        {
            uint tag = *ip++;
            long length;
            long offset;
            switch (tag & 3)
            {
                case 0:
                    length = (tag >> 2) + 1;
                    if (length <= 16 && inputEnd - ip >= 16 && outputEnd - op >= 16)
                    {
                        BackReference.Copy16(ip, op);
                        ip += length;
                        op += length;
                        continue;
                    }

                    if (length > 60)
                    {
                        var lengthBytes = (int)length - 60;
                        if (inputEnd - ip < lengthBytes)
                            return DecodeStatus.InputTooShort;
                        length = ReadLength(ip, lengthBytes) + 1L;
                        ip += lengthBytes;
                    }

                    if (inputEnd - ip < length)
                        return DecodeStatus.InputTooShort;
                    if (outputEnd - op < length)
                        return DecodeStatus.OutputTooLong;
                    Buffer.MemoryCopy(ip, op, outputEnd - op, length);
                    ip += length;
                    op += length;
                    continue;

                case 1:
                    if (ip == inputEnd)
                        return DecodeStatus.InputTooShort;
                    length = ((tag >> 2) & 7) + 4;
                    offset = ((tag & 0xE0) << 3) | *ip;
                    ip++;
                    break;

                case 2:
                    if (inputEnd - ip < 2)
                        return DecodeStatus.InputTooShort;
                    length = (tag >> 2) + 1;
                    offset = LittleEndian.UInt16(ip);
                    ip += 2;
                    break;

                default:
                    if (inputEnd - ip < 4)
                        return DecodeStatus.InputTooShort;
                    length = (tag >> 2) + 1;
                    offset = LittleEndian.UInt32(ip);
                    ip += 4;
                    break;
            }

            if (offset == 0 || offset > op - output)
                return DecodeStatus.InvalidOffset;
            if (length > outputEnd - op)
                return DecodeStatus.OutputTooLong;

            if (outputEnd - op >= length + BackReference.WideRoom)
                BackReference.RepeatWide(op, offset, length);
            else
                BackReference.Repeat(op, offset, length, outputEnd);
            op += length;
        }

        return op == outputEnd ? DecodeStatus.Ok : DecodeStatus.OutputTooShort;
    }

    private static uint ReadLength(byte* from, int bytes)
    {
        uint value = 0;
        for (var i = 0; i < bytes; i++)
            value |= (uint)from[i] << (8 * i);
        return value;
    }
}
