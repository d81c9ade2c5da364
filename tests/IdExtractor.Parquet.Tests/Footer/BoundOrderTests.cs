using System.Numerics;
using IdExtractor.Parquet.Footer;
using Xunit;

namespace IdExtractor.Parquet.Tests.Footer;

public sealed class BoundOrderTests
{
    public static TheoryData<PhysicalType, int, LogicalType> Numbers => new()
    {
        { PhysicalType.Int32, 0, default },
        { PhysicalType.Int32, 0, new LogicalType(LogicalKind.Integer, 32, IsSigned: false) },
        { PhysicalType.Int64, 0, new LogicalType(LogicalKind.Integer, 64) },
        { PhysicalType.Int64, 0, new LogicalType(LogicalKind.Integer, 64, IsSigned: false) },
        { PhysicalType.Int64, 0, new LogicalType(LogicalKind.Decimal, Precision: 18) },
        { PhysicalType.FixedLenByteArray, 7, new LogicalType(LogicalKind.Decimal, Precision: 14) },
        { PhysicalType.ByteArray, 0, new LogicalType(LogicalKind.Decimal, Precision: 14) },
    };

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Compare_Numbers_AgreesWithTheirValues(PhysicalType physical, int length, LogicalType logical)
    {
        var column = new ColumnDescriptor { Index = 0, Path = ["c"], Physical = physical, TypeLength = length, Logical = logical };
        var order = BoundOrder.Of(column)!;
        var random = new Random(1);
        for (var i = 0; i < 5000; i++)
        {
            var (left, right) = (Value(), Value());
            Assert.True(order.IsBound(left) && order.IsBound(right));
            Assert.Equal(NumberOf(left).CompareTo(NumberOf(right)), Math.Sign(order.Compare(left, right)));
        }

        byte[] Value()
        {
            var value = new byte[column.FixedWidth == 0 ? random.Next(1, 16) : column.FixedWidth];
            random.NextBytes(value);

            // Small numbers, of either sign, and all the bytes that only repeat it.
            if (random.Next(2) == 0)
                value.AsSpan(
                    physical is PhysicalType.Int32 or PhysicalType.Int64 ? 1.. : ..^1).Fill(random.Next(2) == 0 ? (byte)0 : (byte)0xFF);
            return value;
        }

        BigInteger NumberOf(byte[] value) =>
            new(
                value, isUnsigned: logical is { Kind: LogicalKind.Integer, IsSigned: false },
                isBigEndian: physical is not (PhysicalType.Int32 or PhysicalType.Int64));
    }

    [Theory]
    [InlineData(PhysicalType.Float, LogicalKind.None)]
    [InlineData(PhysicalType.Int96, LogicalKind.None)]
    [InlineData(PhysicalType.Int32, LogicalKind.Date)]
    [InlineData(PhysicalType.ByteArray, LogicalKind.Other)]
    [InlineData(PhysicalType.FixedLenByteArray, LogicalKind.Interval)]
    public void Of_TypesWithoutADefinedOrder_IsNull(PhysicalType physical, LogicalKind kind) =>
        Assert.Null(
            BoundOrder.Of(
                new ColumnDescriptor { Index = 0, Path = ["c"], Physical = physical, TypeLength = 12, Logical = new LogicalType(kind) }));

    [Theory]
    [InlineData(0, LogicalKind.Decimal)]
    [InlineData(-5, LogicalKind.Decimal)]
    [InlineData(-5, LogicalKind.None)]
    public void Of_FixedBytesOfAnImpossibleLength_IsNull(int length, LogicalKind kind)
    {
        var logical = new LogicalType(kind, Precision: 14);
        Assert.Null(
            BoundOrder.Of(
                new ColumnDescriptor
                {
                    Index = 0,
                    Path = ["c"],
                    Physical = PhysicalType.FixedLenByteArray,
                    TypeLength = length,
                    Logical = logical
                }));
    }

    [Fact]
    public void IsBound_DecimalThatMayBeCut_IsFalse()
    {
        var decimals = BoundOrder.Of(
            new ColumnDescriptor
            {
                Index = 0,
                Path = ["c"],
                Physical = PhysicalType.ByteArray,
                Logical = new LogicalType(LogicalKind.Decimal, Precision: 40)
            })!;
        Assert.False(decimals.IsBound(new byte[16]));
        Assert.False(decimals.IsBound([]));
        var numbers = BoundOrder.Of(new ColumnDescriptor { Index = 0, Path = ["c"], Physical = PhysicalType.Int64 })!;
        Assert.False(numbers.IsBound(new byte[4]));
    }

    [Fact]
    public void IsTrueOfLegacyFields_OnlySignedIntegers_IsTrue()
    {
        static bool IsTrusted(PhysicalType physical, LogicalType logical) =>
            BoundOrder.Of(
                new ColumnDescriptor
                {
                    Index = 0,
                    Path = ["c"],
                    Physical = physical,
                    TypeLength = 4,
                    Logical = logical
                })!.IsTrueOfLegacyFields;

        Assert.True(IsTrusted(PhysicalType.Int64, default));
        Assert.True(IsTrusted(PhysicalType.Int32, new LogicalType(LogicalKind.Decimal, Precision: 9)));
        Assert.False(IsTrusted(PhysicalType.Int32, new LogicalType(LogicalKind.Integer, 32, IsSigned: false)));
        Assert.False(IsTrusted(PhysicalType.ByteArray, new LogicalType(LogicalKind.String)));
        Assert.False(IsTrusted(PhysicalType.FixedLenByteArray, new LogicalType(LogicalKind.Decimal, Precision: 9)));
    }
}
