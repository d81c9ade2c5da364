using System.IO.Compression;
using IdExtractor.Parquet.Compression;
using IdExtractor.Testing.Pages;
using Xunit;

namespace IdExtractor.Parquet.Tests.Compression;

public sealed class BrotliPageDecoderTests : IDisposable
{
    private readonly GuardedDecoding _guarded = new(400_000);

    public void Dispose() => _guarded.Dispose();

    [Fact]
    public void Decode_StreamsOfTheRuntime_GivesTheirContent() => Seeded.ForEach(7000, 150, random =>
    {
        var content = SampleData.Any(random, random.Next(4) == 0 ? 300_000 : 5000);
        _guarded.AssertDecodes(BrotliPageDecoder.Decode, Compress(random, content), content);
    });

    [Fact]
    public void Decode_StreamOfNothing_GivesAnEmptyPage()
    {
        _guarded.AssertDecodes(BrotliPageDecoder.Decode, [6], []);
        Assert.Equal(DecodeStatus.OutputTooShort, _guarded.Run(BrotliPageDecoder.Decode, [6], 1));
    }

    [Fact]
    public void Decode_OtherSizesAndCuts_AreRefused() => Seeded.ForEach(7200, 15, random =>
    {
        var content = SampleData.OfKind(random.Next(SampleData.KindCount), random, random.Next(1, 300));
        _guarded.AssertRefusesOtherSizes(BrotliPageDecoder.Decode, Compress(random, content), content.Length);
    });

    [Fact]
    public void Decode_FlippedBits_StaysInsideItsBuffers() => Seeded.ForEach(7300, 8, random =>
    {
        var content = SampleData.OfKind(random.Next(SampleData.KindCount), random, random.Next(1, 300));
        _guarded.FlipEveryBit(BrotliPageDecoder.Decode, Compress(random, content), content.Length);
    });

    [Fact]
    public void Decode_SomethingAfterTheStream_IsInvalidLength()
    {
        var stream = Compress(new Random(1), "some content"u8.ToArray());
        Assert.Equal(DecodeStatus.InvalidLength, _guarded.Run(BrotliPageDecoder.Decode, [.. stream, 0], 12));
    }

    [Fact]
    public void Decode_Bomb_StopsAtTheDeclaredSize()
    {
        var stream = Compress(new Random(1), new byte[20_000_000]);
        Assert.Equal(DecodeStatus.OutputTooLong, _guarded.Run(BrotliPageDecoder.Decode, stream, 100_000));
    }

    private static byte[] Compress(Random random, byte[] content)
    {
        var stream = new byte[BrotliEncoder.GetMaxCompressedLength(content.Length)];
        Assert.True(BrotliEncoder.TryCompress(content, stream, out var written, random.Next(0, 10), random.Next(10, 25)));
        return stream[..written];
    }
}
