using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using IdExtractor.Foundation.Kernels;
using IdExtractor.Parquet.Kernels;

namespace IdExtractor.Parquet.Encodings;

/// <summary>
/// Turns packed differences into values in place. Each value is the previous value, plus the
/// difference, plus the block's smallest difference. Sums wrap.
/// </summary>
/// <remarks>
/// Kernel <c>sum32</c>. Preconditions: none. Over-read: none. Aliasing: works in place. Benchmark:
/// <c>KernelBenchmarks</c>.
/// </remarks>
internal static class PrefixSum
{
    private static readonly bool s_sums32ByVectors = !KernelRegistry.Sum32.Uses(Kernel.Scalar);

    /// <summary>Sums 64-bit differences.</summary>
    /// <param name="deltas">Differences minus the smallest one; replaced by the values.</param>
    /// <param name="smallestDelta">The block's smallest difference.</param>
    /// <param name="last">The value before the first.</param>
    /// <returns>The last value.</returns>
    internal static long Accumulate(Span<long> deltas, long smallestDelta, long last)
    {
        for (var i = 0; i < deltas.Length; i++)
        {
            last += deltas[i] + smallestDelta;
            deltas[i] = last;
        }

        return last;
    }

    /// <summary>
    /// As <see cref="Accumulate(Span{long}, long, long)"/>, from 32-bit differences, which may be
    /// in the upper half of the values' own memory.
    /// </summary>
    /// <param name="deltas">Differences minus the smallest one.</param>
    /// <param name="values">Receives the values.</param>
    /// <param name="smallestDelta">The block's smallest difference.</param>
    /// <param name="last">The value before the first.</param>
    /// <returns>The last value.</returns>
    internal static long Accumulate(ReadOnlySpan<uint> deltas, Span<long> values, long smallestDelta, long last)
    {
        for (var i = 0; i < deltas.Length; i++)
        {
            last += deltas[i] + smallestDelta;
            values[i] = last;
        }

        return last;
    }

    /// <summary>Sums differences that all equal the smallest one.</summary>
    /// <param name="values">Receives the values.</param>
    /// <param name="smallestDelta">The difference.</param>
    /// <param name="last">The value before the first.</param>
    /// <returns>The last value.</returns>
    internal static T Repeat<T>(Span<T> values, T smallestDelta, T last)
        where T : struct, IBinaryInteger<T>
    {
        if (T.IsZero(smallestDelta))
        {
            values.Fill(last);
            return last;
        }

        for (var i = 0; i < values.Length; i++)
        {
            last = unchecked(last + smallestDelta);
            values[i] = last;
        }

        return last;
    }

    /// <summary>
    /// Sums 32-bit differences with the fastest variant that this machine supports.
    /// </summary>
    /// <param name="deltas">Differences minus the smallest one; replaced by the values.</param>
    /// <param name="smallestDelta">The block's smallest difference, modulo 2^32.</param>
    /// <param name="last">The value before the first.</param>
    /// <returns>The last value.</returns>
    internal static int Accumulate(Span<int> deltas, int smallestDelta, int last) =>
        s_sums32ByVectors ? AccumulateByVectors(deltas, smallestDelta, last) : AccumulateScalar(deltas, smallestDelta, last);

    /// <summary>Sums whole vectors, then the rest one at a time.</summary>
    internal static int AccumulateByVectors(Span<int> deltas, int smallestDelta, int last)
    {
        var whole = deltas.Length & -Vector128<int>.Count;
        last = AccumulateVector128(deltas[..whole], smallestDelta, last);
        return AccumulateScalar(deltas[whole..], smallestDelta, last);
    }

    /// <summary>
    /// The reference implementation of <see cref="Accumulate(Span{int}, int, int)"/>.
    /// </summary>
    internal static int AccumulateScalar(Span<int> deltas, int smallestDelta, int last)
    {
        for (var i = 0; i < deltas.Length; i++)
        {
            last += deltas[i] + smallestDelta;
            deltas[i] = last;
        }

        return last;
    }

    /// <summary>Sums four lanes in two steps, then adds the previous value.</summary>
    /// <param name="deltas">As above; a multiple of four.</param>
    /// <param name="smallestDelta">As above.</param>
    /// <param name="last">As above.</param>
    /// <returns>The last value.</returns>
    internal static int AccumulateVector128(Span<int> deltas, int smallestDelta, int last)
    {
        var step = Vector128.Create(smallestDelta);
        var carry = Vector128.Create(last);
        ref var at = ref MemoryMarshal.GetReference(deltas);
        for (nuint i = 0; i < (nuint)deltas.Length; i += (nuint)Vector128<int>.Count)
        {
            var sums = Vector128.LoadUnsafe(ref at, i) + step;
            sums += Vector128.Shuffle(sums, Vector128.Create(-1, 0, 1, 2));
            sums += Vector128.Shuffle(sums, Vector128.Create(-1, -1, 0, 1));
            sums += carry;
            sums.StoreUnsafe(ref at, i);
            carry = Vector128.Shuffle(sums, Vector128.Create(3, 3, 3, 3));
        }

        return carry[0];
    }
}
