using System.Buffers.Binary;
using System.IO.Hashing;
using IdExtractor.Core.Keys;
using IdExtractor.Parquet;
using IdExtractor.Parquet.Footer;

namespace IdExtractor.Core.Scan.Match;

/// <summary>
/// The hashes of the keys for bloom filters, each of the key as a column would store it
/// (parquet-format, BloomFilter.md).
/// </summary>
internal static class KeyBloomHashes
{
    /// <summary>The hashes of the keys that the column's type can represent.</summary>
    /// <returns>Null for a column that may store one number in several ways, because a filter then
    /// cannot rule it out.</returns>
    public static ulong[]? Of(KeySet keys, ColumnDescriptor column)
    {
        var isDecimal = column.Logical.Kind == LogicalKind.Decimal;
        if (isDecimal && column.Physical == PhysicalType.ByteArray)
            return null;
        var isNumber = isDecimal || column.Physical is PhysicalType.Int32 or PhysicalType.Int64;
        if (isNumber && column.FixedWidth is < 1 or > DecimalBytes.MaxBytes)
            return null;
        var hashes = new List<ulong>(keys.Count);
        Span<byte> stored = stackalloc byte[DecimalBytes.MaxBytes];
        foreach (var key in keys)
        {
            if (!isNumber)
            {
                hashes.Add(XxHash64.HashToUInt64(key));
                continue;
            }

            switch (NumberKeySet.Parse(key, out var number, out _))
            {
                // Large numbers are not worth hashing, so the filter is not used. A narrower column
                // cannot store them.
                case NumberKeySet.KeyForm.LargeNumber when column.FixedWidth > sizeof(ulong):
                    return null;
                case NumberKeySet.KeyForm.Number when TryStore(number, column, stored, out var length):
                    hashes.Add(XxHash64.HashToUInt64(stored[..length]));
                    break;
            }
        }

        return [.. hashes];
    }

    /// <summary>Writes a number as the column stores it; false when it does not fit.</summary>
    private static bool TryStore(ulong number, ColumnDescriptor column, Span<byte> stored, out int length)
    {
        length = column.FixedWidth;
        var isUnsigned = column.Logical is { Kind: LogicalKind.Integer, IsSigned: false };
        switch (column.Physical)
        {
            case PhysicalType.Int32:
                BinaryPrimitives.WriteUInt32LittleEndian(stored, (uint)number);
                return number <= (isUnsigned ? uint.MaxValue : int.MaxValue);
            case PhysicalType.Int64:
                BinaryPrimitives.WriteUInt64LittleEndian(stored, number);
                return isUnsigned || number <= long.MaxValue;
            default:
                Span<byte> wide = stackalloc byte[DecimalBytes.MaxBytes];
                wide.Clear();
                BinaryPrimitives.WriteUInt64BigEndian(wide[^sizeof(ulong)..], number);
                wide[^length..].CopyTo(stored);
                return !wide[..^length].ContainsAnyExcept((byte)0) && wide[^length] < 0x80;
        }
    }
}
