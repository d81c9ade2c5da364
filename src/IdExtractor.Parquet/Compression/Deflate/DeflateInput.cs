using System.Runtime.CompilerServices;

namespace IdExtractor.Parquet.Compression.Deflate;

/// <summary>
/// The bits of a deflate stream, lowest first. Past the end of the input it returns zeros and
/// counts the missing bytes.
/// </summary>
/// <param name="input">Start of the input.</param>
/// <param name="end">End of the input; neither it nor what follows is read.</param>
internal unsafe ref struct DeflateInput(byte* input, byte* end)
{
    /// <summary>Next byte that is not yet in <see cref="Bits"/>.</summary>
    public byte* Next = input;

    /// <summary>
    /// The next bits, from the lowest. Above <see cref="Count"/> there may be some of the following
    /// bits, or zeros.
    /// </summary>
    public ulong Bits;

    /// <summary>How many of them are accounted for in <see cref="Next"/>.</summary>
    public int Count;

    private int _missing;

    /// <summary>End of the input.</summary>
    public readonly byte* End => end;

    /// <summary>Whether more bits were used than the input has.</summary>
    public readonly bool IsOverrun => _missing * 8 > Count;

    /// <summary>Makes at least 56 bits available, byte by byte.</summary>
    public void Fill()
    {
        while (Count < 56)
        {
            if (Next < end)
                Bits |= (ulong)*Next++ << Count;
            else
                _missing++;
            Count += 8;
        }
    }

    /// <summary>
    /// Takes <paramref name="count"/> bits (at most 16) that <see cref="Fill"/> has made available.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Take(int count)
    {
        var value = (uint)Bits & ((1u << count) - 1);
        Drop(count);
        return value;
    }

    /// <summary>Drops bits that are available.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Drop(int count)
    {
        Bits >>= count;
        Count -= count;
    }

    /// <summary>
    /// Moves to the next byte boundary and returns unused look-ahead bytes; false when the input
    /// ended before.
    /// </summary>
    public bool TryAlign()
    {
        if (IsOverrun)
            return false;
        Next -= (Count >> 3) - _missing;
        Bits = 0;
        Count = 0;
        _missing = 0;
        return true;
    }
}
