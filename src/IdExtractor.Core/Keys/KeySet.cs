using System.Numerics;
using IdExtractor.Foundation.Hashing;
using IdExtractor.Foundation.Memory;

namespace IdExtractor.Core.Keys;

/// <summary>
/// The keys of Table A: an exact set of byte strings, with a filter in front. Up to a few hundred
/// thousand keys, the filter fits in the second-level cache. Immutable, so any number of threads
/// may read it.
/// </summary>
public sealed class KeySet
{
    /// <summary>
    /// With two bits set per key, about one document in a hundred passes a filter of this size by
    /// chance. Fewer bits would keep the filter of a million keys in the second-level cache, but
    /// cost more than they save: each chance pass needs dependent lookups in tables that are in no
    /// cache, while filter lookups are independent of each other (docs/performance.md).
    /// </summary>
    private const int FilterBitsPerKey = 16;

    /// <summary>The largest filter: 128 MiB.</summary>
    private const ulong MaxFilterBits = 1UL << 30;

    private readonly byte[] _bytes;
    private readonly int[] _starts;
    private readonly ulong[] _slots;
    private readonly ulong[] _filter;
    private readonly int _filterShift;

    /// <param name="bytes">The keys, one after another.</param>
    /// <param name="starts">Where each key begins, and where the last one ends; may be
    /// longer.</param>
    /// <param name="hashes">The hash per key; may be longer.</param>
    /// <param name="slots">Per key its <see cref="HashSlot"/>, at the key's hash or in the next
    /// free slot after it; <see cref="SlotsFor"/> gives the length.</param>
    /// <param name="count">The number of keys.</param>
    internal KeySet(byte[] bytes, int[] starts, ulong[] hashes, ulong[] slots, int count)
    {
        _bytes = bytes;
        _starts = starts;
        _slots = slots;
        Count = count;
        var filterBits = FilterBits(count);
        _filter = new ulong[filterBits / 64];
        _filterShift = 64 - BitOperations.Log2((uint)filterBits / 64);
        FillFilter(hashes);
    }

    /// <summary>
    /// Approximate memory for this many keys, in bytes: their text, twice because it may grow, and
    /// per key the tables of builder, set and numbers, and the filter.
    /// </summary>
    internal static long BytesFor(long count, long textBytes) => (textBytes * 2) + (count * 100);

    /// <summary>Approximate memory of this set, in bytes.</summary>
    internal long MemoryBytes => BytesFor(Count, _bytes.Length);

    /// <summary>Number of distinct keys.</summary>
    public int Count { get; }

    /// <summary>
    /// Bit n is set when some key has n bytes, for n below 63; bit 63 covers all longer keys.
    /// </summary>
    public ulong LengthMask { get; private set; }

    /// <summary>
    /// Two bits per key, in one word. The top bits of the key's hash choose the word; the next six
    /// bits, and the six after them, choose the two bits. A document whose bits are not both set is
    /// not a key.
    /// </summary>
    internal ulong[] Filter => _filter;

    /// <summary>
    /// The right shift that turns a hash into the index of its word in <see cref="Filter"/>; at
    /// least 12.
    /// </summary>
    internal int FilterShift => _filterShift;

    /// <summary>
    /// Number of slots for this many keys: a power of two that leaves at least half of them empty.
    /// </summary>
    internal static int SlotsFor(int keys) => (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(keys * 2L, 16));

    /// <summary>The part of a key's hash that a <see cref="HashSlot"/> stores.</summary>
    internal static uint Tag(ulong hash) => (uint)(hash >> 32);

    /// <summary>The slot where the search for a hash begins.</summary>
    internal static int SlotOf(ulong hash, int slots) => (int)Tag(hash) & (slots - 1);

    /// <summary>One of the keys.</summary>
    /// <param name="index">0 up to <see cref="Count"/> - 1.</param>
    public ReadOnlySpan<byte> this[int index] => _bytes.AsSpan(_starts[index].._starts[index + 1]);

    /// <summary>Returns whether the document equals a key, byte for byte.</summary>
    public bool Contains(ReadOnlySpan<byte> document)
    {
        if ((LengthMask >> Math.Min(document.Length, 63) & 1) == 0)
            return false;
        return Contains(document, KeyHash.Of(document));
    }

    /// <summary>Returns whether the document with this hash is a key.</summary>
    internal bool Contains(ReadOnlySpan<byte> document, ulong hash)
    {
        if (!MayContain(hash))
            return false;
        var mask = _slots.Length - 1;
        for (var slot = SlotOf(hash, _slots.Length); ; slot = (slot + 1) & mask)
        {
            var entry = _slots[slot];
            if (entry == 0)
                return false;
            if (HashSlot.Hash(entry) == Tag(hash) && this[HashSlot.Index(entry)].SequenceEqual(document))
                return true;
        }
    }

    /// <summary>
    /// Prefetches the lookup of a document with this hash in two steps: the slot where it begins
    /// and, once that is in the cache, the key that the slot names. No key may be empty.
    /// </summary>
    internal void AnnounceSlot(ulong hash) => Prefetch.Near(in _slots[SlotOf(hash, _slots.Length)]);

    /// <inheritdoc cref="AnnounceSlot"/>
    internal void AnnounceKey(ulong hash)
    {
        var entry = _slots[SlotOf(hash, _slots.Length)];
        if (entry != 0 && HashSlot.Hash(entry) == Tag(hash))
            Prefetch.Near(in _bytes[_starts[HashSlot.Index(entry)]]);
    }

    /// <summary>False when no key has this hash.</summary>
    internal bool MayContain(ulong hash)
    {
        var wanted = FilterBitsOf(hash);
        return (_filter[hash >> _filterShift] & wanted) == wanted;
    }

    private ulong FilterBitsOf(ulong hash) => 1UL << (int)(hash >> (_filterShift - 6)) | 1UL << (int)(hash >> (_filterShift - 12));

    private static int FilterBits(int count) => (int)Math.Min(BitOperations.RoundUpToPowerOf2((ulong)Math.Max(count, 64) * FilterBitsPerKey), MaxFilterBits);

    private void FillFilter(ulong[] hashes)
    {
        for (var key = 0; key < Count; key++)
        {
            _filter[hashes[key] >> _filterShift] |= FilterBitsOf(hashes[key]);
            LengthMask |= 1UL << Math.Min(_starts[key + 1] - _starts[key], 63);
        }
    }
}
