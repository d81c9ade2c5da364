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

    /// <summary>
    /// Decodes a whole buffer into a destination of exactly the length that its preamble declares.
    /// </summary>
    public static DecodeStatus Decode(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        var status = ReadPreamble(source, destination.Length, out var preambleLength);
        if (status != DecodeStatus.Ok)
            return status;
        fixed (byte* input = source)
        fixed (byte* output = destination)
        {
            var stream = new PageStream
            {
                Input = input + preambleLength,
                InputEnd = input + source.Length,
                History = output,
                Output = output,
                OutputEnd = output + destination.Length,
                IsInputComplete = true,
                IsOutputComplete = true,
            };
            if (SnappyLockStep.IsSupported && source.Length * LeastRatio > destination.Length)
            {
                var streams = &stream;
                LockStepLoops<SnappyLockStep>.Run(&streams, 1);
            }

            while (SnappyTagDecoder.Step(ref stream))
            {
            }

            if (stream.Status != DecodeStatus.Ok)
                return stream.Status;
            if (stream.Input < stream.InputEnd || stream.LiteralLeft > 0)
                return DecodeStatus.OutputTooLong;
            return stream.Output == stream.OutputEnd ? DecodeStatus.Ok : DecodeStatus.OutputTooShort;
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
}
