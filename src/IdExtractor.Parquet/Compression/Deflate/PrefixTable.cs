namespace IdExtractor.Parquet.Compression.Deflate;

/// <summary>
/// Decoding table of one prefix code of RFC 1951: a root table indexed by the next bits, and
/// second-level tables for longer codes. The constants describe the bits of an entry.
/// </summary>
internal static class PrefixTable
{
    /// <summary>Longest code of the format, in bits.</summary>
    public const int MaxCodeLength = 15;

    /// <summary>
    /// Lowest five bits: how many bits the entry uses up, code and extra bits together.
    /// </summary>
    public const uint TotalBitsMask = 0x1F;

    /// <summary>
    /// Bits 8 to 11: how many of those are code bits, the rest being extra bits; in a link, how
    /// many bits index the second table.
    /// </summary>
    public const int CodeBitsShift = 8;

    /// <summary>Mask of what is at <see cref="CodeBitsShift"/>.</summary>
    public const uint CodeBitsMask = 0xF;

    /// <summary>The code ends the block.</summary>
    public const uint EndOfBlock = 1 << 12;

    /// <summary>No symbol of the format has this code.</summary>
    public const uint Invalid = 1 << 13;

    /// <summary>The value is the start of the second table.</summary>
    public const uint Link = 1 << 14;

    /// <summary>Any entry that is neither a literal nor a base value.</summary>
    public const uint Exceptional = 1 << 15;

    /// <summary>
    /// Bits 16 to 30: literal, base of a length or distance, or start of a second table.
    /// </summary>
    public const int ValueShift = 16;

    /// <summary>Mask of what is at <see cref="ValueShift"/>.</summary>
    public const uint ValueMask = 0x7FFF;

    /// <summary>The value is a literal byte.</summary>
    public const uint Literal = 1u << 31;

    /// <summary>
    /// Fills <paramref name="table"/> for canonical codes of <paramref name="lengths"/> bits.
    /// Rejects over-subscribed codes, and incomplete ones except those that zlib accepts: no code
    /// at all, and a single one of one bit.
    /// </summary>
    /// <param name="lengths">Bits of each symbol's code, 0 to 15; 0 means that it has none.</param>
    /// <param name="symbols">What each symbol means: an entry with extra bits in its total, and no
    /// code bits.</param>
    /// <param name="rootBits">Bits that index the root table.</param>
    /// <param name="table">As large as any complete code of so many symbols can make it.</param>
    /// <param name="mustBeComplete">Rejects every incomplete code.</param>
    public static bool TryBuild(
        ReadOnlySpan<byte> lengths, ReadOnlySpan<uint> symbols, int rootBits, Span<uint> table, bool mustBeComplete = false)
    {
        Span<int> counts = stackalloc int[MaxCodeLength + 1];
        counts.Clear();
        foreach (var length in lengths)
            counts[length]++;
        counts[0] = 0;

        var longest = MaxCodeLength;
        while (longest > 0 && counts[longest] == 0)
            longest--;
        if (!IsUsable(counts, longest, mustBeComplete))
            return false;

        table[..(1 << rootBits)].Fill(Exceptional | Invalid);

        Span<int> starts = stackalloc int[MaxCodeLength + 2];
        starts.Clear();
        for (var length = 1; length <= MaxCodeLength; length++)
            starts[length + 1] = starts[length] + counts[length];
        Span<ushort> sorted = stackalloc ushort[lengths.Length];
        for (var symbol = 0; symbol < lengths.Length; symbol++)
        {
            if (lengths[symbol] != 0)
                sorted[starts[lengths[symbol]]++] = (ushort)symbol;
        }

        return Fill(counts, sorted, longest, symbols, rootBits, table);
    }

    private static bool IsUsable(ReadOnlySpan<int> counts, int longest, bool mustBeComplete)
    {
        var free = 1;
        for (var length = 1; length <= MaxCodeLength; length++)
        {
            free = (free << 1) - counts[length];
            if (free < 0)
                return false;
        }

        return free == 0 || (!mustBeComplete && (longest == 0 || (longest == 1 && counts[1] == 1)));
    }

    private static bool Fill(
        ReadOnlySpan<int> counts, ReadOnlySpan<ushort> sorted, int longest, ReadOnlySpan<uint> symbols, int rootBits, Span<uint> table)
    {
        var code = 0u;
        var next = 0;
        var end = 1 << rootBits;
        var linkedPrefix = uint.MaxValue;
        var sub = 0;
        var subBits = 0;
        var rootMask = (1u << rootBits) - 1;

        for (var length = 1; length <= longest; length++)
        {
            for (var i = 0; i < counts[length]; i++, code++, next++)
            {
                var reversed = Reverse(code, length);
                var symbol = symbols[sorted[next]];
                if (length <= rootBits)
                {
                    Spread(table[..(1 << rootBits)], reversed, length, Complete(symbol, length));
                    continue;
                }

                if ((reversed & rootMask) != linkedPrefix)
                {
                    linkedPrefix = reversed & rootMask;
                    sub = end;
                    subBits = SecondLevelBits(counts, length, i, longest, rootBits);
                    end += 1 << subBits;
                    if (end > table.Length)
                        return false;
                    table[(int)linkedPrefix] =
                        Exceptional | Link | ((uint)sub << ValueShift) | ((uint)subBits << CodeBitsShift) | (uint)rootBits;
                }

                Spread(table.Slice(sub, 1 << subBits), reversed >> rootBits, length - rootBits, Complete(symbol, length - rootBits));
            }

            code <<= 1;
        }

        return true;
    }

    // Adds the code's own bits to the symbol's extra bits.
    private static uint Complete(uint symbol, int codeBits) => (symbol + (uint)codeBits) | ((uint)codeBits << CodeBitsShift);

    private static void Spread(Span<uint> table, uint first, int bits, uint entry)
    {
        for (var i = (int)first; i < table.Length; i += 1 << bits)
            table[i] = entry;
    }

    // Codes with one prefix are consecutive, so the second table is as wide as the length at which
    // they fill it.
    private static int SecondLevelBits(ReadOnlySpan<int> counts, int length, int alreadyTaken, int longest, int rootBits)
    {
        var bits = length - rootBits;
        var free = (1 << bits) - (counts[length] - alreadyTaken);
        while (free > 0 && rootBits + bits < longest)
        {
            bits++;
            free = (free << 1) - counts[rootBits + bits];
        }

        return bits;
    }

    private static uint Reverse(uint code, int bits)
    {
        uint reversed = 0;
        for (var i = 0; i < bits; i++, code >>= 1)
            reversed = (reversed << 1) | (code & 1);
        return reversed;
    }
}
