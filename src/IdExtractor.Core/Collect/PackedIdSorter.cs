using System.Runtime.CompilerServices;

namespace IdExtractor.Core.Collect;

/// <summary>
/// Sorts packed ids in place. It splits them into up to 256 parts by the highest byte in which they
/// differ, then each part by the next byte, and sorts small parts by insertion. Two bytes that
/// differ only in their lower halves, as digits do, are handled in one pass. Reference
/// implementation: the framework's sort.
/// </summary>
/// <remarks>At most sixteen passes, whatever the ids are. Not stable.</remarks>
internal static class PackedIdSorter
{
    /// <summary>Parts of at most this size are sorted by insertion.</summary>
    private const int SmallPart = 24;

    private const int Buckets = 256;
    private const int BitsInByte = 8;
    private const int TopShift = 56;

    /// <summary>Sorts ascending.</summary>
    public static void Sort(Span<PackedId> ids)
    {
        if (ids.Length <= SmallPart)
        {
            SortByInsertion(ids);
            return;
        }

        // Bytes in which all ids agree, such as the letters before a number, need no pass.
        var (high, low) = (0UL, 0UL);
        foreach (var id in ids)
        {
            high |= id.High ^ ids[0].High;
            low |= id.Low ^ ids[0].Low;
        }

        if (high != 0)
            SortByPart<HighWord>(ids, high);
        else if (low != 0)
            SortByPart<LowWord>(ids, low);
    }

    /// <summary>
    /// Removes copies from sorted ids and returns the number of those that are left.
    /// </summary>
    public static int RemoveCopies(Span<PackedId> ids)
    {
        if (ids.IsEmpty)
            return 0;
        var kept = 1;
        for (var i = 1; i < ids.Length; i++)
        {
            ids[kept] = ids[i];
            kept += ids[i] != ids[kept - 1] ? 1 : 0;
        }

        return kept;
    }

    /// <param name="ids">Ids that differ in the word.</param>
    /// <param name="differences">The bits of the word in which they differ.</param>
    [SkipLocalsInit]
    private static void SortByPart<TWord>(Span<PackedId> ids, ulong differences)
        where TWord : struct, IWord
    {
        var shift = TopShift;
        while ((differences >> shift & (Buckets - 1)) == 0)
            shift -= BitsInByte;
        var isPair = shift >= BitsInByte && (differences >> (shift - BitsInByte) & 0xF0F0) == 0;
        if (isPair)
            shift -= BitsInByte;
        Span<int> ends = stackalloc int[Buckets];
        Span<int> next = stackalloc int[Buckets];
        ends.Clear();
        foreach (var id in ids)
            ends[PartOf(TWord.Of(id), shift, isPair)]++;
        for (int bucket = 0, start = 0; bucket < Buckets; bucket++)
        {
            next[bucket] = start;
            start += ends[bucket];
            ends[bucket] = start;
        }

        for (var bucket = 0; bucket < Buckets; bucket++)
        {
            while (next[bucket] < ends[bucket])
            {
                // Move the current id to its part, then the id it displaces, until one belongs
                // here.
                var id = ids[next[bucket]];
                for (int home; (home = PartOf(TWord.Of(id), shift, isPair)) != bucket;)
                {
                    var place = next[home]++;
                    (ids[place], id) = (id, ids[place]);
                }

                ids[next[bucket]++] = id;
            }
        }

        for (int bucket = 0, start = 0; bucket < Buckets; start = ends[bucket++])
        {
            if (ends[bucket] - start > 1)
                Sort(ids[start..ends[bucket]]);
        }
    }

    /// <summary>The byte at a shift, or the lower halves of two bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte PartOf(ulong word, int shift, bool isPair)
    {
        var part = word >> shift;
        return (byte)(isPair ? (part >> 4 & 0xF0) | (part & 0x0F) : part);
    }

    private static void SortByInsertion(Span<PackedId> ids)
    {
        for (var i = 1; i < ids.Length; i++)
        {
            var id = ids[i];
            var place = i;
            for (; place > 0 && id.IsBefore(ids[place - 1]); place--)
                ids[place] = ids[place - 1];
            ids[place] = id;
        }
    }

    /// <summary>One of the two numbers of a packed id, chosen when the sort is compiled.</summary>
    private interface IWord
    {
        static abstract ulong Of(PackedId id);
    }

    private readonly struct HighWord : IWord
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Of(PackedId id) => id.High;
    }

    private readonly struct LowWord : IWord
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Of(PackedId id) => id.Low;
    }
}
