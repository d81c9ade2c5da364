using System.Buffers.Text;
using System.Numerics;
using System.Runtime.CompilerServices;
using IdExtractor.Foundation.Hashing;
using IdExtractor.Foundation.Memory;

namespace IdExtractor.Core.Keys;

/// <summary>
/// The keys as numbers, for documents that are stored as integers or decimals (specification,
/// section 5), with a filter in front. Leading zeros do not count. Keys that do not consist of
/// digits only equal no number. Immutable, so any number of threads may read it.
/// </summary>
public sealed class NumberKeySet
{
    /// <summary>As for the filter of <see cref="KeySet"/>.</summary>
    private const int FilterBitsPerKey = 16;

    /// <summary>The largest filter: 128 MiB.</summary>
    private const ulong MaxFilterBits = 1UL << 30;

    /// <summary>Keys that are added together, so that their cache misses overlap.</summary>
    private const int BatchKeys = 64;

    private readonly NumberSet _numbers;
    private readonly ulong[] _filter;
    private readonly int _filterShift;
    private readonly KeySet _large;

    /// <summary>The kind of number that a key is.</summary>
    internal enum KeyForm
    {
        /// <summary>Not digits only: no number equals it.</summary>
        None,

        /// <summary>A number of up to 64 bits.</summary>
        Number,

        /// <summary>A larger number.</summary>
        LargeNumber,
    }

    /// <summary>Converts the keys.</summary>
    public NumberKeySet(KeySet keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        _numbers = new NumberSet(keys.Count);
        var filterBits = Math.Min(BitOperations.RoundUpToPowerOf2((ulong)Math.Max(keys.Count, 64) * FilterBitsPerKey), MaxFilterBits);
        _filter = ZeroedArray.Create<ulong>((int)(filterBits / 64));
        _filterShift = 64 - BitOperations.Log2(filterBits / 64);
        var large = new KeySetBuilder();
        Span<ulong> batch = stackalloc ulong[BatchKeys];
        var count = 0;
        for (var length = PackedDigits.ShortestText; length <= PackedDigits.LongestText; length++)
        {
            if (keys.Digits.OfLength(length) is not { } words)
                continue;
            foreach (var word in words)
            {
                batch[count++] = PackedDigits.ToNumber(word, length);
                if (count == BatchKeys)
                    Add(batch, ref count);
            }
        }

        for (var i = 0; i < keys.Texts.Count; i++)
        {
            switch (Parse(keys.Texts[i], out var number, out var digits))
            {
                case KeyForm.Number:
                    batch[count++] = number;
                    break;
                case KeyForm.LargeNumber:
                    large.Add(digits);
                    break;
            }

            if (count == BatchKeys)
                Add(batch, ref count);
        }

        Add(batch[..count], ref count);
        _large = large.Build();
    }

    /// <summary>
    /// Two bits per key of up to 64 bits, in one word. The top bits of the number's
    /// <see cref="Hash"/> choose the word; the next six bits, and the six after them, choose the
    /// two bits. A number whose bits are not both set is not such a key.
    /// </summary>
    internal ulong[] Filter => _filter;

    /// <summary>
    /// The right shift that turns a hash into the index of its word in <see cref="Filter"/>; at
    /// least 12.
    /// </summary>
    internal int FilterShift => _filterShift;

    /// <summary>True when some key is a number of more than 64 bits.</summary>
    internal bool HasLarge => _large.Count > 0;

    /// <summary>The hash of a number; its high bits are the well-mixed ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Hash(ulong number) => NumberSet.Hash(number);

    /// <summary>Returns whether a key equals this number.</summary>
    public bool Contains(ulong number) => _numbers.Contains(number);

    /// <summary>
    /// Returns whether a key equals this number of more than 64 bits, given as digits without
    /// leading zeros.
    /// </summary>
    public bool ContainsDigits(ReadOnlySpan<byte> digits) => _large.Contains(digits);

    /// <summary>Prefetches the slot where the lookup of a number begins.</summary>
    internal void PrefetchSlot(ulong number) => _numbers.Prefetch(number);

    /// <summary>Reads a key as a number.</summary>
    /// <param name="key">The key.</param>
    /// <param name="number">The number, when it fits in 64 bits.</param>
    /// <param name="digits">The number's digits without leading zeros, when it does not
    /// fit.</param>
    internal static KeyForm Parse(ReadOnlySpan<byte> key, out ulong number, out ReadOnlySpan<byte> digits)
    {
        number = 0;
        digits = default;
        if (key.Length is >= 8 and <= 16)
            return ShortDigits.TryParse(key, out number) ? KeyForm.Number : KeyForm.None;

        if (key.IsEmpty || key.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return KeyForm.None;
        digits = key.TrimStart((byte)'0');
        if (digits.IsEmpty || (Utf8Parser.TryParse(digits, out number, out var consumed) && consumed == digits.Length))
            return KeyForm.Number;
        return KeyForm.LargeNumber;
    }

    private void Add(ReadOnlySpan<ulong> numbers, ref int count)
    {
        count = 0;
        foreach (var number in numbers)
        {
            _numbers.Prefetch(number);
            Prefetch.Near(in _filter[Hash(number) >> _filterShift]);
        }

        foreach (var number in numbers)
        {
            var hash = Hash(number);
            _filter[hash >> _filterShift] |= 1UL << (int)(hash >> (_filterShift - 6)) | 1UL << (int)(hash >> (_filterShift - 12));
            _numbers.Add(number);
        }
    }
}
