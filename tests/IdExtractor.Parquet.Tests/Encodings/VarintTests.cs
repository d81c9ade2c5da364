using IdExtractor.Parquet.Encodings;
using IdExtractor.Testing.Pages;
using Xunit;

namespace IdExtractor.Parquet.Tests.Encodings;

public class VarintTests
{
    public static TheoryData<ulong> Numbers
    {
        get
        {
            var numbers = new TheoryData<ulong> { 0, 1, 300, uint.MaxValue, uint.MaxValue + 1UL, ulong.MaxValue };
            for (var bits = 7; bits < 64; bits += 7)
            {
                numbers.Add((1UL << bits) - 1);
                numbers.Add(1UL << bits);
            }

            return numbers;
        }
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void TryRead_NumberBetweenOthers_ReadsItAndMovesBehindIt(ulong number)
    {
        var bytes = new EncodedBytes().Add(0x81).AddVarint(number).Add(0xFF).ToArray();

        var position = 1;
        Assert.True(Varint.TryReadUInt64(bytes, ref position, bytes.Length, out var wide));
        Assert.Equal(number, wide);
        Assert.Equal(bytes.Length - 1, position);

        position = 1;
        var fits = number <= uint.MaxValue;
        Assert.Equal(fits, Varint.TryReadUInt32(bytes, ref position, bytes.Length, out var narrow));
        Assert.Equal(fits ? (uint)number : 0, narrow);
        Assert.Equal(fits ? bytes.Length - 1 : 1, position);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(-64)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    public void TryReadZigZag_SignedNumber_ReadsIt(long number)
    {
        var bytes = new EncodedBytes().AddZigZag(number).ToArray();

        var position = 0;
        Assert.True(Varint.TryReadZigZag64(bytes, ref position, bytes.Length, out var wide));
        Assert.Equal(number, wide);
        Assert.Equal(bytes.Length, position);

        position = 0;
        var fits = number is >= int.MinValue and <= int.MaxValue;
        Assert.Equal(fits, Varint.TryReadZigZag32(bytes, ref position, bytes.Length, out var narrow));
        Assert.Equal(fits ? number : 0, narrow);
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void TryRead_CutAtEveryByte_RefusesAndStays(ulong number)
    {
        var bytes = new EncodedBytes().AddVarint(number).ToArray();
        for (var end = 0; end < bytes.Length; end++)
        {
            var position = 0;
            Assert.False(Varint.TryReadUInt64(bytes, ref position, end, out var wide));
            Assert.False(Varint.TryReadUInt32(bytes, ref position, end, out var narrow));
            Assert.Equal((0, 0UL, 0u), (position, wide, narrow));
            Assert.Equal(DecodeStatus.InputTooShort, Varint.Failure(position, end, Varint.MaxLength64));
        }
    }

    [Fact]
    public void TryRead_NeverEnds_StopsAtTheLongestNumber()
    {
        var bytes = Enumerable.Repeat((byte)0x80, 100).ToArray();
        var position = 0;

        Assert.False(Varint.TryReadUInt32(bytes, ref position, bytes.Length, out _));
        Assert.False(Varint.TryReadUInt64(bytes, ref position, bytes.Length, out _));
        Assert.Equal(0, position);
        Assert.Equal(DecodeStatus.InvalidHeader, Varint.Failure(position, bytes.Length, Varint.MaxLength64));
    }

    [Fact]
    public void TryRead_BitsAboveTheType_Refuses()
    {
        byte[] above32 = [0xFF, 0xFF, 0xFF, 0xFF, 0x1F];
        byte[] above64 = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02];
        var position = 0;

        Assert.False(Varint.TryReadUInt32(above32, ref position, above32.Length, out _));
        Assert.False(Varint.TryReadUInt64(above64, ref position, above64.Length, out _));
        Assert.Equal(0, position);
    }

    [Fact]
    public void TryRead_NeedlesslyLong_ReadsIt()
    {
        byte[] three = [0x83, 0x80, 0x80, 0x00];
        var position = 0;

        Assert.True(Varint.TryReadUInt32(three, ref position, three.Length, out var value));
        Assert.Equal((3u, 4), (value, position));
    }
}
