using System.Buffers.Binary;

namespace IdExtractor.Parquet.Footer;

/// <summary>
/// How the bounds of one column are compared, both in the footer and in the column index
/// (parquet-format, parquet.thrift, <c>ColumnOrder</c>). Only for columns that can hold documents.
/// Immutable.
/// </summary>
internal sealed class BoundOrder
{
    /// <summary>
    /// No known writer truncates bounds shorter than this, in bytes. A truncated decimal would be a
    /// different number.
    /// </summary>
    private const int ShortestCut = 16;

    private readonly Kind _kind;
    private readonly int _width;

    private BoundOrder(Kind kind, int width) => (_kind, _width) = (kind, width);

    private enum Kind
    {
        Bytes,
        Signed,
        Unsigned,
        Decimal,
    }

    /// <summary>True when values compare as numbers, not as bytes.</summary>
    public bool IsNumeric => _kind != Kind.Bytes;

    /// <summary>
    /// True when the deprecated fields, which writers filled by signed comparison, can be trusted
    /// too.
    /// </summary>
    public bool IsTrueOfLegacyFields => _kind == Kind.Signed;

    /// <summary>
    /// The order of a column. Null when the format defines none, or the column cannot hold
    /// documents.
    /// </summary>
    public static BoundOrder? Of(ColumnDescriptor column)
    {
        var kind = column.Logical.Kind;
        // A footer may state a length of 0 or less. Reading such values is an error, so there is
        // nothing to rule out.
        var isBytes = column.Physical == PhysicalType.ByteArray
            || (column.Physical == PhysicalType.FixedLenByteArray && column.TypeLength > 0);
        if (column.Physical is PhysicalType.Int32 or PhysicalType.Int64)
        {
            return kind switch
            {
                LogicalKind.Integer when !column.Logical.IsSigned => new BoundOrder(Kind.Unsigned, column.FixedWidth),
                LogicalKind.None or LogicalKind.Integer or LogicalKind.Decimal => new BoundOrder(Kind.Signed, column.FixedWidth),
                _ => null,
            };
        }

        return kind switch
        {
            LogicalKind.None or LogicalKind.String or LogicalKind.Enum or LogicalKind.Json or LogicalKind.Bson
                or LogicalKind.Uuid when isBytes => new BoundOrder(Kind.Bytes, 0),
            LogicalKind.Decimal when isBytes => new BoundOrder(Kind.Decimal, column.FixedWidth),
            _ => null,
        };
    }

    /// <summary>Whether these bytes can be a bound at all. If not, they must be ignored.</summary>
    public bool IsBound(ReadOnlySpan<byte> bound) => _kind switch
    {
        Kind.Bytes => true,
        Kind.Decimal when _width == 0 => bound.Length is > 0 and < ShortestCut,
        _ => bound.Length == _width && bound.Length > 0,
    };

    /// <summary>
    /// True when both are bounds, the lower one is not above the upper one, and they are not the
    /// placeholders that writers store for omitted bounds.
    /// </summary>
    public bool ArePair(ReadOnlySpan<byte> min, ReadOnlySpan<byte> max) =>
        IsBound(min) && IsBound(max) && Compare(min, max) <= 0 && !ColumnStatistics.IsPlaceholder(min, max);

    /// <summary>
    /// Negative, zero or positive when the left bound is below, equal to or above the right one.
    /// </summary>
    /// <param name="left">A bound accepted by <see cref="IsBound"/>.</param>
    /// <param name="right">A bound accepted by <see cref="IsBound"/>.</param>
    public int Compare(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => _kind switch
    {
        Kind.Bytes => left.SequenceCompareTo(right),
        Kind.Decimal => CompareDecimals(left, right),
        Kind.Signed when _width == sizeof(int) => BinaryPrimitives.ReadInt32LittleEndian(left)
            .CompareTo(BinaryPrimitives.ReadInt32LittleEndian(right)),
        Kind.Signed => BinaryPrimitives.ReadInt64LittleEndian(left).CompareTo(BinaryPrimitives.ReadInt64LittleEndian(right)),
        _ when _width == sizeof(uint) => BinaryPrimitives.ReadUInt32LittleEndian(left)
            .CompareTo(BinaryPrimitives.ReadUInt32LittleEndian(right)),
        _ => BinaryPrimitives.ReadUInt64LittleEndian(left).CompareTo(BinaryPrimitives.ReadUInt64LittleEndian(right)),
    };

    private static int CompareDecimals(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        var shortLeft = DecimalBytes.Trim(left);
        var shortRight = DecimalBytes.Trim(right);
        var isNegative = (sbyte)shortLeft[0] < 0;
        if (isNegative != (sbyte)shortRight[0] < 0)
            return isNegative ? -1 : 1;

        // With equal signs, the longer value is farther from zero, and two's complement values of
        // equal length compare as bytes.
        var byLength = shortLeft.Length.CompareTo(shortRight.Length);
        if (byLength != 0)
            return isNegative ? -byLength : byLength;
        return shortLeft.SequenceCompareTo(shortRight);
    }
}
