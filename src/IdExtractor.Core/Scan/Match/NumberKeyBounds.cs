using System.Buffers.Binary;
using IdExtractor.Core.Keys;
using IdExtractor.Parquet;
using IdExtractor.Parquet.Footer;

namespace IdExtractor.Core.Scan.Match;

/// <summary>
/// The keys in numeric order, for documents that are stored as integers or decimals. Keys of up to
/// 64 bits are kept one by one; larger ones are only counted. Immutable.
/// </summary>
internal sealed class NumberKeyBounds : IKeyBounds
{
    private readonly ColumnDescriptor _column;
    private readonly ulong[] _numbers;
    private readonly int _large;

    /// <summary>Sorts the keys.</summary>
    public NumberKeyBounds(KeySet keys, ColumnDescriptor column)
    {
        _column = column;
        var numbers = new List<ulong>(keys.Count);
        for (var i = 0; i < keys.Count; i++)
        {
            switch (NumberKeySet.Parse(keys[i], out var number, out _))
            {
                case NumberKeySet.KeyForm.Number:
                    numbers.Add(number);
                    break;
                case NumberKeySet.KeyForm.LargeNumber:
                    _large++;
                    break;
            }
        }

        numbers.Sort();
        _numbers = [.. numbers];
    }

    /// <inheritdoc/>
    public int Count => _numbers.Length + _large;

    /// <inheritdoc/>
    public bool AnyBetween(ReadOnlySpan<byte> min, ReadOnlySpan<byte> max) => CountBetween(min, max) > 0;

    /// <inheritdoc/>
    public int CountBetween(ReadOnlySpan<byte> min, ReadOnlySpan<byte> max)
    {
        var (low, high) = (NumberOf(min), NumberOf(max));
        if (high < 0)
            return 0;
        var large = high > ulong.MaxValue ? _large : 0;
        if (low > ulong.MaxValue)
            return large;
        var first = low <= 0 ? 0 : CountBelow((ulong)low);
        var last = high >= ulong.MaxValue ? _numbers.Length : CountBelow((ulong)high + 1);
        return last - first + large;
    }

    private int CountBelow(ulong bound)
    {
        var (low, high) = (0, _numbers.Length);
        while (low < high)
        {
            var middle = (low + high) >> 1;
            if (_numbers[middle] < bound)
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
}
