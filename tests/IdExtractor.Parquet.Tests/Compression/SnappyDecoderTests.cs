using System.Text;
using IdExtractor.Parquet.Compression;
using IdExtractor.Testing.Pages;
using Xunit;

namespace IdExtractor.Parquet.Tests.Compression;

public sealed class SnappyDecoderTests : IDisposable
{
    private readonly GuardedDecoding _guarded = new(400_000);

    public void Dispose() => _guarded.Dispose();

    [Fact]
    public void Decode_KnownStream_GivesItsText()
    {
        // The format description's own elements, by hand: a literal of six, a copy of nine from
        // three back, a literal of one.
        byte[] stream = [16, 5 << 2, .. "Banana"u8, 1 | (5 << 2), 3, 0, (byte)'!'];
        _guarded.AssertDecodes(SnappyDecoder.Decode, stream, Encoding.ASCII.GetBytes("Bananaanaanaana!"));
    }

    [Fact]
    public void Decode_RandomElements_GivesWhatTheyMean() => Seeded.ForEach(100, 400, random =>
    {
        var encoder = SnappyTestEncoder.Random(random, random.Next(8) == 0 ? 100_000 : SnappyTestEncoder.LengthOf(random, 3000));
        _guarded.AssertDecodes(SnappyDecoder.Decode, encoder.ToStream(), encoder.Expected);
    });

    [Fact]
    public void Decode_EveryOffsetAndLengthAtTheEnd_RepeatsBytewise()
    {
        var seed = SampleData.Noise(new Random(1), 80);
        for (var offset = 1; offset <= 80; offset++)
        {
            for (var length = 1; length <= 64; length++)
            {
                var encoder = new SnappyTestEncoder().Literal(seed).Copy(2, offset, length);
                _guarded.AssertDecodes(SnappyDecoder.Decode, encoder.ToStream(), encoder.Expected);
            }
        }
    }

    [Fact]
    public void Decode_NoElements_GivesAnEmptyPage()
    {
        _guarded.AssertDecodes(SnappyDecoder.Decode, [0], []);
        Assert.Equal(DecodeStatus.OutputTooLong, _guarded.Run(SnappyDecoder.Decode, [0, 0, 65], 0));
    }

    [Fact]
    public void Decode_OtherSizesAndCuts_AreRefused() => Seeded.ForEach(500, 20, random =>
    {
        var encoder = SnappyTestEncoder.Random(random, 150);
        _guarded.AssertRefusesOtherSizes(SnappyDecoder.Decode, encoder.ToStream(), encoder.Expected.Length);
    });

    [Fact]
    public void Decode_FlippedBits_StaysInsideItsBuffers() => Seeded.ForEach(600, 20, random =>
    {
        var encoder = SnappyTestEncoder.Random(random, 200);
        _guarded.FlipEveryBit(SnappyDecoder.Decode, encoder.ToStream(), encoder.Expected.Length);
    });

    [Fact]
    public void Decode_Noise_StaysInsideItsBuffers() => Seeded.ForEach(700, 20_000, random =>
    {
        var length = random.Next(1, 128);
        _guarded.Run(SnappyDecoder.Decode, [(byte)length, .. SampleData.Noise(random, random.Next(60))], length);
    });

    [Theory]
    [InlineData(DecodeStatus.InvalidHeader, new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x00 })]
    [InlineData(DecodeStatus.InvalidHeader, new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0x1F })]
    [InlineData(DecodeStatus.InputTooShort, new byte[] { 0x80 })]
    [InlineData(DecodeStatus.OutputTooLong, new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0x0F })]
    [InlineData(DecodeStatus.OutputTooShort, new byte[] { 3 })]
    [InlineData(DecodeStatus.OutputTooShort, new byte[] { 4 })]
    [InlineData(DecodeStatus.InvalidLength, new byte[] { 4, 63 << 2, 0xFF, 0xFF, 0xFF, 0xFF })]
    [InlineData(DecodeStatus.InputTooShort, new byte[] { 4, 63 << 2, 0xFF, 0xFF, 0xFF })]
    [InlineData(DecodeStatus.InputTooShort, new byte[] { 4, 3 << 2, 1, 2, 3 })]
    [InlineData(DecodeStatus.OutputTooLong, new byte[] { 4, 4 << 2, 1, 2, 3, 4, 5 })]
    [InlineData(DecodeStatus.InputTooShort, new byte[] { 4, 1 })]
    [InlineData(DecodeStatus.InputTooShort, new byte[] { 4, 2, 1 })]
    [InlineData(DecodeStatus.InputTooShort, new byte[] { 4, 3, 1, 0, 0 })]
    public void Decode_BrokenStream_TellsHow(DecodeStatus expected, byte[] stream) =>
        Assert.Equal(expected, _guarded.Run(SnappyDecoder.Decode, stream, 4));

    [Theory]
    [InlineData(1, 0u)]
    [InlineData(1, 9u)]
    [InlineData(2, 0u)]
    [InlineData(2, 9u)]
    [InlineData(2, 65535u)]
    [InlineData(3, 0u)]
    [InlineData(3, 9u)]
    [InlineData(3, uint.MaxValue)]
    public void Decode_OffsetOutsideTheOutput_IsInvalidOffset(int kind, uint offset)
    {
        var stream = new SnappyTestEncoder().Literal([1, 2, 3, 4, 5, 6, 7, 8]).RawCopy(kind, offset, 4).ToStream(12);
        Assert.Equal(DecodeStatus.InvalidOffset, _guarded.Run(SnappyDecoder.Decode, stream, 12));
    }

    [Fact]
    public void Decode_CopyPastTheEnd_IsOutputTooLong()
    {
        var stream = new SnappyTestEncoder().Literal([1, 2, 3, 4]).RawCopy(1, 1, 5).ToStream(8);
        Assert.Equal(DecodeStatus.OutputTooLong, _guarded.Run(SnappyDecoder.Decode, stream, 8));
    }
}
