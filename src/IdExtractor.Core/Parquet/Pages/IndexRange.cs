using System.Numerics;
using System.Runtime.InteropServices;

namespace IdExtractor.Core.Parquet.Pages;

/// <summary>The bounds check of dictionary indices, a vector at a time.</summary>
internal static class IndexRange
{
    /// <summary>Tells whether any index is negative or not below <paramref name="count"/>.</summary>
    public static bool Exceeds(ReadOnlySpan<int> indices, int count)
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
}
