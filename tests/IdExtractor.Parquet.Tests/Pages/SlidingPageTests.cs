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

    /// <summary>Nothing is consumed until a large value is there whole, which neither ring nor window may lose.</summary>
    [Theory]
    [InlineData(CompressionCodec.Snappy, true)]
    [InlineData(CompressionCodec.Snappy, false)]
    [InlineData(CompressionCodec.Uncompressed, true)]
    public void Prepare_MoreUnreadThanTheRingHolds_KeepsIt(CompressionCodec codec, bool mayRing)
    {
        using var slide = new PageSlide(codec, mayRing);
        foreach (var hold in new[] { 100_000, 190_000, 250_000, 262_144, 600_000, 1_500_000 })
        {
            var content = SampleData.OfKind(2, new Random(hold), 2_500_000);
            slide.AssertGives(content, Compress(codec, content), new Random(1), hold);
        }
    }

    private static byte[] Compress(CompressionCodec codec, byte[] content) => codec switch
    {
        CompressionCodec.Snappy => SnappyPage.Compress(content),
        CompressionCodec.Lz4Raw => Lz4Page.Compress(content),
        _ => content,
    };
}
