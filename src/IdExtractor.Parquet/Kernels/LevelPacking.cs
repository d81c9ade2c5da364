using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using IdExtractor.Foundation.Kernels;

namespace IdExtractor.Parquet.Kernels;

/// <summary>
/// Packs levels, one byte of 0 or 1 each, into one bit per row, so that rows can be skipped a word
/// at a time.
/// </summary>
/// <remarks>
/// Kernel <c>level-bits</c>. Preconditions: every byte is 0 or 1, and there is one word for every
/// 64 levels, rounded up. Over-read: none. Aliasing: levels and bits must not overlap. Benchmark:
/// <c>KernelBenchmarks</c>.
/// </remarks>
internal static class LevelPacking
{
    /// <summary>Rows per word.</summary>
    public const int BitsInWord = 64;

    private static readonly bool s_takesVectors = !KernelRegistry.LevelBitsOf.Uses(Kernel.Scalar);

    /// <summary>Words needed for the bits of <paramref name="rows"/> rows.</summary>
    public static int WordsFor(int rows) => (rows + BitsInWord - 1) / BitsInWord;

    /// <summary>Packs levels with the fastest variant that this machine supports.</summary>
    /// <param name="levels">The levels.</param>
    /// <param name="bits">
    /// Receives the bits, the first at the lowest bit of the first word; the rest of the last word
    /// is cleared.
    /// </param>
    public static void Pack(ReadOnlySpan<byte> levels, Span<ulong> bits)
    {
        Debug.Assert(bits.Length >= WordsFor(levels.Length), "There is no word for some levels.");
        Debug.Assert(!levels.ContainsAnyExceptInRange((byte)0, (byte)1), "A level is neither 0 nor 1.");
        if (s_takesVectors)
            PackByVectors(levels, bits);
        else
            PackScalar(levels, bits);
    }

    /// <summary>Compares 16 levels with 1 and takes the highest bit of every lane.</summary>
    internal static void PackByVectors(ReadOnlySpan<byte> levels, Span<ulong> bits)
    {
        var whole = levels.Length / BitsInWord;
        ref var from = ref MemoryMarshal.GetReference(levels);
        for (var word = 0; word < whole; word++)
        {
            var packed = 0UL;
            for (var i = 0; i < BitsInWord; i += Vector128<byte>.Count)
                packed |= (ulong)Vector128.Equals(
                    Vector128.LoadUnsafe(ref from, (nuint)((word * BitsInWord) + i)),
                    Vector128<byte>.One).ExtractMostSignificantBits() << i;
            bits[word] = packed;
        }

        PackScalar(levels[(whole * BitsInWord)..], bits[whole..]);
    }

    /// <summary>The reference implementation: one level at a time.</summary>
    internal static void PackScalar(ReadOnlySpan<byte> levels, Span<ulong> bits)
    {
        bits[..WordsFor(levels.Length)].Clear();
        for (var row = 0; row < levels.Length; row++)
            bits[row / BitsInWord] |= (ulong)levels[row] << row;
    }
}
