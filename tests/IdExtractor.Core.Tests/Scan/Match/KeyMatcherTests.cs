using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;
using IdExtractor.Core.Keys;
using IdExtractor.Core.Scan.Match;
using IdExtractor.Foundation.Kernels;
using IdExtractor.Parquet;
using IdExtractor.Parquet.Footer;
using IdExtractor.Parquet.Kernels;
using Xunit;

namespace IdExtractor.Core.Tests.Scan.Match;

public sealed class KeyMatcherTests
{
    [Theory]
    [InlineData("00012345678901", "00012345678901", true)]
    [InlineData("00012345678901", "12345678901", false)]
    [InlineData("00012345678901", "00012345678901 ", false)]
    public void IsKey_Bytes_ComparesByteForByte(string key, string document, bool expected) =>
        Assert.Equal(expected, Matcher(PhysicalType.ByteArray, default, key).IsKey(Encoding.ASCII.GetBytes(document)));

    [Theory]
    [InlineData("00012345678901", 12345678901, true)]
    [InlineData("00012345678901", -12345678901, false)]
    [InlineData("00000000000000", 0, true)]
    [InlineData("00012345678901", 12345678902, false)]
    public void IsKey_Int64_ComparesAsNumber(string key, long document, bool expected)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, document);
        Assert.Equal(expected, Matcher(PhysicalType.Int64, default, key).IsKey(bytes));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void IsKey_Int32WithTheSignBit_DependsOnTheAnnotation(bool isUnsigned, bool expected)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, 3_000_000_000);
        var logical = new LogicalType(LogicalKind.Integer, 32, IsSigned: !isUnsigned);
        Assert.Equal(expected, Matcher(PhysicalType.Int32, logical, "00003000000000").IsKey(bytes));
    }

    [Theory]
    [InlineData("12345678901", 8, true)]
    [InlineData("12345678901", 16, true)]
    [InlineData("-12345678901", 16, false)]
    [InlineData("9999999999999999999", 9, true)]
    [InlineData("123456789012345678901234567890", 16, true)]
    [InlineData("123456789012345678901234567890", 32, true)]
    [InlineData("123456789012345678901234567891", 16, false)]
    public void IsKey_DecimalBytes_ComparesAsNumberWhateverTheWidth(string document, int width, bool expected)
    {
        var number = BigInteger.Parse(document, CultureInfo.InvariantCulture);
        var bytes = new byte[width];
        bytes.AsSpan().Fill(number.Sign < 0 ? (byte)0xFF : (byte)0);
        var compact = number.ToByteArray(isBigEndian: true);
        compact.CopyTo(bytes.AsSpan(width - compact.Length));
        var logical = new LogicalType(LogicalKind.Decimal, Precision: 38);
        var matcher = Matcher(
            PhysicalType.FixedLenByteArray, logical, "00012345678901", "9999999999999999999", "123456789012345678901234567890");
        Assert.Equal(expected, matcher.IsKey(bytes));
    }

    [Fact]
    public void IsKey_DecimalOfNoBytes_IsZero() =>
        Assert.True(Matcher(PhysicalType.ByteArray, new LogicalType(LogicalKind.Decimal, Precision: 5), "00000000000000").IsKey([]));

    [Fact]
    public void IsKey_HugeDecimal_IsNoKey() =>
        Assert.False(
            Matcher(
                PhysicalType.ByteArray, new LogicalType(LogicalKind.Decimal, Precision: 5),
                "1").IsKey(Enumerable.Repeat((byte)1, 1 << 20).ToArray()));

    /// <summary>
    /// The filter lists candidates; a look at each value by itself would leave the list alone.
    /// </summary>
    [Fact]
    public unsafe void MatchPlain_Text_TakesTheFilter()
    {
        const int Count = 100;
        var page = Enumerable.Range(0, Count)
            .SelectMany(i => (byte[])[14, 0, 0, 0, .. Encoding.ASCII.GetBytes(i.ToString("D14", CultureInfo.InvariantCulture))])
            .ToArray();
        Array.Resize(ref page, page.Length + 8);
        var (hits, candidates) = (new int[PlainKeyProbe.MaxValues], new long[PlainKeyProbe.MaxValues]);
        candidates[0] = -1;
        fixed (byte* data = page)
        {
            var matcher = Matcher(PhysicalType.ByteArray, default, "00000000000007");
            Assert.Equal(1, matcher.MatchPlain(data, page.Length - 8, width: 0, Count, hits, candidates, out var values, out var bytes));
            Assert.Equal((Count, page.Length - 8, 7), (values, bytes, hits[0]));
        }

        Assert.Equal(KernelRegistry.Probe.Uses(Kernel.Scalar), candidates[0] == -1);
    }

    private static KeyMatcher Matcher(PhysicalType physical, LogicalType logical, params string[] keys)
    {
        var builder = new KeySetBuilder();
        foreach (var key in keys)
            builder.Add(Encoding.ASCII.GetBytes(key));
        return KeyMatcher.For(
            new ColumnDescriptor { Index = 0, Path = ["documento"], Physical = physical, Logical = logical }, builder.Build());
    }
}
