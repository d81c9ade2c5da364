using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using IdExtractor.Foundation.Kernels;

namespace IdExtractor.Parquet.Kernels;

/// <summary>
/// Finds the positions of the indices whose dictionary entry is marked, with one bit per entry.
/// </summary>
/// <remarks>
/// Kernel <c>lookup</c>. Preconditions: every index is inside the bits (<see cref="IndexRange"/>),
/// and there is a place for every index. Over-read: none. Aliasing: indices and places must not
/// overlap; places after the last one found are overwritten. Benchmark: <c>KernelBenchmarks</c>.
/// </remarks>
internal static class DictionaryLookup
{
    /// <summary>Entries per word of the marks.</summary>
    public const int BitsInWord = 64;

    private static readonly bool s_isBranchless = !KernelRegistry.Lookup.Uses(Kernel.Scalar);

    /// <summary>
    /// Writes the positions of the indices whose entries are marked, ascending, with the fastest
    /// variant that this machine supports.
    /// </summary>
    /// <param name="indices">Positions in the dictionary.</param>
    /// <param name="marks">One bit per entry.</param>
    /// <param name="places">Receives the positions; as long as <paramref name="indices"/>.</param>
    /// <returns>How many were found.</returns>
    public static int Find(ReadOnlySpan<int> indices, ReadOnlySpan<ulong> marks, Span<int> places)
    {
        Debug.Assert(places.Length >= indices.Length, "There is no place for some positions.");
        Debug.Assert(!IndexRange.ExceedsScalar(indices, marks.Length * 64), "An index lies outside the bits.");
        return s_isBranchless ? FindBranchless(indices, marks, places) : FindScalar(indices, marks, places);
    }

    /// <summary>
    /// Writes every position and keeps those that count. A branch per index would be unpredictable.
    /// </summary>
    internal static int FindBranchless(ReadOnlySpan<int> indices, ReadOnlySpan<ulong> marks, Span<int> places)
    {
        ref var index = ref MemoryMarshal.GetReference(indices);
        ref var mark = ref MemoryMarshal.GetReference(marks);
        ref var place = ref MemoryMarshal.GetReference(places[..indices.Length]);
        nint count = 0;
        for (nint i = 0; i < indices.Length; i++)
        {
            var entry = Unsafe.Add(ref index, i);
            Unsafe.Add(ref place, count) = (int)i;
            count += (nint)(Unsafe.Add(ref mark, (nint)((uint)entry / BitsInWord)) >> entry) & 1;
        }

        return (int)count;
    }

    /// <summary>The reference implementation: one index at a time.</summary>
    internal static int FindScalar(ReadOnlySpan<int> indices, ReadOnlySpan<ulong> marks, Span<int> places)
    {
        var count = 0;
        for (var i = 0; i < indices.Length; i++)
        {
            if ((marks[indices[i] / BitsInWord] >> indices[i] & 1) != 0)
                places[count++] = i;
        }

        return count;
    }
}
