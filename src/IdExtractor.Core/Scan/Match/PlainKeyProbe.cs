using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using IdExtractor.Core.Keys;
using IdExtractor.Foundation.Kernels;
using IdExtractor.Foundation.Memory;
using IdExtractor.Parquet.Kernels;
using IdExtractor.Parquet.Pages;

namespace IdExtractor.Core.Scan.Match;

/// <summary>
/// Looks up PLAIN byte arrays (a 4-byte length, then the bytes) in a key set without copying them.
/// The first pass lists the values that the filter lets through, without a branch per value; the
/// second pass looks them up in the set. Immutable, except for the caller's lists.
/// </summary>
/// <remarks>
/// Kernel <c>probe</c>. Preconditions: for the filter, every key has 8 to 16 bytes; room for
/// <see cref="MaxValues"/> hits and candidates; lengths are not trusted. Over-read: up to 8 bytes
/// past the end. Aliasing: values, hits and candidates must not overlap; hits and candidates behind
/// the last one are overwritten. Benchmark: <c>KeyProbeBenchmarks</c>, <c>KernelBenchmarks</c>.
/// <para>
/// Kernel <c>probe-view</c>. Preconditions: for the filter, every key has 8 to 16 bytes; a place
/// for every value; offsets and lengths have been checked. Over-read: up to 8 bytes past the end of
/// a value. Aliasing: as above. Benchmark: <c>KeyProbeBenchmarks</c>, <c>KernelBenchmarks</c>.
/// </para>
/// </remarks>
internal sealed unsafe class PlainKeyProbe
{
    /// <summary>Maximum number of values per call.</summary>
    public const int MaxValues = 4096;

    private const int PrefixSize = sizeof(int);
    private const int Block = 8;

    /// <summary>Candidates that are prefetched before the one that is looked up.</summary>
    private const int Lead = 16;

    /// <summary>
    /// Blocks of values whose words of a far filter are prefetched before the one that is filtered.
    /// </summary>
    private const int LeadBlocks = 3;

    /// <summary>
    /// A filter of so many words, 1 MiB, no longer shares the second-level cache with the values.
    /// </summary>
    private const int FarFilterWords = 1 << 17;

    /// <summary>Lengths for which the hash is two loads: 8 to 16 bytes.</summary>
    private const ulong FastLengths = 0x1FF00;

    private const int MaxWalk = 256;

    /// <summary>
    /// A guess that finds fewer blocks of the common length has cost more than it saved.
    /// </summary>
    private const int PayingBlocks = 4;

    // Both ends of such a value can be loaded, and its length is a bit of the mask.
    private const int ShortestUsual = sizeof(ulong);
    private const int LongestUsual = 63;

    private readonly KeySet _keys;
    private readonly ulong[] _filter;
    private readonly int _shift;
    private readonly ulong _lengthMask;
    private readonly nint _stride;
    private readonly int _lead;
    private readonly bool _filters;
    private readonly bool _filtersView;

    public PlainKeyProbe(KeySet keys)
    {
        _keys = keys;
        _filter = keys.Filter;
        _shift = keys.FilterShift;
        _lengthMask = keys.LengthMask;
        _stride = PrefixSize + Math.Max(BitOperations.Log2(_lengthMask | 1), 8);
        _lead = FilterLead(_filter) / Block;
        FitsFilter = (_lengthMask & ~FastLengths) == 0;
        _filters = FitsFilter && !KernelRegistry.Probe.Uses(Kernel.Scalar);
        _filtersView = FitsFilter && !KernelRegistry.ProbeView.Uses(Kernel.Scalar);
    }

    /// <summary>
    /// True when every key has 8 to 16 bytes, so that the first pass applies; otherwise, each value
    /// is looked up by itself.
    /// </summary>
    public bool FitsFilter { get; }

    /// <summary>
    /// Values whose words of a filter are prefetched before the one that is filtered; 0 for a
    /// filter in a near cache, where that costs more than it saves.
    /// </summary>
    internal static int FilterLead(ulong[] filter) => filter.Length >= FarFilterWords ? LeadBlocks * Block : 0;

    /// <summary>
    /// Looks up the complete values at the start of <paramref name="data"/>, up to
    /// <paramref name="maxValues"/> of them.
    /// </summary>
    /// <param name="data">Points to a length prefix. Up to 8 bytes after the end may be
    /// read.</param>
    /// <param name="length">Number of bytes that hold values.</param>
    /// <param name="maxValues">At most <see cref="MaxValues"/>.</param>
    /// <param name="hits">Receives the positions of the keys among the values, ascending; must have
    /// room for <see cref="MaxValues"/>.</param>
    /// <param name="candidates">Scratch; must have room for <see cref="MaxValues"/>.</param>
    /// <param name="values">Number of values looked up.</param>
    /// <param name="bytes">Number of bytes that they occupy.</param>
    /// <returns>The number of keys among them.</returns>
    public int Probe(byte* data, int length, int maxValues, Span<int> hits, Span<long> candidates, out int values, out int bytes) =>
        _filters
        ? ProbeByFilter(data, length, maxValues, hits, candidates, out values, out bytes)
        : ProbeEach(data, length, maxValues, hits, out values, out bytes);

    /// <summary>
    /// The same for values of a batch or a dictionary, wherever they are in memory. Up to 8 bytes
    /// after the end of a value may be read.
    /// </summary>
    /// <param name="values">The values.</param>
    /// <param name="hits">Receives the positions of the keys among them, ascending; at least as
    /// long as <paramref name="values"/>.</param>
    /// <returns>The number of keys among them.</returns>
    public int Probe(in ValueView values, Span<int> hits) => _filtersView ? ProbeByFilter(values, hits) : ProbeEach(values, hits);

    /// <summary>
    /// Applies the filter, then looks its candidates up in the set. Only when
    /// <see cref="FitsFilter"/>.
    /// </summary>
    internal int ProbeByFilter(byte* data, int length, int maxValues, Span<int> hits, Span<long> candidates, out int values, out int bytes)
    {
        candidates = candidates[..FilterValues(data, length, maxValues, candidates, out values, out bytes)];
        for (var i = 0; i < Math.Min(Lead, candidates.Length); i++)
            PrefetchKey(ValueAt(data, candidates[i]));
        var count = 0;
        for (var i = 0; i < candidates.Length; i++)
        {
            if (i + Lead < candidates.Length)
                PrefetchKey(ValueAt(data, candidates[i + Lead]));
            hits[count] = (int)candidates[i];
            count += IsKey(ValueAt(data, candidates[i])) ? 1 : 0;
        }

        return count;
    }

    /// <summary>
    /// Applies the filter, then looks its candidates up in the set. Only when
    /// <see cref="FitsFilter"/>.
    /// </summary>
    internal int ProbeByFilter(in ValueView values, Span<int> hits)
    {
        var candidates = FilterView(values, hits);
        for (var i = 0; i < Math.Min(Lead, candidates); i++)
            PrefetchKey(values[hits[i]]);
        var count = 0;
        for (var i = 0; i < candidates; i++)
        {
            if (i + Lead < candidates)
                PrefetchKey(values[hits[i + Lead]]);
            var hit = hits[i];
            hits[count] = hit;
            count += IsKey(values[hit]) ? 1 : 0;
        }

        return count;
    }

    /// <summary>The reference implementation: looks up value by value.</summary>
    internal int ProbeEach(byte* data, int length, int maxValues, Span<int> hits, out int values, out int bytes)
    {
        var count = 0;
        values = 0;
        bytes = 0;
        while (values < maxValues && TryReadLength(data + bytes, length - bytes, out var valueLength))
        {
            hits[count] = values;
            count += _keys.Contains(new ReadOnlySpan<byte>(data + bytes + PrefixSize, valueLength)) ? 1 : 0;
            bytes += PrefixSize + valueLength;
            values++;
        }

        return count;
    }

    /// <summary>The reference implementation: looks up value by value.</summary>
    internal int ProbeEach(in ValueView values, Span<int> hits)
    {
        var count = 0;
        for (var i = 0; i < values.Count; i++)
        {
            hits[count] = i;
            count += _keys.Contains(values[i]) ? 1 : 0;
        }

        return count;
    }

    /// <summary>The value of an entry of the list.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ReadOnlySpan<byte> ValueAt(byte* data, long candidate)
    {
        var at = data + (candidate >> 32);
        return new(at + PrefixSize, *(int*)at);
    }

    /// <summary>Prefetches the lookup of a value that the filter let through.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void PrefetchKey(ReadOnlySpan<byte> value) => _keys.Prefetch(HeadOf(value), TailOf(value), value.Length);

    /// <summary>Looks up a value that the filter let through, so it has 8 to 16 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsKey(ReadOnlySpan<byte> value) => _keys.IsKey(HeadOf(value), TailOf(value), value);

    private static ulong HeadOf(ReadOnlySpan<byte> value) => Unsafe.ReadUnaligned<ulong>(ref MemoryMarshal.GetReference(value));

    private static ulong TailOf(ReadOnlySpan<byte> value) =>
        Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref MemoryMarshal.GetReference(value), value.Length - sizeof(ulong)));

    private static bool TryReadLength(byte* at, int room, out int length)
    {
        length = 0;
        if (room < PrefixSize)
            return false;
        var stored = Unsafe.ReadUnaligned<uint>(at);
        length = (int)stored;
        return stored <= (uint)(room - PrefixSize);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private int FilterValues(byte* data, int length, int maxValues, Span<long> candidates, out int values, out int bytes)
    {
        fixed (long* list = candidates)
        fixed (ulong* filter = _filter)
        {
            var shift = _shift;
            var mask = _lengthMask;
            var at = data;
            var end = data + length;
            var seen = 0;
            nint count = 0;
            var walk = Block;
            while (seen < maxValues)
            {
                // Where lengths repeat, positions are known in advance and values do not wait for
                // one another.
                var blocks = FilterBlocks(
                    at, Candidate(at - data, seen), Math.Min((maxValues - seen) / Block, (int)((end - at) / (Block * _stride))),
                    list + count, filter, out var found);
                if (blocks > 0)
                {
                    count += found;
                    seen += blocks * Block;
                    at += blocks * Block * _stride;
                    if (blocks >= PayingBlocks)
                        walk = Block;
                }

                for (var stop = Math.Min(seen + walk, maxValues); seen < stop; seen++)
                {
                    at = FilterUsual(at, end, Candidate(at - data, seen), stop - seen, list + count, filter, out var walked, out found);
                    count += found;
                    seen += walked;
                    if (seen == stop)
                        break;
                    if (!TryReadLength(at, (int)(end - at), out var valueLength))
                    {
                        maxValues = seen;
                        break;
                    }

                    var value = at + PrefixSize;
                    list[count] = Candidate(at - data, seen);
                    var hash = KeyHash.Of(*(ulong*)value, *(ulong*)(value + Math.Max(valueLength, 8) - 8));
                    count += PassesFilter(filter, hash, shift) & (nint)(mask >> Math.Min(valueLength, 63));
                    at = value + valueLength;
                }

                // Where they do not, guessing costs more than it saves: guess less and less often.
                walk = Math.Min(walk * 2, MaxWalk);
            }

            values = seen;
            bytes = (int)(at - data);
            return (int)count;
        }
    }

    /// <summary>Filters blocks of values that are all of the common length.</summary>
    /// <param name="at">The first value's length prefix.</param>
    /// <param name="candidate">The list entry of the first value.</param>
    /// <param name="blocks">Maximum number of blocks; all their bytes are present if all lengths
    /// are the common one.</param>
    /// <param name="list">Receives the candidates; must have room for one per value.</param>
    /// <param name="filter">The filter.</param>
    /// <param name="found">Candidates found.</param>
    /// <returns>The number of blocks before the first one with another length.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private int FilterBlocks(byte* at, long candidate, int blocks, long* list, ulong* filter, out int found)
    {
        var shift = _shift;
        var stride = _stride;
        var length = (int)stride - PrefixSize;
        var step = Candidate(stride, 1);
        var next = list;
        var full = list;
        var left = blocks;
        var near = _lead > 0 ? _lead : blocks;
        for (; left > 0; left--)
        {
            if (left > near)
                PrefetchBlock(at + (near * Block * stride), stride, filter, shift);

            // A block that contains another length is discarded as a whole.
            var difference = 0;
            for (var stop = candidate + (Block * step); candidate != stop; candidate += step)
            {
                difference |= *(int*)at ^ length;
                *next = candidate;
                next += PassesFilter(filter, KeyHash.Of(*(ulong*)(at + PrefixSize), *(ulong*)(at + stride - 8)), shift);
                at += stride;
            }

            if (difference != 0)
                break;
            full = next;
        }

        found = (int)(full - list);
        return blocks - left;
    }

    /// <summary>
    /// Prefetches the words of a filter for a block of values of the common length.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PrefetchBlock(byte* at, nint stride, ulong* filter, int shift)
    {
        for (var stop = at + (Block * stride); at != stop; at += stride)
            Prefetch.Near(in filter[KeyHash.Of(*(ulong*)(at + PrefixSize), *(ulong*)(at + stride - 8)) >> shift]);
    }

    /// <summary>
    /// Filters values of any usual length, <see cref="ShortestUsual"/> to
    /// <see cref="LongestUsual"/> bytes. Stops at the first value of another length, or after the
    /// last one that is certain to be complete.
    /// </summary>
    /// <param name="at">The first value's length prefix.</param>
    /// <param name="end">The end of the values, exclusive.</param>
    /// <param name="candidate">The list entry of the first value.</param>
    /// <param name="most">Maximum number of values.</param>
    /// <param name="list">Receives the candidates; must have room for one per value.</param>
    /// <param name="filter">The filter.</param>
    /// <param name="seen">Number of values filtered.</param>
    /// <param name="found">Candidates found.</param>
    /// <returns>The address after the last value filtered.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private byte* FilterUsual(byte* at, byte* end, long candidate, int most, long* list, ulong* filter, out int seen, out int found)
    {
        var shift = _shift;
        var mask = _lengthMask;
        var next = list;
        var left = most;
        for (end -= PrefixSize + LongestUsual; left > 0 && at <= end; left--)
        {
            nuint length = *(uint*)at;
            if (length - ShortestUsual > LongestUsual - ShortestUsual)
                break;
            *next = candidate;
            at += PrefixSize;
            var head = *(ulong*)at;
            at += length;
            next += PassesFilter(filter, KeyHash.Of(head, *(ulong*)(at - sizeof(ulong))), shift) & (nint)(mask >> (int)length);
            candidate += Candidate((nint)length + PrefixSize, 1);
        }

        seen = most - left;
        found = (int)(next - list);
        return at;
    }

    /// <summary>
    /// A list entry: the offset of the value's length prefix and, in the low half, the value's
    /// position.
    /// </summary>
    private static long Candidate(long offset, int position) => offset << 32 | (uint)position;

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private int FilterView(in ValueView values, Span<int> hits)
    {
        fixed (int* hit = hits[..values.Count])
        fixed (ulong* filter = _filter)
        {
            var (shift, mask, width) = (_shift, _lengthMask, values.Width);
            byte* data = values.Data;
            int* offsets = values.Offsets, lengths = values.Lengths;
            nint count = 0;
            for (var i = 0; i < values.Count; i++)
            {
                var value = offsets == null ? data + ((nint)i * width) : data + offsets[i];
                var length = offsets == null ? width : lengths[i];
                var hash = KeyHash.Of(*(ulong*)value, *(ulong*)(value + Math.Max(length, 8) - 8));
                hit[count] = i;
                count += PassesFilter(filter, hash, shift) & (nint)(mask >> Math.Min(length, 63));
            }

            return (int)count;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint PassesFilter(ulong* filter, ulong hash, int shift)
    {
        var word = filter[hash >> shift];
        return (nint)(word >> (int)(hash >> (shift - 6)) & word >> (int)(hash >> (shift - 12))) & 1;
    }
}
