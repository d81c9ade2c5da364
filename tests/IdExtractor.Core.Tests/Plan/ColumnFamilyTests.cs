using IdExtractor.Core.Plan;
using IdExtractor.Parquet;
using IdExtractor.Parquet.Footer;
using Xunit;

namespace IdExtractor.Core.Tests.Plan;

public sealed class ColumnFamilyTests
{
    /// <summary>
    /// Physical type, logical type, family as a key, family as an ID; a dash for a refusal.
    /// </summary>
    public static TheoryData<PhysicalType, LogicalType, string, string> Types => new()
    {
        { PhysicalType.ByteArray, default, "Bytes", "Bytes" },
        { PhysicalType.ByteArray, new(LogicalKind.String), "Bytes", "Bytes" },
        { PhysicalType.ByteArray, new(LogicalKind.Enum), "Bytes", "Bytes" },
        { PhysicalType.ByteArray, new(LogicalKind.Json), "Bytes", "Bytes" },
        { PhysicalType.ByteArray, new(LogicalKind.Bson), "Bytes", "Bytes" },
        { PhysicalType.ByteArray, new(LogicalKind.Other), "Bytes", "Bytes" },
        { PhysicalType.ByteArray, new(LogicalKind.Decimal, Precision: 20), "Number 0", "Number 0" },
        { PhysicalType.ByteArray, new(LogicalKind.Decimal, Precision: 20, Scale: 5), "-", "Number 5" },
        { PhysicalType.FixedLenByteArray, default, "Bytes", "Bytes" },
        { PhysicalType.FixedLenByteArray, new(LogicalKind.String), "Bytes", "Bytes" },
        { PhysicalType.FixedLenByteArray, new(LogicalKind.Uuid), "Uuid", "Uuid" },
        { PhysicalType.FixedLenByteArray, new(LogicalKind.Decimal, Precision: 38), "Number 0", "Number 0" },
        { PhysicalType.FixedLenByteArray, new(LogicalKind.Decimal, Precision: 38, Scale: 3), "-", "Number 3" },
        { PhysicalType.FixedLenByteArray, new(LogicalKind.Float16), "-", "-" },
        { PhysicalType.FixedLenByteArray, new(LogicalKind.Interval), "-", "-" },
        { PhysicalType.Int32, default, "Number 0", "Number 0" },
        { PhysicalType.Int32, new(LogicalKind.Integer, 8), "Number 0", "Number 0" },
        { PhysicalType.Int32, new(LogicalKind.Integer, 16, IsSigned: false), "Number 0", "Number 0" },
        { PhysicalType.Int32, new(LogicalKind.Decimal, Precision: 9), "Number 0", "Number 0" },
        { PhysicalType.Int32, new(LogicalKind.Decimal, Precision: 9, Scale: 2), "-", "Number 2" },
        { PhysicalType.Int32, new(LogicalKind.Date), "-", "-" },
        { PhysicalType.Int32, new(LogicalKind.Time), "-", "-" },
        { PhysicalType.Int32, new(LogicalKind.Unknown), "Nothing", "Nothing" },
        { PhysicalType.Int64, default, "Number 0", "Number 0" },
        { PhysicalType.Int64, new(LogicalKind.Integer, 64, IsSigned: false), "Number 0", "Number 0" },
        { PhysicalType.Int64, new(LogicalKind.Decimal, Precision: 18), "Number 0", "Number 0" },
        { PhysicalType.Int64, new(LogicalKind.Decimal, Precision: 18, Scale: -1), "-", "-" },
        { PhysicalType.Int64, new(LogicalKind.Decimal, Precision: 18, Scale: 2_000_000_000), "-", "-" },
        { PhysicalType.Int64, new(LogicalKind.Time), "-", "-" },
        { PhysicalType.Int64, new(LogicalKind.Timestamp), "-", "-" },
        { PhysicalType.Int96, default, "-", "-" },
        { PhysicalType.Boolean, default, "-", "-" },
        { PhysicalType.Float, default, "-", "-" },
        { PhysicalType.Double, default, "-", "-" },
    };

    [Theory]
    [MemberData(nameof(Types))]
    public void Of_Type_IsUsedOrRefused(PhysicalType physical, LogicalType logical, string key, string id)
    {
        Assert.Equal(key, Text(ColumnFamily.Of(Column(physical, logical), ColumnRole.Key)));
        Assert.Equal(id, Text(ColumnFamily.Of(Column(physical, logical), ColumnRole.Id)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-14)]
    [InlineData(int.MaxValue)]
    public void Of_FixedLengthThatCannotBe_IsRefused(int length) =>
        Assert.Null(ColumnFamily.Of(Column(PhysicalType.FixedLenByteArray, default) with { TypeLength = length }, ColumnRole.Id));

    [Fact]
    public void Of_RequiredColumnOfNulls_IsRefused() =>
        Assert.Null(ColumnFamily.Of(Column(PhysicalType.Int32, new(LogicalKind.Unknown)) with { MaxDefinitionLevel = 0 }, ColumnRole.Id));

    private static ColumnDescriptor Column(PhysicalType physical, LogicalType logical) => new()
    {
        Index = 0,
        Path = ["c"],
        Physical = physical,
        TypeLength = physical == PhysicalType.FixedLenByteArray ? 16 : 0,
        Logical = logical,
        MaxDefinitionLevel = 1,
    };

    private static string Text(ColumnFamily? family) => family switch
    {
        null => "-",
        { Kind: ColumnFamily.Values.Number } number => $"Number {number.Scale}",
        { } other => other.Kind.ToString(),
    };
}
