using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;
using IdExtractor.Core.Scan.Lanes;
using IdExtractor.Parquet;
using IdExtractor.Parquet.Footer;
using Xunit;

namespace IdExtractor.Core.Tests.Scan.Lanes;

public sealed class IdFormatTests
{
    [Theory]
    [InlineData(int.MinValue, true, "-2147483648")]
    [InlineData(-1, true, "-1")]
    [InlineData(-1, false, "4294967295")]
    [InlineData(0, true, "0")]
    public void TryFormat_Int32_IsPlainDecimal(int value, bool isSigned, string expected)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        Assert.Equal(expected, Format(PhysicalType.Int32, new LogicalType(LogicalKind.Integer, 32, isSigned), bytes));
    }

    [Theory]
    [InlineData(long.MinValue, true, "-9223372036854775808")]
    [InlineData(-1, false, "18446744073709551615")]
    [InlineData(long.MaxValue, true, "9223372036854775807")]
    public void TryFormat_Int64_IsPlainDecimal(long value, bool isSigned, string expected)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        Assert.Equal(expected, Format(PhysicalType.Int64, new LogicalType(LogicalKind.Integer, 64, isSigned), bytes));
    }

    [Theory]
    [InlineData("0", 0, "0")]
    [InlineData("0", 2, "0.00")]
    [InlineData("-5", 2, "-0.05")]
    [InlineData("5", 1, "0.5")]
    [InlineData("1200", 2, "12.00")]
    [InlineData("-1200", 2, "-12.00")]
    [InlineData("-1", 0, "-1")]
    [InlineData("123456789012345678901234567890123456789012345678901234567890", 10,
        "12345678901234567890123456789012345678901234567890.1234567890")]
    [InlineData("-99999999999999999999999999999999999999", 38, "-0.99999999999999999999999999999999999999")]
    public void TryFormat_Decimal_HasExactlyItsScale(string unscaled, int scale, string expected)
    {
        var number = BigInteger.Parse(unscaled, CultureInfo.InvariantCulture);
        var logical = new LogicalType(LogicalKind.Decimal, Precision: 60, Scale: scale);
        Assert.Equal(expected, Format(PhysicalType.ByteArray, logical, number.ToByteArray(isBigEndian: true)));
        if (number < long.MinValue || number > long.MaxValue)
            return;
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, (long)number);
        Assert.Equal(expected, Format(PhysicalType.Int64, logical, bytes));
    }

    [Fact]
    public void TryFormat_DecimalOfNoBytes_IsZero() =>
        Assert.Equal("0.00", Format(PhysicalType.ByteArray, new LogicalType(LogicalKind.Decimal, Precision: 9, Scale: 2), []));

    [Fact]
    public void TryFormat_DecimalBeyondTheBound_IsRefused()
    {
        var text = new IdFormat(Column(PhysicalType.ByteArray, new LogicalType(LogicalKind.Decimal, Precision: 9, Scale: 2)));
        Assert.False(text.TryFormat(Enumerable.Repeat((byte)1, DecimalBytes.MaxBytes + 1).ToArray(), out _));
    }

    [Fact]
    public void TryFormat_Uuid_IsTheUsualText() => Assert.Equal(
        "00112233-4455-6677-8899-aabbccddeeff",
        Format(
            PhysicalType.FixedLenByteArray, new LogicalType(LogicalKind.Uuid), Convert.FromHexString("00112233445566778899AABBCCDDEEFF")));

    [Fact]
    public void TryFormat_Bytes_AreAsTheyAre() =>
        Assert.Equal("Ação\t\"", Format(PhysicalType.ByteArray, new LogicalType(LogicalKind.String), Encoding.UTF8.GetBytes("Ação\t\"")));

    private static string Format(PhysicalType physical, LogicalType logical, byte[] value)
    {
        Assert.True(new IdFormat(Column(physical, logical)).TryFormat(value, out var text));
        return Encoding.UTF8.GetString(text);
    }

    private static ColumnDescriptor Column(PhysicalType physical, LogicalType logical) =>
        new() { Index = 0, Path = ["id"], Physical = physical, Logical = logical };
}
