using System.Numerics;

namespace IdExtractor.Parquet.Compression.Zstd;

/// <summary>The distribution that describes an FSE table (RFC 8878, section 4.1.1).</summary>
internal static class FseCounts
{
    /// <summary>
    /// The most symbols that any of the format's tables can have: Huffman weights are read without
    /// another limit.
    /// </summary>
    public const int MaxSymbols = 256;

    private const int MinimumLog = 5;

    /// <summary>
    /// Reads a distribution. <paramref name="counts"/> receives, for each symbol, its share of 2^<paramref name="log"/> cells, -1 for a share of
    /// less than one.
    /// </summary>
    /// <param name="source">Starts with the distribution; may continue after it.</param>
    /// <param name="counts">As long as the alphabet: a symbol past it is rejected.</param>
    /// <param name="maxLog">Largest accuracy allowed here.</param>
    /// <param name="log">Accuracy of the table.</param>
    /// <param name="symbols">How many of <paramref name="counts"/> are set.</param>
    /// <param name="consumed">Bytes that the distribution takes.</param>
    public static DecodeStatus Read(
        ReadOnlySpan<byte> source, Span<short> counts, int maxLog, out int log, out int symbols, out int consumed)
    {
        log = 0;
        symbols = 0;
        consumed = 0;
        if (source.IsEmpty)
            return DecodeStatus.InputTooShort;
        log = (source[0] & 0xF) + MinimumLog;
        if (log > maxLog)
            return DecodeStatus.InvalidHeader;

        var position = 4;
        var remaining = 1 << log;
        while (remaining > 0)
        {
            if (symbols == counts.Length)
                return DecodeStatus.InvalidHeader;

            // A value from 0 to remaining + 1 takes one bit less where its low bits are
            // unambiguous.
            var bits = BitOperations.Log2((uint)remaining + 1) + 1;
            var peeked = Peek(source, position, bits);
            var shortMask = (1 << (bits - 1)) - 1;
            var shorts = (1 << bits) - 1 - (remaining + 1);
            int value;
            if ((peeked & shortMask) < shorts)
            {
                value = peeked & shortMask;
                position += bits - 1;
            }
            else
            {
                value = peeked > shortMask ? peeked - shorts : peeked;
                position += bits;
            }

            var count = value - 1;
            remaining -= Math.Abs(count);
            counts[symbols++] = (short)count;
            if (count == 0 && !SkipZeros(source, counts, ref position, ref symbols))
                return DecodeStatus.InvalidHeader;
            if (position > source.Length * 8L)
                return DecodeStatus.InputTooShort;
        }

        consumed = (position + 7) >> 3;
        return remaining == 0 ? DecodeStatus.Ok : DecodeStatus.InvalidHeader;
    }

    // After a count of 0, two bits state how many more zeros follow; 3 means that two more bits do.
    private static bool SkipZeros(ReadOnlySpan<byte> source, Span<short> counts, ref int position, ref int symbols)
    {
        int repeats;
        do
        {
            repeats = Peek(source, position, 2);
            position += 2;
            if (repeats > counts.Length - symbols)
                return false;
            counts.Slice(symbols, repeats).Clear();
            symbols += repeats;
        }
        while (repeats == 3);
        return true;
    }

    // At most 11 bits; zeros past the end, which the caller detects by the position.
    private static int Peek(ReadOnlySpan<byte> source, int position, int count)
    {
        var first = position >> 3;
        uint loaded = 0;
        for (var i = 0; i < 3 && first + i < source.Length; i++)
            loaded |= (uint)source[first + i] << (8 * i);
        return (int)(loaded >> (position & 7)) & ((1 << count) - 1);
    }
}
