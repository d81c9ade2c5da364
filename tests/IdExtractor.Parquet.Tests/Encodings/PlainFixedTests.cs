using IdExtractor.Parquet.Encodings;
using Xunit;

namespace IdExtractor.Parquet.Tests.Encodings;

public class PlainFixedTests
{
    [Theory]
    [InlineData(0, 40, 4, 10, DecodeStatus.Ok)]
    [InlineData(8, 40, 8, 4, DecodeStatus.Ok)]
    [InlineData(8, 40, 8, 5, DecodeStatus.InputTooShort)]
    [InlineData(0, 39, 4, 10, DecodeStatus.InputTooShort)]
    [InlineData(40, 40, 16, 0, DecodeStatus.Ok)]
    [InlineData(0, 40, 0, int.MaxValue, DecodeStatus.Ok)]
    [InlineData(0, 40, int.MaxValue, int.MaxValue, DecodeStatus.InputTooShort)]
    [InlineData(0, 40, 1 << 16, 1 << 16, DecodeStatus.InputTooShort)]
    [InlineData(0, 41, 4, 1, DecodeStatus.InvalidLength)]
    [InlineData(-1, 40, 4, 1, DecodeStatus.InvalidLength)]
    [InlineData(9, 8, 4, 0, DecodeStatus.InvalidLength)]
    [InlineData(0, 40, -4, 1, DecodeStatus.InvalidLength)]
    [InlineData(0, 40, 4, -1, DecodeStatus.InvalidLength)]
    public void Check_Extent_IsInsideOrRefused(int position, int end, int width, int count, DecodeStatus expected) =>
        Assert.Equal(expected, PlainFixed.Check(new byte[40], position, end, width, count));
}
