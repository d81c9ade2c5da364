using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using IdExtractor.Foundation.Kernels;

namespace IdExtractor.Parquet.Kernels;

/// <summary>From indices to the places of those whose dictionary entry is marked, by a bit an entry.</summary>
/// <remarks>
/// Kernel <c>lookup</c>. Preconditions: every index is inside the bits (<see cref="IndexRange"/>), and there is a place for every index. Over-read: none. Aliasing: indices and places must not
/// overlap; places behind the last one found are overwritten. Benchmark: <c>KernelBenchmarks</c>.
/// </remarks>
internal static class DictionaryLookup
{
    /// <summary>Entries in a word of the marks.</summary>
    public const int BitsInWord = 64;

    private static readonly bool s_isBranchless = !KernelRegistry.Lookup.Uses(Kernel.Scalar);

    /// <summary>Writes the places of the indices whose entries are marked, ascending, by the fastest variant that this machine has.</summary>
    /// <param name="indices">Positions in the dictionary.</param>
    /// <param name="marks">A bit an entry.</param>
    /// <param name="places">As long as there are indices.</param>
    /// <returns>How many there are.</returns>
    public static int Find(ReadOnlySpan<int> indices, ReadOnlySpan<ulong> marks, Span<int> places) =>
        s_isBranchless ? FindBranchless(indices, marks, places) : FindScalar(indices, marks, places);

    /// <summary>Writes every place and keeps those that count: no branch an index, whose outcome nobody can guess.</summary>
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

    /// <summary>The plain twin: index after index.</summary>
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
