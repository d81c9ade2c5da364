using System.Numerics;

namespace IdExtractor.Core.Parquet.Pages;

/// <summary>Counts the set levels of a flat column.</summary>
internal static class LevelCounter
{
    /// <summary>The number of ones among bytes that are 0 or 1.</summary>
    public static int CountSet(ReadOnlySpan<byte> levels)
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

        for (; i < levels.Length; i++)
            total += levels[i];
        return total;
    }
}
