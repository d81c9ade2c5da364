using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace IdExtractor.Core.Parquet.Encodings;

/// <summary>
/// Joins only the values that somebody wants, and the last: what a value shares with those before it is gathered backwards, from the suffixes that hold it, to where nothing is shared any more.
/// The other values are held to the same rules by their lengths alone.
/// </summary>
internal ref partial struct PrefixJoiner
{
    /// <summary>Most values in one call of <see cref="TryJoinSome"/>.</summary>
    internal const int MostOfSome = 256;

    /// <summary>Lengths that need fewer bits can be added up in 32 bits, even all of one call.</summary>
    private const int LengthBitsOfSome = 22;

    /// <summary>
    /// Joins the wanted values and the last one. Where this cannot be done (a length is out of range or very large, or the wanted values do not fit the arena), nothing changes: <see cref="Join"/> does it, or
    /// names the error.
    /// </summary>
    /// <param name="offsets">Comes with the lengths of the prefixes, at most <see cref="MostOfSome"/>; leaves with where each value that was joined begins, the others mean nothing.</param>
    /// <param name="lengths">Comes with the lengths of the suffixes; leaves with those of the values that were joined, the others mean nothing.</param>
    /// <param name="wanted">The wanted values, ascending.</param>
    /// <param name="wantedBase">What <paramref name="wanted"/> counts the first value as.</param>
    /// <returns>Whether it was done.</returns>
    internal bool TryJoinSome(Span<int> offsets, Span<int> lengths, ReadOnlySpan<int> wanted, int wantedBase)
    {
        if (offsets.IsEmpty)
            return true;
        if (offsets.Length > MostOfSome || offsets[0] > Previous.Length || !AreSound(offsets, lengths, out var suffixes) || suffixes > _page.Length - SuffixPosition)
            return false;
        var last = offsets.Length - 1;
        long room = _arena.Length - ArenaUsed - offsets[last] - lengths[last];
        foreach (var position in wanted)
            room -= offsets[position - wantedBase] + lengths[position - wantedBase];
        if (room < 0)
            return false;

        var next = 0;
        foreach (var position in wanted)
        {
            JoinBackwards(next, position - wantedBase, offsets, lengths);
            next = position - wantedBase + 1;
        }

        if (next <= last)
            JoinBackwards(next, last, offsets, lengths);
        return true;
    }

    /// <summary>Joins one value of which those from <paramref name="next"/> on, behind the one joined last, have been passed over.</summary>
    private void JoinBackwards(int next, int index, Span<int> offsets, Span<int> lengths)
    {
        var position = SuffixPosition + Sum(lengths[next..index]);
        var needed = offsets[index];
        var suffix = lengths[index];
        var value = _arena.Slice(ArenaUsed, needed + suffix);
        _page.Slice(position, suffix).CopyTo(value[needed..]);
        SuffixPosition = position + suffix;
        for (var i = index - 1; needed > 0 && i >= next; i--)
        {
            position -= lengths[i];
            var shared = offsets[i];
            if (shared >= needed)
                continue;
            _page.Slice(position, needed - shared).CopyTo(value[shared..]);
            needed = shared;
        }

        Previous[..needed].CopyTo(value);
        offsets[index] = ArenaUsed;
        lengths[index] = value.Length;
        Previous = value;
        ArenaUsed += value.Length;
    }

    /// <summary>Tells whether no length is negative or very large and no prefix, but for the first, is longer than the value before it; adds up the suffixes.</summary>
    // Compiled whole at its first call, as the loop that joins.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static bool AreSound(ReadOnlySpan<int> prefixes, ReadOnlySpan<int> suffixes, out int suffixTotal)
    {
        if (!Vector128.IsHardwareAccelerated)
            return AreSoundScalar(prefixes, suffixes, out suffixTotal);
        ref var prefixAt = ref MemoryMarshal.GetReference(prefixes);
        ref var suffixAt = ref MemoryMarshal.GetReference(suffixes);
        var count = Math.Min(prefixes.Length, suffixes.Length);
        var bits = Vector128<int>.Zero;
        var tooLong = Vector128<int>.Zero;
        var total = Vector128<int>.Zero;
        var i = 0;
        for (; i + Vector128<int>.Count < count; i += Vector128<int>.Count)
        {
            var prefix = Vector128.LoadUnsafe(ref prefixAt, (nuint)i);
            var suffix = Vector128.LoadUnsafe(ref suffixAt, (nuint)i);
            bits |= prefix | suffix;
            total += suffix;
            tooLong |= Vector128.GreaterThan(Vector128.LoadUnsafe(ref prefixAt, (nuint)i + 1), prefix + suffix);
        }

        // The first of these has been compared with the one before it.
        var isSound = AreSoundScalar(prefixes[i..], suffixes[i..], out suffixTotal);
        suffixTotal += Vector128.Sum(total);
        bits = Vector128.ShiftRightLogical(bits, LengthBitsOfSome);
        return isSound && (bits | tooLong) == Vector128<int>.Zero;
    }

    /// <summary>The plain twin of <see cref="AreSound"/>.</summary>
    internal static bool AreSoundScalar(ReadOnlySpan<int> prefixes, ReadOnlySpan<int> suffixes, out int suffixTotal)
    {
        suffixTotal = 0;
        var isSound = true;
        for (var i = 0; i < prefixes.Length; i++)
        {
            isSound &= (uint)(prefixes[i] | suffixes[i]) >> LengthBitsOfSome == 0;
            isSound &= i == 0 || prefixes[i] <= unchecked(prefixes[i - 1] + suffixes[i - 1]);
            suffixTotal = unchecked(suffixTotal + suffixes[i]);
        }

        return isSound;
    }

    private static int Sum(ReadOnlySpan<int> lengths)
    {
        var sums = Vector128<int>.Zero;
        for (; lengths.Length >= Vector128<int>.Count; lengths = lengths[Vector128<int>.Count..])
            sums += Vector128.Create(lengths);
        var sum = Vector128.Sum(sums);
        foreach (var length in lengths)
            sum += length;
        return sum;
    }
}
