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
            var stream = new PageStream
            {
                Input = input,
                InputEnd = input + source.Length,
                History = output + history,
                Output = output + position,
                OutputEnd = output + window.Length,
                IsInputComplete = true,
                IsOutputComplete = true,
            };
            if (Lz4LockStep.IsSupported)
            {
                var streams = &stream;
                LockStepLoops<Lz4LockStep>.Run(&streams, 1);
            }

            while (Lz4SequenceDecoder.Step(ref stream))
            {
            }

            written = (int)(stream.Output - output) - position;
            if (stream.Status != DecodeStatus.Ok)
                return stream.Status;
            return stream is { Phase: Lz4Phase.Offset } && stream.Input == stream.InputEnd ? DecodeStatus.Ok : DecodeStatus.OutputTooLong;
        }
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
