using System.Buffers.Binary;
using System.Diagnostics;
using IdExtractor.Core.Keys;
using IdExtractor.Parquet;
using IdExtractor.Parquet.Footer;
using IdExtractor.Parquet.Kernels;
using IdExtractor.Parquet.Pages;

namespace IdExtractor.Core.Scan.Match;

/// <summary>
/// Finds the documents of Table B that are keys, for one column type (specification, section 5). It
/// compares bytes byte for byte, and integers and decimals as numbers. It holds no scan state, so
/// threads share it.
/// </summary>
public abstract unsafe class KeyMatcher
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
    /// Looks up the complete PLAIN values at the start of <paramref name="data"/>, up to
    /// <paramref name="maxValues"/> of them, where they are.
    /// </summary>
    /// <param name="data">The first value, or its length prefix. Up to 8 bytes after the end may be
    /// read.</param>
    /// <param name="length">Number of bytes that hold values.</param>
    /// <param name="width">Bytes per value; 0 for byte arrays with their length prefixes.</param>
    /// <param name="maxValues">At most <see cref="PlainKeyProbe.MaxValues"/>.</param>
    /// <param name="hits">Receives the positions of the keys among the values, ascending; must have
    /// room for <see cref="PlainKeyProbe.MaxValues"/>.</param>
    /// <param name="candidates">Scratch; must have room for
    /// <see cref="PlainKeyProbe.MaxValues"/>.</param>
    /// <param name="values">Number of values looked up; their lengths are not trusted.</param>
    /// <param name="bytes">Number of bytes that they occupy.</param>
    /// <returns>The number of keys among them.</returns>
    internal int MatchPlain(
        byte* data, int length, int width, int maxValues, Span<int> hits, Span<long> candidates, out int values, out int bytes)
    {
        if (width == 0)
            return MatchByteArrays(data, length, maxValues, hits, candidates, out values, out bytes);
        values = Math.Min(maxValues, length / width);
        bytes = values * width;
        return Match(new ValueView { Data = data, Width = width, Count = values }, hits);
    }

    /// <summary>Writes the positions of the values that are keys, in ascending order.</summary>
    /// <param name="values">The values.</param>
    /// <param name="hits">At least as long as <paramref name="values"/>.</param>
    /// <returns>The number of hits.</returns>
    public abstract int Match(in ValueView values, Span<int> hits);

    /// <summary>Returns whether one stored value is a key.</summary>
    public abstract bool IsKey(ReadOnlySpan<byte> value);

    /// <summary>
    /// Looks up PLAIN byte arrays; parameters and result as for <see cref="MatchPlain"/>. Abstract,
    /// so that no type is looked up one by one by default.
    /// </summary>
    private protected abstract int MatchByteArrays(
        byte* data, int length, int maxValues, Span<int> hits, Span<long> candidates, out int values, out int bytes);

    /// <summary>Looks up PLAIN byte arrays one by one.</summary>
    private int MatchEach(byte* data, int length, int maxValues, Span<int> hits, out int values, out int bytes)
    {
        var count = 0;
        bytes = 0;
        for (values = 0; values < maxValues && PlainWalk.SkipEach(data + bytes, length - bytes, 1, out var one) != 0; values++)
        {
            hits[count] = values;
            count += IsKey(new ReadOnlySpan<byte>(data + bytes + sizeof(int), one - sizeof(int))) ? 1 : 0;
            bytes += one;
        }

        return count;
    }

    private sealed class BytesMatcher(KeySet keys) : KeyMatcher
    {
        private readonly PlainKeyProbe _probe = new(keys);

        public override int Match(in ValueView values, Span<int> hits) => _probe.Probe(values, hits);

        public override bool IsKey(ReadOnlySpan<byte> value) => keys.Contains(value);

        private protected override int MatchByteArrays(
            byte* data, int length, int maxValues, Span<int> hits, Span<long> candidates, out int values, out int bytes) =>
            _probe.Probe(data, length, maxValues, hits, candidates, out values, out bytes);
    }

    private sealed class Int32Matcher : KeyMatcher
    {
        private readonly NumberKeySet _keys;
        private readonly NumberKeyProbe _probe;
        private readonly bool _isUnsigned;

        public Int32Matcher(NumberKeySet keys, bool isUnsigned)
        {
            (_keys, _isUnsigned) = (keys, isUnsigned);
            _probe = new NumberKeyProbe(keys, this);
        }

        public override int Match(in ValueView values, Span<int> hits) =>
            _isUnsigned ? _probe.Probe<StoredUInt32>(values, hits) : _probe.Probe<StoredInt32>(values, hits);

        public override bool IsKey(ReadOnlySpan<byte> value)
        {
            var number = BinaryPrimitives.ReadInt32LittleEndian(value);
            return _isUnsigned ? _keys.Contains((uint)number) : number >= 0 && _keys.Contains((ulong)number);
        }

        private protected override int MatchByteArrays(
            byte* data, int length, int maxValues, Span<int> hits, Span<long> candidates, out int values, out int bytes) =>
            throw new UnreachableException();
    }

    private sealed class Int64Matcher : KeyMatcher
    {
        private readonly NumberKeySet _keys;
        private readonly NumberKeyProbe _probe;
        private readonly bool _isUnsigned;

        public Int64Matcher(NumberKeySet keys, bool isUnsigned)
        {
            (_keys, _isUnsigned) = (keys, isUnsigned);
            _probe = new NumberKeyProbe(keys, this);
        }

        public override int Match(in ValueView values, Span<int> hits) => _probe.Probe<StoredInt64>(values, hits);

        public override bool IsKey(ReadOnlySpan<byte> value)
        {
            var number = BinaryPrimitives.ReadInt64LittleEndian(value);
            return (_isUnsigned || number >= 0) && _keys.Contains((ulong)number);
        }

        private protected override int MatchByteArrays(
            byte* data, int length, int maxValues, Span<int> hits, Span<long> candidates, out int values, out int bytes) =>
            throw new UnreachableException();
    }

    private sealed class DecimalMatcher : KeyMatcher
    {
        private readonly NumberKeySet _keys;
        private readonly NumberKeyProbe _probe;

        public DecimalMatcher(NumberKeySet keys)
        {
            _keys = keys;
            _probe = new NumberKeyProbe(keys, this);
        }

        public override int Match(in ValueView values, Span<int> hits)
        {
            // The filter covers keys of up to 64 bits.
            if (values.Offsets != null || values.Width is 0 or > 2 * sizeof(long) || (_keys.HasLarge && values.Width > sizeof(long)))
                return _probe.ProbeEach(values, hits);
            return values.Width <= sizeof(long)
                ? _probe.Probe<StoredShortDecimal>(values, hits)
                : _probe.Probe<StoredLongDecimal>(values, hits);
        }

        public override bool IsKey(ReadOnlySpan<byte> value)
        {
            var trimmed = DecimalBytes.Trim(value);
            if (DecimalBytes.TryToInt64(trimmed, out var number))
                return number >= 0 && _keys.Contains((ulong)number);
            if (trimmed.Length > DecimalBytes.MaxBytes || (sbyte)trimmed[0] < 0)
                return false;
            Span<byte> digits = stackalloc byte[160];
            var length = DecimalBytes.Format(trimmed, digits);
            return _keys.ContainsDigits(digits[..length]) || IsKeyOf64Bits(trimmed);
        }

        private protected override int MatchByteArrays(
            byte* data, int length, int maxValues, Span<int> hits, Span<long> candidates, out int values, out int bytes) =>
            MatchEach(data, length, maxValues, hits, out values, out bytes);

        /// <summary>
        /// Numbers from 2^63 to 2^64 - 1 need nine bytes with their sign, but are among the 64-bit
        /// keys.
        /// </summary>
        private bool IsKeyOf64Bits(ReadOnlySpan<byte> trimmed) =>
            trimmed.Length == 9 && trimmed[0] == 0 && _keys.Contains(BinaryPrimitives.ReadUInt64BigEndian(trimmed[1..]));
    }
}
