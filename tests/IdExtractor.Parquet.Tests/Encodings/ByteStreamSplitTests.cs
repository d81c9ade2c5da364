using IdExtractor.Parquet.Encodings;
using IdExtractor.Testing.Buffers;
using IdExtractor.Testing.Pages;
using Xunit;

namespace IdExtractor.Parquet.Tests.Encodings;

public class ByteStreamSplitTests
{
    public static TheoryData<int> Widths => [.. Enumerable.Range(1, 20), 24, 31, 100];

    [Theory]
    [MemberData(nameof(Widths))]
    public void Decode_EveryPartOfAPage_GivesItsValues(int width)
    {
        var random = new Random(width);
        for (var count = 0; count < 70; count++)
        {
            var values = ValueTables.Bytes(random, count * width);
            using var page = new GuardedBuffer([3, .. PlainEncoders.ByteStreamSplit(values, width)], atEnd: true);
            for (var first = 0; first <= count; first += random.Next(1, 6))
            {
                var part = random.Next(3) == 0 ? count - first : random.Next(count - first + 1);
                using var destination = new GuardedBuffer(part * width, atEnd: true);
                var scalar = new byte[part * width];

                Assert.Equal(
                    DecodeStatus.Ok, ByteStreamSplit.Decode(page.Span, 1, page.Span.Length, width, count, first, destination.Span));
                ByteStreamSplit.DecodeScalar(page.Span[1..], width, count, first, scalar);

                Assert.Equal(values.AsSpan(first * width, part * width).ToArray(), destination.Span.ToArray());
                Assert.Equal(scalar, destination.Span.ToArray());
            }
        }
    }

    [Theory]
    [InlineData(0, 40, 4, 10, 0, 10, DecodeStatus.Ok)]
    [InlineData(0, 40, 4, 11, 0, 1, DecodeStatus.InputTooShort)]
    [InlineData(0, 40, 4, 9, 0, 1, DecodeStatus.InvalidLength)]
    [InlineData(0, 40, 4, 10, 9, 2, DecodeStatus.InputTooShort)]
    [InlineData(0, 40, 4, 10, 11, 0, DecodeStatus.InputTooShort)]
    [InlineData(0, 40, 4, 10, -1, 1, DecodeStatus.InvalidLength)]
    [InlineData(0, 40, 0, 10, 0, 0, DecodeStatus.InvalidLength)]
    [InlineData(0, 40, -4, 10, 0, 0, DecodeStatus.InvalidLength)]
    [InlineData(0, 40, 4, -1, 0, 0, DecodeStatus.InvalidLength)]
    [InlineData(0, 41, 4, 10, 0, 1, DecodeStatus.InvalidLength)]
    [InlineData(-1, 40, 4, 10, 0, 1, DecodeStatus.InvalidLength)]
    [InlineData(9, 8, 4, 0, 0, 0, DecodeStatus.InvalidLength)]
    [InlineData(0, 40, int.MaxValue, int.MaxValue, 0, 0, DecodeStatus.InputTooShort)]
    [InlineData(0, 0, 4, 0, 0, 0, DecodeStatus.Ok)]
    public void Decode_Extent_IsInsideOrRefused(
        int start, int end, int width, int valueCount, int firstValue, int count, DecodeStatus expected) =>
        Assert.Equal(
            expected,
            ByteStreamSplit.Decode(new byte[40], start, end, width, valueCount, firstValue, new byte[Math.Abs((long)width * count)]));

    [Fact]
    public void Decode_DestinationOfPartOfAValue_IsRefused() =>
        Assert.Equal(DecodeStatus.InvalidLength, ByteStreamSplit.Decode(new byte[40], 0, 40, 4, 10, 0, new byte[6]));
}
