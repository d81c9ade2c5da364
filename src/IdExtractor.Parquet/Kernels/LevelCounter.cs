using System.Diagnostics;
using System.Numerics;
using IdExtractor.Foundation.Kernels;

namespace IdExtractor.Parquet.Kernels;

/// <summary>Counts the set levels of a flat column.</summary>
/// <remarks>
/// Kernel <c>level-count</c>. Preconditions: every byte is 0 or 1. Over-read: none. Aliasing: reads
/// only. Benchmark: <c>KernelBenchmarks</c>.
/// </remarks>
internal static class LevelCounter
{
    private static readonly bool s_takesVectors = !KernelRegistry.LevelCount.Uses(Kernel.Scalar);

    /// <summary>
    /// The number of ones among bytes that are 0 or 1, with the fastest variant that this machine
    /// supports.
    /// </summary>
    public static int CountSet(ReadOnlySpan<byte> levels)
    {
        Debug.Assert(!levels.ContainsAnyExceptInRange((byte)0, (byte)1), "A level is neither 0 nor 1.");
        return s_takesVectors ? CountByVectors(levels) : CountScalar(levels);
    }

    /// <summary>Sums in byte lanes, which are widened before they can overflow.</summary>
    internal static int CountByVectors(ReadOnlySpan<byte> levels)
    {
        var total = 0;
        var i = 0;
        while (i <= levels.Length - Vector<byte>.Count)
        {
            // A byte lane holds up to 255 additions.
            var rounds = Math.Min(255, (levels.Length - i) / Vector<byte>.Count);
            var lanes = Vector<byte>.Zero;
            for (var round = 0; round < rounds; round++, i += Vector<byte>.Count)
                lanes += new Vector<byte>(levels[i..]);
            Vector.Widen(lanes, out var low, out var high);
            total += Vector.Sum(low) + Vector.Sum(high);
        }

        return total + CountScalar(levels[i..]);
    }

    /// <summary>The reference implementation: one level at a time.</summary>
    internal static int CountScalar(ReadOnlySpan<byte> levels)
    {
        var total = 0;
        foreach (var level in levels)
            total += level;
        return total;
    }
}
