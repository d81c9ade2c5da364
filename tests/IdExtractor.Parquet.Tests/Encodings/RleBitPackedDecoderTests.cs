using IdExtractor.Parquet.Encodings;
using IdExtractor.Testing.Buffers;
using IdExtractor.Testing.Pages;
using Xunit;

namespace IdExtractor.Parquet.Tests.Encodings;

public class RleBitPackedDecoderTests
{
    public static TheoryData<int> Widths => [.. Enumerable.Range(1, 32)];

    [Theory]
    [MemberData(nameof(Widths))]
    public void Read_RandomRunsInRandomBatches_GivesAllValues(int width)
    {
        var random = new Random(width);
        for (var round = 0; round < 60; round++)
        {
            var values = Indices(random, random.Next(400), width);
            using var page = new GuardedBuffer(
                [9, 9, 9, .. PlainEncoders.Hybrid(values, width, random, isPadded: round % 2 == 0)], atEnd: true);
            var decoder = Decoder(page.Span, width, start: 3);
            var read = new int[values.Length];
            for (var done = 0; done < read.Length;)
            {
                var batch = random.Next(1, Math.Min(200, read.Length - done) + 1);
                if (random.Next(3) == 0)
                {
                    Assert.Equal(DecodeStatus.Ok, decoder.Skip(page.Span, batch));
                    values.AsSpan(done, batch).CopyTo(read.AsSpan(done));
                }
                else
                {
                    Assert.Equal(DecodeStatus.Ok, decoder.Read(page.Span, read.AsSpan(done, batch)));
                }

                done += batch;
            }

            Assert.Equal(values, read);
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 255)]
    [InlineData(2, 3)]
    [InlineData(5, 20)]
    [InlineData(8, 255)]
    [InlineData(12, 200)]
    public void ReadLevels_RandomRunsInRandomBatches_GivesAllLevels(int width, int maxLevel)
    {
        var random = new Random((width * 1000) + maxLevel);
        for (var round = 0; round < 60; round++)
        {
            var levels = Enumerable.Range(0, random.Next(900)).Select(_ => random.Next(Math.Min(maxLevel + 1, 1 << width))).ToArray();
            using var page = new GuardedBuffer(PlainEncoders.Hybrid(levels, width, random), atEnd: true);
            var decoder = Decoder(page.Span, width);
            var read = new byte[levels.Length];
            for (var done = 0; done < read.Length;)
            {
                var batch = random.Next(1, read.Length - done + 1);
                Assert.Equal(DecodeStatus.Ok, decoder.ReadLevels(page.Span, read.AsSpan(done, batch), maxLevel));
                done += batch;
            }

            Assert.Equal(levels, read.Select(level => (int)level));
        }
    }

    [Fact]
    public void TryGetRun_RunsAndGroups_TellsWhatIsLeftOfARun()
    {
        var bytes = new EncodedBytes()
            .AddRepeated(0, 0, 3)
            .AddRepeated(5, 100, 3)
            .AddPacked([1, 2, 3, 4, 5, 6, 7, 0], 3)
            .AddRepeated(6, 2, 3)
            .ToArray();
        var decoder = Decoder(bytes, 3);

        Assert.True(decoder.TryGetRun(bytes, out var value, out var length));
        Assert.Equal((5, 100), (value, length));
        Assert.Equal(DecodeStatus.Ok, decoder.Skip(bytes, 40));
        Assert.True(decoder.TryGetRun(bytes, out value, out length));
        Assert.Equal((5, 60), (value, length));
        Assert.Equal(DecodeStatus.Ok, decoder.Skip(bytes, 61));
        Assert.False(decoder.TryGetRun(bytes, out value, out length));
        Assert.Equal((0, 0), (value, length));
        var rest = new int[7];
        Assert.Equal(DecodeStatus.Ok, decoder.Read(bytes, rest));
        Assert.Equal([2, 3, 4, 5, 6, 7, 0], rest);
        Assert.True(decoder.TryGetRun(bytes, out value, out length));
        Assert.Equal((6, 2), (value, length));
        Assert.Equal(DecodeStatus.Ok, decoder.Skip(bytes, 2));
        Assert.False(decoder.TryGetRun(bytes, out _, out _));
        Assert.Equal(DecodeStatus.InputTooShort, decoder.Skip(bytes, 1));
    }

    [Fact]
    public void TryGetRun_BeforeDamage_LeavesTheErrorToTheDraw()
    {
        byte[] bytes = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80];
        var decoder = Decoder(bytes, 1);

        Assert.False(decoder.TryGetRun(bytes, out _, out _));
        Assert.Equal(DecodeStatus.InvalidHeader, decoder.Read(bytes, new int[1]));
        Assert.Equal(DecodeStatus.InvalidHeader, decoder.ReadLevels(bytes, new byte[1], 1));
        Assert.Equal(DecodeStatus.InvalidHeader, decoder.Skip(bytes, 1));
    }

    [Fact]
    public void Read_WidthZero_IsZerosWithoutEnd()
    {
        var decoder = Decoder([], 0);
        var values = Enumerable.Repeat(7, 1000).ToArray();
        var levels = Enumerable.Repeat((byte)7, 1000).ToArray();

        Assert.Equal(DecodeStatus.Ok, decoder.Read([], values));
        Assert.Equal(DecodeStatus.Ok, decoder.ReadLevels([], levels, 0));
        Assert.All(values, value => Assert.Equal(0, value));
        Assert.All(levels, level => Assert.Equal(0, level));
        for (var i = 0; i < 5; i++)
            Assert.Equal(DecodeStatus.Ok, decoder.Skip([], int.MaxValue));
        Assert.True(decoder.TryGetRun([], out var value, out var length));
        Assert.Equal((0, int.MaxValue), (value, length));
    }

    [Fact]
    public void Read_RunLongerThanThePage_GivesWhatIsAskedFor()
    {
        var repeated = new EncodedBytes().AddRepeated(3, int.MaxValue, 2).ToArray();
        var decoder = Decoder(repeated, 2);
        var values = new int[50];
        Assert.Equal(DecodeStatus.Ok, decoder.Read(repeated, values));
        Assert.All(values, value => Assert.Equal(3, value));
        Assert.True(decoder.TryGetRun(repeated, out _, out var left));
        Assert.Equal(int.MaxValue - 50, left);

        var packed = new EncodedBytes().AddVarint(uint.MaxValue).Add(0xFF, 0xFF).ToArray();
        decoder = Decoder(packed, 3);
        Assert.Equal(DecodeStatus.Ok, decoder.Read(packed, values.AsSpan(0, 5)));
        Assert.Equal([7, 7, 7, 7, 7], values[..5]);
        Assert.Equal(DecodeStatus.InputTooShort, decoder.Read(packed, values.AsSpan(0, 1)));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(33)]
    [InlineData(255)]
    public void Init_WidthOutOfRange_IsRefused(int width) =>
        Assert.Equal(DecodeStatus.InvalidBitWidth, default(RleBitPackedDecoder).Init(new byte[8], 0, 8, width));

    [Theory]
    [InlineData(-1, 4)]
    [InlineData(5, 4)]
    [InlineData(0, 9)]
    public void Init_ExtentOutsideOfPage_IsRefused(int start, int end) =>
        Assert.Equal(DecodeStatus.InvalidLength, default(RleBitPackedDecoder).Init(new byte[8], start, end, 1));

    [Theory]
    [InlineData(32, int.MinValue)]
    [InlineData(32, -1)]
    [InlineData(3, 8)]
    [InlineData(12, 0x1000)]
    public void Read_RepeatedValueOutOfRange_IsInvalid(int width, int value)
    {
        var bytes = new EncodedBytes().AddRepeated(value, 4, width).ToArray();
        var decoder = Decoder(bytes, width);
        Assert.Equal(DecodeStatus.InvalidValue, decoder.Read(bytes, new int[4]));
    }

    [Fact]
    public void Read_PackedValueOf32Bits_IsInvalidWhereItIsDrawn()
    {
        int[] values = [1, int.MaxValue, 0, 5, 6, int.MinValue, 7, 8];
        var bytes = new EncodedBytes().AddPacked(values, 32).ToArray();
        var decoder = Decoder(bytes, 32);
        var read = new int[5];

        Assert.Equal(DecodeStatus.Ok, decoder.Read(bytes, read));
        Assert.Equal(values[..5], read);
        Assert.Equal(DecodeStatus.InvalidValue, decoder.Read(bytes, read.AsSpan(0, 3)));
    }

    [Fact]
    public void ReadLevels_LevelAboveTheHighest_IsInvalid()
    {
        var repeated = new EncodedBytes().AddRepeated(2, 8, 2).ToArray();
        var packed = new EncodedBytes().AddPacked([1, 0, 1, 2, 0, 0, 0, 0], 2).ToArray();
        var packedBits = new EncodedBytes().AddPacked([0, 0, 0, 1, 0, 0, 0, 0], 1).ToArray();

        Assert.Equal(DecodeStatus.InvalidValue, Decoder(repeated, 2).ReadLevels(repeated, new byte[1], 1));
        Assert.Equal(DecodeStatus.Ok, Decoder(repeated, 2).ReadLevels(repeated, new byte[8], 2));
        Assert.Equal(DecodeStatus.Ok, Decoder(packed, 2).ReadLevels(packed, new byte[3], 1));
        Assert.Equal(DecodeStatus.InvalidValue, Decoder(packed, 2).ReadLevels(packed, new byte[4], 1));
        Assert.Equal(DecodeStatus.InvalidValue, Decoder(packedBits, 1).ReadLevels(packedBits, new byte[4], 0));
    }

    [Fact]
    public void Read_ManyRunsOfNoValues_ComesToAnEnd()
    {
        var bytes = new byte[100_000];
        var decoder = Decoder(bytes, 1);
        Assert.Equal(DecodeStatus.InputTooShort, decoder.Read(bytes, new int[1]));
    }

    private static RleBitPackedDecoder Decoder(ReadOnlySpan<byte> page, int width, int start = 0)
    {
        var decoder = default(RleBitPackedDecoder);
        Assert.Equal(DecodeStatus.Ok, decoder.Init(page, start, page.Length, width));
        return decoder;
    }

    private static int[] Indices(Random random, int count, int width)
    {
        var values = new int[count];
        var mask = width >= 31 ? int.MaxValue : (1 << width) - 1;
        for (var i = 0; i < count; i++)
            values[i] = i > 0 && random.Next(5) < 3
                ? values[i - 1]
                : random.Next(3) switch { 0 => 0, 1 => mask, _ => (int)random.NextInt64() & mask };
        return values;
    }
}
