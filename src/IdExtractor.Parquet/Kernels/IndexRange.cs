using System.Numerics;
using System.Runtime.InteropServices;
using IdExtractor.Foundation.Kernels;

namespace IdExtractor.Parquet.Kernels;

/// <summary>The bounds check of dictionary indices, one vector at a time.</summary>
/// <remarks>
/// Kernel <c>index-range</c>. Preconditions: none. Over-read: none. Aliasing: reads only.
/// Benchmark: <c>KernelBenchmarks</c>.
/// </remarks>
internal static class IndexRange
{
    private static readonly bool s_takesVectors = !KernelRegistry.IndexBounds.Uses(Kernel.Scalar);

    /// <summary>
    /// Whether any index is negative or not below <paramref name="count"/>, with the fastest
    /// variant that this machine supports.
    /// </summary>
    public static bool Exceeds(ReadOnlySpan<int> indices, int count) =>
        s_takesVectors ? ExceedsByVectors(indices, count) : ExceedsScalar(indices, count);

    /// <summary>Computes the maximum of each lane, then the maximum of all lanes.</summary>
    internal static bool ExceedsByVectors(ReadOnlySpan<int> indices, int count)
    {
        var most = Vector<uint>.Zero;
        var words = MemoryMarshal.Cast<int, uint>(indices);
        var i = 0;
        for (; i <= words.Length - Vector<uint>.Count; i += Vector<uint>.Count)
            most = Vector.Max(most, new Vector<uint>(words[i..]));
        var largest = 0u;
        for (var lane = 0; lane < Vector<uint>.Count; lane++)
            largest = Math.Max(largest, most[lane]);
        for (; i < words.Length; i++)
            largest = Math.Max(largest, words[i]);
        return indices.Length > 0 && largest >= (uint)count;
    }

    /// <summary>The reference implementation: one index at a time.</summary>
    internal static bool ExceedsScalar(ReadOnlySpan<int> indices, int count)
    {
        foreach (var index in indices)
        {
            if ((uint)index >= (uint)count)
                return true;
        }

        return false;
    }
}
