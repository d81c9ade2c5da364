using IdExtractor.Parquet.Compression;
using IdExtractor.Testing.Pages;
using Xunit;

namespace IdExtractor.Parquet.Tests.Compression;

public sealed class Lz4BlockDecoderTests : IDisposable
{
    private readonly GuardedDecoding _guarded = new(400_000);

    public void Dispose() => _guarded.Dispose();

    [Fact]
    public void Decode_RandomSequences_GivesWhatTheyMean() => Seeded.ForEach(1000, 400, random =>
    {
        var encoder = Lz4TestEncoder.Random(random, random.Next(8) == 0 ? 200_000 : SnappyTestEncoder.LengthOf(random, 3000));
        _guarded.AssertDecodes(Lz4BlockDecoder.Decode, encoder.Block, encoder.Expected);
    });

    [Fact]
    public void Decode_EveryOffsetAndLengthNearTheEnd_RepeatsBytewise()
    {
        var seed = SampleData.Noise(new Random(1), 70);
        for (var offset = 1; offset <= 70; offset++)
        {
            for (var length = 4; length <= 64; length++)
            {
                var encoder = new Lz4TestEncoder().Sequence(seed, offset, length).Last(seed.AsSpan(0, length % 7));
                _guarded.AssertDecodes(Lz4BlockDecoder.Decode, encoder.Block, encoder.Expected);
            }
        }
    }

    [Theory]
    [InlineData(14)]
    [InlineData(15)]
    [InlineData(15 + 254)]
    [InlineData(15 + 255)]
    [InlineData(15 + 255 + 255)]
    public void Decode_LengthsAtTheStepsOfTheirCode_AreExact(int length)
    {
        var encoder = new Lz4TestEncoder().Sequence(SampleData.Noise(new Random(2), length), 3, 4 + length).Last([1]);
        _guarded.AssertDecodes(Lz4BlockDecoder.Decode, encoder.Block, encoder.Expected);
    }

    [Fact]
    public void Decode_BlockInsideAWindow_ReachesItsHistoryOnly()
    {
        var history = SampleData.Noise(new Random(3), 100);
        var encoder = Lz4TestEncoder.Random(new Random(4), 500, history);
        byte[] window = [.. new byte[20], .. history, .. new byte[encoder.Expected.Length + 9]];

        Assert.Equal(DecodeStatus.Ok, Lz4BlockDecoder.Decode(encoder.Block, window, 20, 120, out var written));
        Assert.Equal(encoder.Expected.Length, written);
        Assert.Equal(encoder.Expected, window.AsSpan(120, written).ToArray());

        var tooFar = new Lz4TestEncoder().RawSequence([], 101, 4).Last([1]).Block;
        Assert.Equal(DecodeStatus.InvalidOffset, Lz4BlockDecoder.Decode(tooFar, window, 20, 120, out _));
    }

    [Fact]
    public void Decode_OtherSizesAndCuts_AreRefused() => Seeded.ForEach(1500, 20, random =>
    {
        var encoder = Lz4TestEncoder.Random(random, 150);
        _guarded.AssertRefusesOtherSizes(Lz4BlockDecoder.Decode, encoder.Block, encoder.Expected.Length);
    });

    [Fact]
    public void Decode_FlippedBits_StaysInsideItsBuffers() => Seeded.ForEach(1600, 20, random =>
    {
        var encoder = Lz4TestEncoder.Random(random, 200);
        _guarded.FlipEveryBit(Lz4BlockDecoder.Decode, encoder.Block, encoder.Expected.Length);
    });

    [Fact]
    public void Decode_Noise_StaysInsideItsBuffers() => Seeded.ForEach(1700, 20_000, random =>
        _guarded.Run(Lz4BlockDecoder.Decode, SampleData.Noise(random, random.Next(60)), random.Next(300)));

    [Theory]
    [InlineData(DecodeStatus.InputTooShort, new byte[] { })]
    [InlineData(DecodeStatus.InputTooShort, new byte[] { 0xF0 })]
    [InlineData(DecodeStatus.InputTooShort, new byte[] { 0xF0, 0xFF, 0xFF })]
    [InlineData(DecodeStatus.InputTooShort, new byte[] { 0x40, 1, 2, 3 })]
    [InlineData(DecodeStatus.OutputTooLong, new byte[] { 0x50, 1, 2, 3, 4, 5 })]
    [InlineData(DecodeStatus.InputTooShort, new byte[] { 0x20, 1, 2, 1 })]
    [InlineData(DecodeStatus.InputTooShort, new byte[] { 0x1F, 1, 1, 0, 0xFF })]
    [InlineData(DecodeStatus.InvalidOffset, new byte[] { 0x00, 1, 0, 0x00 })]
    [InlineData(DecodeStatus.InvalidOffset, new byte[] { 0x20, 1, 2, 0, 0, 0x00 })]
    [InlineData(DecodeStatus.InvalidOffset, new byte[] { 0x20, 1, 2, 3, 0, 0x00 })]
    [InlineData(DecodeStatus.OutputTooLong, new byte[] { 0x20, 1, 2, 1, 0, 0x00 })]
    public void Decode_BrokenBlock_TellsHow(DecodeStatus expected, byte[] block) =>
        Assert.Equal(expected, _guarded.Run(Lz4BlockDecoder.Decode, block, 4));

    [Fact]
    public void Decode_LoneToken_IsAnEmptyBlock()
    {
        _guarded.AssertDecodes(Lz4BlockDecoder.Decode, [0], []);
        Assert.Equal(DecodeStatus.OutputTooShort, _guarded.Run(Lz4BlockDecoder.Decode, [0], 4));
    }
}
