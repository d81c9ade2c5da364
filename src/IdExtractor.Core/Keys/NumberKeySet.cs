using System.Buffers.Text;
using System.Numerics;

namespace IdExtractor.Core.Keys;

/// <summary>
/// The keys as numbers, for documents that are stored as integers or decimals (specification,
/// section 5). Leading zeros do not count. Keys that do not consist of digits only equal no number.
/// Immutable.
/// </summary>
public sealed class NumberKeySet
{
    private readonly ulong[] _slots;
    private readonly bool _hasZero;
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
        _slots = new ulong[(int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(keys.Count * 2L, 16))];
        var large = new KeySetBuilder();
        for (var i = 0; i < keys.Count; i++)
        {
            switch (Parse(keys[i], out var number, out var digits))
            {
                case KeyForm.Number when number == 0:
                    _hasZero = true;
                    break;
                case KeyForm.Number:
                    Insert(number);
                    break;
                case KeyForm.LargeNumber:
                    large.Add(digits);
                    break;
            }
        }

        _large = large.Build();
    }

    /// <summary>Returns whether a key equals this number.</summary>
    public bool Contains(ulong number)
    {
        if (number == 0)
            return _hasZero;
        var mask = _slots.Length - 1;
        for (var slot = SlotOf(number); ; slot = (slot + 1) & mask)
        {
            if (_slots[slot] == number)
                return true;
            if (_slots[slot] == 0)
                return false;
        }
    }

    /// <summary>
    /// Returns whether a key equals this number of more than 64 bits, given as digits without
    /// leading zeros.
    /// </summary>
    public bool ContainsDigits(ReadOnlySpan<byte> digits) => _large.Contains(digits);

    /// <summary>Reads a key as a number.</summary>
    /// <param name="key">The key.</param>
    /// <param name="number">The number, when it fits in 64 bits.</param>
    /// <param name="digits">The number's digits without leading zeros, when it is a number.</param>
    internal static KeyForm Parse(ReadOnlySpan<byte> key, out ulong number, out ReadOnlySpan<byte> digits)
    {
        number = 0;
        digits = default;
        if (key.IsEmpty || key.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return KeyForm.None;
        digits = key.TrimStart((byte)'0');
        if (digits.IsEmpty || (Utf8Parser.TryParse(digits, out number, out var consumed) && consumed == digits.Length))
            return KeyForm.Number;
        return KeyForm.LargeNumber;
    }

    private int SlotOf(ulong number) => (int)(number * 0x9E3779B97F4A7C15 >> 32) & (_slots.Length - 1);

    private void Insert(ulong number)
    {
        var mask = _slots.Length - 1;
        var slot = SlotOf(number);
        while (_slots[slot] != 0 && _slots[slot] != number)
            slot = (slot + 1) & mask;
        _slots[slot] = number;
    }
}
