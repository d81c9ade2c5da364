using System.Numerics;
using IdExtractor.Foundation.Hashing;
using IdExtractor.Foundation.Memory;

namespace IdExtractor.Core.Keys;

/// <summary>
/// The keys of Table A: an exact set of byte strings, with a filter in front that fits the second-level cache up to some hundred thousand keys. Immutable, so any number of threads may ask it.
/// </summary>
public sealed class KeySet
{
    /// <summary>
    /// With two bits set a key, about one document in a hundred passes a filter of this many bits a key by chance. Fewer bits would keep the filter of a million keys in the second-level cache, and cost
    /// more than they save: what passes by chance has to be looked up in tables that are in no cache, one after another, while looks at the filter do not wait for each other (docs/performance.md).
    /// </summary>
    private const int FilterBitsPerKey = 16;

    /// <summary>The largest filter, of 128 MiB.</summary>
    private const ulong MaxFilterBits = 1UL << 30;

    private readonly byte[] _bytes;
    private readonly int[] _starts;
    private readonly ulong[] _slots;
    private readonly ulong[] _filter;
    private readonly int _filterShift;

    /// <param name="bytes">The keys one after the other.</param>
    /// <param name="starts">Where each begins, and where the last ends; may be longer.</param>
    /// <param name="hashes">The hash of each; may be longer.</param>
    /// <param name="slots">At the hash of each key, or where there is room behind it, its <see cref="HashSlot"/>; <see cref="SlotsFor"/> of length.</param>
    /// <param name="count">How many keys there are.</param>
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

    /// <summary>About what so many keys take, in bytes: their text, once more while it grows, and per key the tables of builder, set and numbers, and the filter.</summary>
    internal static long BytesFor(long count, long textBytes) => (textBytes * 2) + (count * 100);

    /// <summary>About what this set takes, in bytes.</summary>
    internal long MemoryBytes => BytesFor(Count, _bytes.Length);

    /// <summary>Distinct keys.</summary>
    public int Count { get; }

    /// <summary>Bit n is set when some key has n bytes, for n below 63; bit 63 stands for all longer ones.</summary>
    public ulong LengthMask { get; private set; }

    /// <summary>
    /// Two bits a key, in one word: the top bits of the key's hash choose the word, the next six and the six after them the bits. A document whose bits are not both set is no key.
    /// </summary>
    internal ulong[] Filter => _filter;

    /// <summary>How far to shift a hash to the right to get its word in <see cref="Filter"/>; at least 12.</summary>
    internal int FilterShift => _filterShift;

    /// <summary>Slots for some keys: a power of two, at least half of which stay empty.</summary>
    internal static int SlotsFor(int keys) => (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(keys * 2L, 16));

    /// <summary>What a <see cref="HashSlot"/> holds of a key's hash.</summary>
    internal static uint Tag(ulong hash) => (uint)(hash >> 32);

    /// <summary>The slot where the search for a hash begins.</summary>
    internal static int SlotOf(ulong hash, int slots) => (int)Tag(hash) & (slots - 1);

    /// <summary>One of the keys.</summary>
    /// <param name="index">0 up to <see cref="Count"/> - 1.</param>
    public ReadOnlySpan<byte> this[int index] => _bytes.AsSpan(_starts[index].._starts[index + 1]);

    /// <summary>Tells whether the document is a key, byte for byte.</summary>
    public bool Contains(ReadOnlySpan<byte> document)
    {
        if ((LengthMask >> Math.Min(document.Length, 63) & 1) == 0)
            return false;
        return Contains(document, KeyHash.Of(document));
    }

    /// <summary>Tells whether the document of this hash is a key.</summary>
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

    /// <summary>Announces a look for the document of this hash, in two steps: the slot where it begins, and, once that is near, the key that it names. No key may be empty.</summary>
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
