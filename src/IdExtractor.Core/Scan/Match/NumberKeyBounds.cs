using System.Buffers.Binary;
using IdExtractor.Core.Keys;
using IdExtractor.Parquet;
using IdExtractor.Parquet.Footer;

namespace IdExtractor.Core.Scan.Match;

/// <summary>
/// The keys in numeric order, for documents that are stored as integers or decimals. Keys of up to
/// 64 bits are kept one by one; larger ones are only counted. They are converted and sorted when
/// that is first needed: where documents are not clustered, one of the first few keys answers every
/// question. Thread safe.
/// </summary>
internal sealed class NumberKeyBounds : IKeyBounds
{
    /// <summary>Keys to compare with bounds one by one before they are sorted.</summary>
    private const int FirstKeys = 64;

    private readonly ColumnDescriptor _column;
    private readonly ulong[] _firstKeys;
    private readonly Lazy<Numbers> _numbers;

    /// <summary>Converts the first keys.</summary>
    public NumberKeyBounds(KeySet keys, ColumnDescriptor column)
    {
        _column = column;
        _firstKeys = Convert(keys, FirstKeys).Sorted;
        _numbers = new Lazy<Numbers>(() => Convert(keys, keys.Count));
    }

    /// <inheritdoc/>
    public int Count => _numbers.Value.Sorted.Length + _numbers.Value.Large;

    /// <inheritdoc/>
    public bool AnyBetween(ReadOnlySpan<byte> min, ReadOnlySpan<byte> max)
    {
        var (low, high) = (NumberOf(min), NumberOf(max));
        foreach (var number in _firstKeys)
        {
            if (number >= low && number <= high)
                return true;
        }

        return CountBetween(min, max) > 0;
    }

    /// <inheritdoc/>
    public int CountBetween(ReadOnlySpan<byte> min, ReadOnlySpan<byte> max)
    {
        var (low, high) = (NumberOf(min), NumberOf(max));
        if (high < 0)
            return 0;
        var large = high > ulong.MaxValue ? _numbers.Value.Large : 0;
        if (low > ulong.MaxValue)
            return large;
        var first = low <= 0 ? 0 : CountBelow((ulong)low);
        var last = high >= ulong.MaxValue ? _numbers.Value.Sorted.Length : CountBelow((ulong)high + 1);
        return last - first + large;
    }

    /// <summary>Converts keys until there are so many numbers of up to 64 bits.</summary>
    private static Numbers Convert(KeySet keys, int most)
    {
        var numbers = new ulong[Math.Min(most, keys.Count)];
        var (count, large) = (0, 0);
        foreach (var key in keys)
        {
            if (count == most)
                break;
            switch (NumberKeySet.Parse(key, out var number, out _))
            {
                case NumberKeySet.KeyForm.Number:
                    numbers[count++] = number;
                    break;
                case NumberKeySet.KeyForm.LargeNumber:
                    large++;
                    break;
            }
        }

        Array.Resize(ref numbers, count);
        Array.Sort(numbers);
        return new Numbers(numbers, large);
    }

    private int CountBelow(ulong bound)
    {
        var numbers = _numbers.Value.Sorted;
        var (low, high) = (0, numbers.Length);
        while (low < high)
        {
            var middle = (low + high) >> 1;
            if (numbers[middle] < bound)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    /// <summary>A stored value as a number. Values of more than 127 bits saturate.</summary>
    private Int128 NumberOf(ReadOnlySpan<byte> stored)
    {
        var isUnsigned = _column.Logical is { Kind: LogicalKind.Integer, IsSigned: false };
        switch (_column.Physical)
        {
            case PhysicalType.Int32:
                return isUnsigned ? BinaryPrimitives.ReadUInt32LittleEndian(stored) : BinaryPrimitives.ReadInt32LittleEndian(stored);
            case PhysicalType.Int64:
                return isUnsigned ? BinaryPrimitives.ReadUInt64LittleEndian(stored) : BinaryPrimitives.ReadInt64LittleEndian(stored);
            default:
                var trimmed = DecimalBytes.Trim(stored);
                Span<byte> wide = stackalloc byte[16];
                if (trimmed.Length > wide.Length)
                    return (sbyte)trimmed[0] < 0 ? Int128.MinValue : Int128.MaxValue;
                wide.Fill((sbyte)trimmed[0] < 0 ? (byte)0xFF : (byte)0);
                trimmed.CopyTo(wide[^trimmed.Length..]);
                return BinaryPrimitives.ReadInt128BigEndian(wide);
        }
    }

    /// <summary>The keys.</summary>
    /// <param name="Sorted">Those of up to 64 bits.</param>
    /// <param name="Large">How many others there are.</param>
    private sealed record Numbers(ulong[] Sorted, int Large);
}
