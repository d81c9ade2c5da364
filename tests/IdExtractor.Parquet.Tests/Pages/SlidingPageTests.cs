using System.IO.Compression;
using IdExtractor.Foundation.Errors;
using IdExtractor.Parquet.Compression;
using IdExtractor.Parquet.Kernels;
using IdExtractor.Parquet.Pages;
using IdExtractor.Testing.Pages;
using Xunit;

namespace IdExtractor.Parquet.Tests.Pages;

/// <summary>
/// Pages that are larger than the window and the ring, read through either and compared with their
/// content.
/// </summary>
public sealed class SlidingPageTests
{
    [Theory]
    [InlineData(CompressionCodec.Snappy, true)]
    [InlineData(CompressionCodec.Snappy, false)]
    [InlineData(CompressionCodec.Lz4Raw, true)]
    [InlineData(CompressionCodec.Lz4Raw, false)]
    [InlineData(CompressionCodec.Uncompressed, true)]
    [InlineData(CompressionCodec.Uncompressed, false)]
    [InlineData(CompressionCodec.Brotli, false)]
    [InlineData(CompressionCodec.Gzip, false)]
    public void Prepare_LargePages_GiveTheirContent(CompressionCodec codec, bool mayRing)
    {
        using var slide = new PageSlide(codec, mayRing);
        Seeded.ForEach(41_000, 40, random =>
        {
            var content = SampleData.OfKind(random.Next(SampleData.KindCount), random, random.Next(400_000, 3_000_000));

            // What repeats from far away leads to the oldest bytes that must be there.
            for (var at = random.Next(60_000, 70_000); at + 2000 < content.Length; at += random.Next(1, 90_000))
                Array.Copy(content, at - Math.Min(at, random.Next(60_000, 65_536)), content, at, random.Next(4, 2000));
            slide.AssertGives(content, Compress(codec, content), random);
        });
    }

    /// <summary>
    /// Values of 64 bits are decompressed by pairs of tags, all others by single ones.
    /// </summary>
    [Theory]
    [InlineData(PhysicalType.Int64, true)]
    [InlineData(PhysicalType.Int32, false)]
    [InlineData(PhysicalType.ByteArray, false)]
    public void Prepare_LargePagesOfNumbers_GiveTheirContent(PhysicalType physical, bool arePairs)
    {
        using var slide = new PageSlide(CompressionCodec.Snappy, mayRing: true, physical);
        var random = new Random(5);
        var content = Enumerable.Range(0, 250_000).SelectMany(_ => BitConverter.GetBytes(random.NextInt64(1_000_000_000))).ToArray();
        var body = Compress(CompressionCodec.Snappy, content);
        slide.Begin(body, content.Length);
        Assert.Equal(arePairs ? SnappyPairLockStep.FullCredit : 0, slide.PairCredit);
        slide.AssertGives(content, body, random);
    }

    /// <summary>
    /// Nothing is consumed until a large value is there whole, which neither ring nor window may
    /// lose.
    /// </summary>
    [Theory]
    [InlineData(CompressionCodec.Snappy, true)]
    [InlineData(CompressionCodec.Snappy, false)]
    [InlineData(CompressionCodec.Uncompressed, true)]
    [InlineData(CompressionCodec.Brotli, false)]
    public void Prepare_MoreUnreadThanTheRingHolds_KeepsIt(CompressionCodec codec, bool mayRing)
    {
        using var slide = new PageSlide(codec, mayRing);
        foreach (var hold in new[] { 100_000, 190_000, 250_000, 262_144, 600_000, 1_500_000 })
        {
            var content = SampleData.OfKind(2, new Random(hold), 2_500_000);
            slide.AssertGives(content, Compress(codec, content), new Random(1), hold);
        }
    }

    /// <summary>
    /// A stream is complete only where the page and its bytes end, whatever has been read of it
    /// before.
    /// </summary>
    [Fact]
    public void Prepare_BrotliOfAnotherLength_IsRefusedAsAWholePageIs() => Seeded.ForEach(42_000, 20, random =>
    {
        var content = SampleData.OfKind(random.Next(SampleData.KindCount), random, random.Next(1000, 1_500_000));
        var body = Compress(CompressionCodec.Brotli, content);
        (byte[], int)[] damaged =
        [
            (body, content.Length - 1), (body, content.Length + 1), (body[..^1], content.Length), ([.. body, 0], content.Length),
        ];
        foreach (var (bytes, length) in damaged)
        {
            using var slide = new PageSlide(CompressionCodec.Brotli);
            var status = PageCodec.Decompress(CompressionCodec.Brotli, bytes, new byte[length]);
            Assert.NotEqual(DecodeStatus.Ok, status);
            var error = Assert.Throws<CorruptFileException>(() => slide.Run(bytes, length, random));
            Assert.Contains(ChunkContext.Explain(status), error.Message, StringComparison.Ordinal);
        }
    });

    /// <summary>What follows the bytes that were read is never decoded.</summary>
    [Fact]
    public void Close_AfterTheStartOfABrotliPage_LeavesTheRestUnread()
    {
        var content = SampleData.OfKind(2, new Random(4), 3_000_000);
        var body = Compress(CompressionCodec.Brotli, content);
        body.AsSpan(body.Length / 2).Clear();
        using var slide = new PageSlide(CompressionCodec.Brotli);
        slide.Begin(body, content.Length);
        Assert.Equal(content[..1000], slide.Start(1000));
    }

    private static byte[] Compress(CompressionCodec codec, byte[] content) => codec switch
    {
        CompressionCodec.Snappy => SnappyPage.Compress(content),
        CompressionCodec.Lz4Raw => Lz4Page.Compress(content),
        CompressionCodec.Brotli => Stream(content, output => new BrotliStream(output, CompressionLevel.Fastest)),
        CompressionCodec.Gzip => Stream(content, output => new GZipStream(output, CompressionLevel.Fastest)),
        _ => content,
    };

    private static byte[] Stream(byte[] content, Func<Stream, Stream> compressor)
    {
        using var output = new MemoryStream();
        using (var stream = compressor(output))
            stream.Write(content);
        return output.ToArray();
    }
}
