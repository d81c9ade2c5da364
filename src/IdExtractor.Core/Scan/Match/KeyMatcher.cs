using System.Buffers.Binary;
using IdExtractor.Core.Keys;
using IdExtractor.Parquet;
using IdExtractor.Parquet.Footer;
using IdExtractor.Parquet.Pages;

namespace IdExtractor.Core.Scan.Match;

/// <summary>
/// Finds the documents of Table B that are keys, for one column type (specification, section 5). It
/// compares bytes byte for byte, and integers and decimals as numbers. It holds no scan state, so
/// threads share it.
/// </summary>
public abstract class KeyMatcher
{
    /// <summary>Creates the matcher for a column.</summary>
    public static KeyMatcher For(ColumnDescriptor column, KeySet keys)
    {
        ArgumentNullException.ThrowIfNull(column);
        ArgumentNullException.ThrowIfNull(keys);
        var isUnsigned = column.Logical is { Kind: LogicalKind.Integer, IsSigned: false };
        return column.Physical switch
        {
            PhysicalType.Int32 => new Int32Matcher(new NumberKeySet(keys), isUnsigned),
            PhysicalType.Int64 => new Int64Matcher(new NumberKeySet(keys), isUnsigned),
            _ when column.Logical.Kind == LogicalKind.Decimal => new DecimalMatcher(new NumberKeySet(keys)),
            _ => new BytesMatcher(keys),
        };
    }

    /// <summary>
    /// The faster probe of PLAIN byte arrays; null where documents are not compared as bytes.
    /// </summary>
    internal virtual PlainKeyProbe? PlainProbe => null;

    /// <summary>Writes the positions of the values that are keys, in ascending order.</summary>
    /// <param name="values">The values.</param>
    /// <param name="hits">At least as long as <paramref name="values"/>.</param>
    /// <returns>The number of hits.</returns>
    public virtual int Match(in ValueView values, Span<int> hits)
    {
        var count = 0;
        for (var i = 0; i < values.Count; i++)
        {
            // Always write the position, but keep it only for a hit: hits are too rare and too
            // random for a branch.
            hits[count] = i;
            count += IsKey(values[i]) ? 1 : 0;
        }

        return count;
    }

    /// <summary>Returns whether one stored value is a key.</summary>
    public abstract bool IsKey(ReadOnlySpan<byte> value);

    private sealed class BytesMatcher(KeySet keys) : KeyMatcher
    {
        internal override PlainKeyProbe? PlainProbe { get; } = new(keys);

        public override int Match(in ValueView values, Span<int> hits) =>
            PlainProbe!.Probe(values, hits);

        public override bool IsKey(ReadOnlySpan<byte> value) => keys.Contains(value);
    }

    private sealed class Int32Matcher(NumberKeySet keys, bool isUnsigned) : KeyMatcher
    {
        public override bool IsKey(ReadOnlySpan<byte> value)
        {
            var number = BinaryPrimitives.ReadInt32LittleEndian(value);
            return isUnsigned ? keys.Contains((uint)number) : number >= 0 && keys.Contains((ulong)number);
        }
    }

    private sealed class Int64Matcher(NumberKeySet keys, bool isUnsigned) : KeyMatcher
    {
        public override bool IsKey(ReadOnlySpan<byte> value)
        {
            var number = BinaryPrimitives.ReadInt64LittleEndian(value);
            return (isUnsigned || number >= 0) && keys.Contains((ulong)number);
        }
    }

    private sealed class DecimalMatcher(NumberKeySet keys) : KeyMatcher
    {
        public override bool IsKey(ReadOnlySpan<byte> value)
        {
            var trimmed = DecimalBytes.Trim(value);
            if (DecimalBytes.TryToInt64(trimmed, out var number))
                return number >= 0 && keys.Contains((ulong)number);
            if (trimmed.Length > DecimalBytes.MaxBytes || (sbyte)trimmed[0] < 0)
                return false;
            Span<byte> digits = stackalloc byte[160];
            var length = DecimalBytes.Format(trimmed, digits);
            return keys.ContainsDigits(digits[..length]) || IsKeyOf64Bits(trimmed);
        }

        /// <summary>
        /// Numbers from 2^63 to 2^64 - 1 need nine bytes with their sign, but are among the 64-bit
        /// keys.
        /// </summary>
        private bool IsKeyOf64Bits(ReadOnlySpan<byte> trimmed) =>
            trimmed.Length == 9 && trimmed[0] == 0 && keys.Contains(BinaryPrimitives.ReadUInt64BigEndian(trimmed[1..]));
    }
}
