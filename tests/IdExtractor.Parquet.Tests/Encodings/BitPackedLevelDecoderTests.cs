using IdExtractor.Parquet.Encodings;
using IdExtractor.Testing.Buffers;
using IdExtractor.Testing.Pages;
using Xunit;

namespace IdExtractor.Parquet.Tests.Encodings;

public class BitPackedLevelDecoderTests
{
    [Fact]
    public void ReadLevels_ExampleOfTheFormat_GivesItsValues()
    {
        // The format's own example: 0 to 7 in three bits each, the highest bit first.
        byte[] page = [0b0000_0101, 0b0011_1001, 0b0111_0111];
        var decoder = default(BitPackedLevelDecoder);
        var levels = new byte[8];

        Assert.Equal(DecodeStatus.Ok, decoder.Init(page, 0, page.Length, 3));
        Assert.Equal(DecodeStatus.Ok, decoder.ReadLevels(page, levels, 7));
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7], levels);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(13)]
    [InlineData(32)]
    public void ReadLevels_RandomLevelsInRandomBatches_GivesAll(int width)
    {
        var random = new Random(width);
        for (var count = 0; count < 150; count++)
        {
            var levels = Enumerable.Range(0, count).Select(_ => (byte)random.Next(1 << Math.Min(width, 8))).ToArray();
            byte[] packed = new EncodedBytes().AddHighBitsFirst(levels.Select(level => (ulong)level), width).ToArray();
            Assert.Equal(packed.Length, BitPackedLevelDecoder.ByteLength(count, width));
            using var page = new GuardedBuffer([1, 2, .. packed], atEnd: true);
            var decoder = default(BitPackedLevelDecoder);
            Assert.Equal(DecodeStatus.Ok, decoder.Init(page.Span, 2, page.Span.Length, width));
            var read = new byte[count];
            for (var done = 0; done < count;)
            {
                var batch = random.Next(1, count - done + 1);
                if (random.Next(3) == 0)
                {
                    Assert.Equal(DecodeStatus.Ok, decoder.Skip(page.Span, batch));
                    levels.AsSpan(done, batch).CopyTo(read.AsSpan(done));
                }
                else
                {
                    Assert.Equal(DecodeStatus.Ok, decoder.ReadLevels(page.Span, read.AsSpan(done, batch), 255));
                }

                done += batch;
            }

            Assert.Equal(levels, read);
            Assert.Equal(DecodeStatus.InputTooShort, decoder.ReadLevels(page.Span, new byte[8], 255));
            Assert.Equal(DecodeStatus.InputTooShort, decoder.Skip(page.Span, 8));
            Assert.False(decoder.TryGetRun(page.Span, out _, out _));
        }
    }

    [Fact]
    public void ReadLevels_LevelAboveTheHighest_IsInvalid()
    {
        byte[] page = [0b0001_1000];
        var decoder = default(BitPackedLevelDecoder);
        Assert.Equal(DecodeStatus.Ok, decoder.Init(page, 0, 1, 2));
        Assert.Equal(DecodeStatus.Ok, decoder.ReadLevels(page, new byte[2], 1));
        Assert.Equal(DecodeStatus.InvalidValue, decoder.ReadLevels(page, new byte[1], 1));
    }

    [Fact]
    public void ReadLevels_WidthZero_IsZerosWithoutEnd()
    {
        var decoder = default(BitPackedLevelDecoder);
        var levels = Enumerable.Repeat((byte)7, 100).ToArray();
        Assert.Equal(DecodeStatus.Ok, decoder.Init([], 0, 0, 0));
        Assert.Equal(DecodeStatus.Ok, decoder.ReadLevels([], levels, 0));
        Assert.All(levels, level => Assert.Equal(0, level));
        Assert.Equal(DecodeStatus.Ok, decoder.Skip([], int.MaxValue));
        Assert.True(decoder.TryGetRun([], out var value, out var length));
        Assert.Equal((0, int.MaxValue), (value, length));
    }

    [Theory]
    [InlineData(0, 8, -1, DecodeStatus.InvalidBitWidth)]
    [InlineData(0, 8, 33, DecodeStatus.InvalidBitWidth)]
    [InlineData(0, 9, 1, DecodeStatus.InvalidLength)]
    [InlineData(-1, 8, 1, DecodeStatus.InvalidLength)]
    [InlineData(5, 4, 1, DecodeStatus.InvalidLength)]
    public void Init_OutOfRange_IsRefused(int start, int end, int width, DecodeStatus expected) =>
        Assert.Equal(expected, default(BitPackedLevelDecoder).Init(new byte[8], start, end, width));
}
