using System.Numerics;
using System.Text;
using IdExtractor.Parquet;
using IdExtractor.Parquet.Footer;

namespace IdExtractor.Fuzz.Reading;

/// <summary>
/// Values as text: the reference implementation of the engine's own writers, written to be
/// evidently right rather than fast. Numbers of every width go through <see cref="BigInteger"/>.
/// </summary>
public static class ValueText
{
    /// <summary>
    /// The stored number of an integer or decimal column; null for columns of bytes.
    /// </summary>
    public static BigInteger? Number(ColumnDescriptor column, ReadOnlySpan<byte> value) => column.Physical switch
    {
        PhysicalType.Int32 or PhysicalType.Int64 =>
            new BigInteger(value, isUnsigned: column.Logical is { Kind: LogicalKind.Integer, IsSigned: false }, isBigEndian: false),
        _ when column.Logical.Kind == LogicalKind.Decimal => new BigInteger(value, isUnsigned: false, isBigEndian: true),
        _ => null,
    };

    /// <summary>An id as it is published (specification, section 5).</summary>
    public static byte[] Published(ColumnDescriptor column, ReadOnlySpan<byte> value)
    {
        if (Number(column, value) is { } number)
            return Encoding.ASCII.GetBytes(
                column.Logical.Kind == LogicalKind.Decimal ? Decimal(number, column.Logical.Scale) : number.ToString());
        return column.Logical.Kind == LogicalKind.Uuid ? Encoding.ASCII.GetBytes(Uuid(Convert.ToHexStringLower(value))) : value.ToArray();
    }

    /// <summary>
    /// An unscaled number with exactly <paramref name="scale"/> digits after the point.
    /// </summary>
    public static string Decimal(BigInteger unscaled, int scale)
    {
        var digits = BigInteger.Abs(unscaled).ToString().PadLeft(scale + 1, '0');
        var sign = unscaled.Sign < 0 ? "-" : "";
        return scale == 0 ? sign + digits : $"{sign}{digits[..^scale]}.{digits[^scale..]}";
    }

    private static string Uuid(string hex) => $"{hex[..8]}-{hex[8..12]}-{hex[12..16]}-{hex[16..20]}-{hex[20..]}";
}
