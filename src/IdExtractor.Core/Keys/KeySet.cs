using System.Numerics;
using System.Runtime.CompilerServices;
using IdExtractor.Foundation.Hashing;
using IdExtractor.Foundation.Memory;

namespace IdExtractor.Core.Keys;

/// <summary>
/// The keys of Table A: an exact set of byte strings, with a filter in front. Keys of 8 to 16
/// digits take one word each; other keys are stored as they are. Up to a few hundred thousand keys,
/// the filter fits in the second-level cache. Immutable, so any number of threads may read it.
/// </summary>
public sealed class KeySet
{
    /// <summary>
    /// With two bits set per key, about one document in a hundred passes a filter of this size by
    /// chance. Fewer bits would keep the filter of a million keys in the second-level cache, but
    /// cost more than they save: each chance pass needs a lookup in tables that are in no cache,
    /// while filter lookups are independent of each other (docs/performance.md).
    /// </summary>
    private const int FilterBitsPerKey = 16;

    private const int FewestForFilter = 64;

    /// <summary>The largest filter: 128 MiB.</summary>
    private const ulong MaxFilterBits = 1UL << 30;

    private const int LongestMasked = 63;

    private readonly DigitKeys _digits;
    private readonly TextKeys _texts;
    private readonly ulong[] _filter;
    private readonly int _filterShift;
    private bool _hasBounds;

    /// <param name="digits">The keys of 8 to 16 digits. No key may be added any more.</param>
    /// <param name="texts">All other keys, likewise.</param>
    internal KeySet(DigitKeys digits, TextKeys texts)
    {
        _digits = digits;
        _texts = texts;
        Count = digits.Count + texts.Count;
        var filterBits = FilterBits(Count);
        _filter = ZeroedArray.Create<ulong>(filterBits / 64);
        _filterShift = 64 - BitOperations.Log2((uint)filterBits / 64);
        for (var length = PackedDigits.ShortestText; length <= PackedDigits.LongestText; length++)
        {
            if (digits.OfLength(length) is { } words)
                AddToFilter(words, length);
        }

        for (var i = 0; i < texts.Count; i++)
        {
            AddToFilter(KeyHash.Of(texts[i]), texts[i].Length);
            AddToBounds(texts[i]);
        }
    }

    /// <summary>Number of distinct keys.</summary>
    public int Count { get; }

    /// <summary>
    /// Bit n is set when some key has n bytes, for n below 63; bit 63 covers all longer keys.
    /// </summary>
    public ulong LengthMask { get; private set; }

    /// <summary>The first key in byte order; empty without keys.</summary>
    internal byte[] Smallest { get; private set; } = [];

    /// <summary>The last key in byte order; empty without keys.</summary>
    internal byte[] Largest { get; private set; } = [];

    /// <summary>The keys of 8 to 16 digits.</summary>
    internal DigitKeys Digits => _digits;

    /// <summary>All other keys.</summary>
    internal TextKeys Texts => _texts;

    /// <summary>Approximate memory of this set, and of what a scan makes of it, in bytes.</summary>
    internal long MemoryBytes => _digits.Bytes + _texts.Bytes + DerivedBytes(Count);

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
    /// Memory of the filter of this many keys, and of the keys as numbers, in bytes.
    /// </summary>
    internal static long DerivedBytes(int count) => (FilterBits(count) / 8) + NumberSet.BytesFor(count);

    /// <summary>Returns whether the document equals a key, byte for byte.</summary>
    public bool Contains(ReadOnlySpan<byte> document)
    {
        if ((LengthMask >> Math.Min(document.Length, LongestMasked) & 1) == 0)
            return false;
        var hash = KeyHash.Of(document);
        return MayContain(hash) && IsKey(document, hash);
    }

    /// <summary>The keys, in no useful order.</summary>
    public KeyEnumerator GetEnumerator() => new(_digits, _texts);

    /// <summary>
    /// Returns whether a document is a key, without asking the filter first.
    /// </summary>
    internal bool IsKey(ReadOnlySpan<byte> document, ulong hash) => PackedDigits.TryPack(document, out var word)
        ? _digits.Contains(word, document.Length)
        : _texts.Count > 0 && _texts.Contains(document, hash);

    /// <summary>
    /// The same for a document of 8 to 16 bytes, given the first eight and the last eight.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool IsKey(ulong head, ulong tail, ReadOnlySpan<byte> document)
    {
        if (PackedDigits.AreDigits(head, tail))
            return _digits.Contains(PackedDigits.Pack(head, tail), document.Length);
        return _texts.Count > 0 && _texts.Contains(document, KeyHash.Of(head, tail));
    }

    /// <summary>
    /// Prefetches the memory in which <see cref="IsKey(ulong, ulong, ReadOnlySpan{byte})"/> begins
    /// to search.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Prefetch(ulong head, ulong tail, int length)
    {
        _digits.Prefetch(PackedDigits.Pack(head, tail), length);
        if (_texts.Count > 0)
            _texts.Prefetch(KeyHash.Of(head, tail));
    }

    /// <summary>False when no key has this hash.</summary>
    internal bool MayContain(ulong hash)
    {
        var wanted = FilterBitsOf(hash);
        return (_filter[hash >> _filterShift] & wanted) == wanted;
    }

    private ulong FilterBitsOf(ulong hash) => 1UL << (int)(hash >> (_filterShift - 6)) | 1UL << (int)(hash >> (_filterShift - 12));

    private static int FilterBits(int count) =>
        (int)Math.Min(BitOperations.RoundUpToPowerOf2((ulong)Math.Max(count, FewestForFilter) * FilterBitsPerKey), MaxFilterBits);

    /// <summary>
    /// Numbers come in the order of their hashes, so the filter is filled in order.
    /// </summary>
    private void AddToFilter(NumberSet words, int length)
    {
        var (least, most) = (ulong.MaxValue, ulong.MinValue);
        var (smallest, largest) = (0UL, 0UL);
        foreach (var word in words)
        {
            AddToFilter(NumberSet.Hash(word), length);
            var place = PackedDigits.Sortable(word);
            if (place <= least)
                (least, smallest) = (place, word);
            if (place >= most)
                (most, largest) = (place, word);
        }

        if (words.Count == 0)
            return;
        Span<byte> text = stackalloc byte[length];
        PackedDigits.Unpack(smallest, text);
        AddToBounds(text);
        PackedDigits.Unpack(largest, text);
        AddToBounds(text);
    }

    private void AddToBounds(ReadOnlySpan<byte> key)
    {
        if (!_hasBounds || key.SequenceCompareTo(Smallest) < 0)
            Smallest = key.ToArray();
        if (!_hasBounds || key.SequenceCompareTo(Largest) > 0)
            Largest = key.ToArray();
        _hasBounds = true;
    }

    private void AddToFilter(ulong hash, int length)
    {
        _filter[hash >> _filterShift] |= FilterBitsOf(hash);
        LengthMask |= 1UL << Math.Min(length, LongestMasked);
    }
}
