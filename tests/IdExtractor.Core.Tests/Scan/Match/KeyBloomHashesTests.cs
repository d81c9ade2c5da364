using System.IO.Hashing;
using IdExtractor.Core.Keys;
using IdExtractor.Core.Scan.Match;
using IdExtractor.Parquet;
using IdExtractor.Parquet.Footer;
using Xunit;

namespace IdExtractor.Core.Tests.Scan.Match;

public sealed class KeyBloomHashesTests
{
    [Fact]
    public void Of_DecimalInFixedBytes_HashesTheBytesAsStored() =>
        Assert.Equal([XxHash64.HashToUInt64([0, 0, 0, 0, 0xBC, 0x61, 0x4F])], KeyBloomHashes.Of(Keys("00000012345679"u8), Decimal(7))!);

    [Fact]
    public void Of_DecimalTooNarrowForTheKey_IsEmpty() => Assert.Empty(KeyBloomHashes.Of(Keys("00000012345679"u8), Decimal(3))!);

    // A footer can state any length. Such a column is refused where it is read.
    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    public void Of_DecimalOfAnImpossibleLength_IsNull(int length) =>
        Assert.Null(KeyBloomHashes.Of(Keys("00000012345679"u8), Decimal(length)));

    private static ColumnDescriptor Decimal(int length) => new()
    {
        Index = 0,
        Path = ["documento"],
        Physical = PhysicalType.FixedLenByteArray,
        TypeLength = length,
        Logical = new LogicalType(LogicalKind.Decimal, Precision: 14),
    };

    private static KeySet Keys(ReadOnlySpan<byte> key)
    {
        var keys = new KeySetBuilder();
        keys.Add(key);
        return keys.Build();
    }
}
