using IdExtractor.Parquet.Compression;
using IdExtractor.Testing;
using IdExtractor.Testing.Pages;
using Xunit;

namespace IdExtractor.Parquet.Tests.Pages;

/// <summary>Zstandard pages through a sliding window, compared with decoding whole pages.</summary>
public sealed class SlidingZstdTests
{
    [LibzstdFact]
    public void Prepare_AnyFrame_GivesItsContent() => Seeded.ForEach(31_000, 200, random =>
    {
        var content = SampleData.Any(random, random.Next(8) == 0 ? 3_000_000 : 40_000);
        using var slide = new PageSlide(CompressionCodec.Zstd);
        slide.AssertGives(content, ZstdTestEncoder.CompressAnyWay(random, content), random);
    });

    [LibzstdTheory]
    [InlineData(10)]
    [InlineData(19)]
    [InlineData(21)]
    [InlineData(23)]
    public void Prepare_UsualWindow_GivesTheContent(int windowLog)
    {
        var random = new Random(windowLog);

        // More than the memory holds, so that output wraps around at least twice.
        var content = SampleData.OfKind(2, random, 11_000_000);
        foreach (var hasSize in new[] { 0, 1 })
        {
            var frame = ZstdTestEncoder.Compress(content, null, (ZstdParameter.WindowLog, windowLog),
                (ZstdParameter.ContentSize, hasSize), (ZstdParameter.LongDistance, 1), (ZstdParameter.Checksum, 1));
            using var slide = new PageSlide(CompressionCodec.Zstd);
            slide.AssertGives(content, frame, random);
        }
    }

    [LibzstdFact]
    public void Prepare_LargeWindow_IsLeftToWholePages()
    {
        var content = SampleData.OfKind(2, new Random(5), 11_000_000);
        var frame = ZstdTestEncoder.Compress(content, null, (ZstdParameter.WindowLog, 24), (ZstdParameter.ContentSize, 0));
        using var slide = new PageSlide(CompressionCodec.Zstd);
        Assert.Null(slide.Run(frame, content.Length, new Random(5)));
    }

    [LibzstdFact]
    public void Prepare_LargeWindowOfASmallPage_GivesTheContent()
    {
        var content = SampleData.OfKind(2, new Random(6), 5_000_000);
        var frame = ZstdTestEncoder.Compress(
            content, null, (ZstdParameter.WindowLog, 27), (ZstdParameter.ContentSize, 0), (ZstdParameter.LongDistance, 1));
        using var slide = new PageSlide(CompressionCodec.Zstd);
        slide.AssertGives(content, frame, new Random(6));
    }

    [LibzstdFact]
    public void Prepare_MoreUnreadThanGoesBeforeTheMemory_IsLeftToWholePages()
    {
        var content = SampleData.OfKind(2, new Random(3), 11_000_000);
        using var slide = new PageSlide(CompressionCodec.Zstd);
        slide.Begin(ZstdTestEncoder.Compress(content, null), content.Length);
        Assert.InRange(slide.UnreadUntilRefused(), 1 << 20, content.Length - 1);
        slide.AssertGives(content, ZstdTestEncoder.Compress(content, null), new Random(3));
    }

    [LibzstdFact]
    public void Prepare_EveryLevel_GivesTheContent()
    {
        using var slide = new PageSlide(CompressionCodec.Zstd);
        for (var level = -5; level <= 19; level++)
        {
            var content = SampleData.OfKind(
                level % SampleData.KindCount < 0 ? 0 : level % SampleData.KindCount, new Random(level), 300_000);
            slide.AssertGives(content, ZstdTestEncoder.Compress(content, null, (ZstdParameter.Level, level)), new Random(level));
        }
    }

    [LibzstdFact]
    public void Prepare_SeveralAndSkippableFrames_GiveAllOfThem() => Seeded.ForEach(32_000, 50, random =>
    {
        var body = new List<byte>();
        var expected = new List<byte>();
        for (var frames = random.Next(1, 5); frames > 0; frames--)
        {
            var content = SampleData.Any(random, 20_000);
            body.AddRange(ZstdTestEncoder.CompressAnyWay(random, content));
            if (random.Next(2) == 0)
                body.AddRange([(byte)(0x50 + random.Next(16)), 0x2A, 0x4D, 0x18, 1, 0, 0, 0, 9]);
            expected.AddRange(content);
        }

        using var slide = new PageSlide(CompressionCodec.Zstd);
        slide.AssertGives([.. expected], [.. body], random);
    });

    // The decoder of whole pages handles what a window refuses and reports the fault. What a window
    // accepts, that decoder accepts too.
    [LibzstdFact]
    public void Prepare_DamagedBody_AgreesWithWholePages() => Seeded.ForEach(33_000, 60, random =>
    {
        var content = SampleData.OfKind(random.Next(SampleData.KindCount), random, random.Next(1, 30_000));
        var frame = ZstdTestEncoder.CompressAnyWay(random, content);
        using var slide = new PageSlide(CompressionCodec.Zstd);
        for (var run = 0; run < 60; run++)
        {
            var (body, length) = Damage(frame, content.Length, random);
            var whole = new byte[length];
            var status = PageCodec.Decompress(CompressionCodec.Zstd, body, whole);
            var output = slide.Run(body, length, random);
            if (output is not null)
            {
                Assert.Equal(DecodeStatus.Ok, status);
                Assert.True(whole.AsSpan().SequenceEqual(output), "The outputs differ.");
            }
        }
    });

    [LibzstdFact]
    public void Prepare_OtherSizesCutsAndTrailingBytes_AreLeftToWholePages()
    {
        var content = SampleData.OfKind(1, new Random(7), 500_000);
        var frame = ZstdTestEncoder.Compress(content, null, (ZstdParameter.Checksum, 1));
        using var slide = new PageSlide(CompressionCodec.Zstd);
        Assert.NotNull(slide.Run(frame, content.Length, new Random(1)));
        Assert.Null(slide.Run(frame, content.Length - 1, new Random(1)));
        Assert.Null(slide.Run(frame, content.Length + 1, new Random(1)));
        Assert.Null(slide.Run(frame[..^1], content.Length, new Random(1)));
        Assert.Null(slide.Run([.. frame, 0], content.Length, new Random(1)));
        Assert.Null(slide.Run([.. frame[..^1], (byte)(frame[^1] ^ 1)], content.Length, new Random(1)));
        Assert.NotNull(slide.Run(frame, content.Length, new Random(1)));
    }

    [LibzstdFact]
    public void Prepare_PageAfterPage_AllocatesNothing()
    {
        var content = SampleData.OfKind(1, new Random(7), 2_000_000);
        var frame = ZstdTestEncoder.Compress(content, null);
        using var slide = new PageSlide(CompressionCodec.Zstd);
        slide.Begin(frame, content.Length);
        Assert.Equal(content.Length, slide.CountToEnd());
        var allocated = Allocations.LeastOf(() =>
        {
            slide.Rewind();
            slide.CountToEnd();
        });

        // A page's header and the chunk's context may; nothing that grows with the page.
        Assert.InRange(allocated, 0, 512);
    }

    private static (byte[] Body, int Length) Damage(byte[] frame, int length, Random random)
    {
        var body = frame.ToArray();
        switch (random.Next(4))
        {
            case 0:
                return (body[..random.Next(1, body.Length + 1)], length);
            case 1:
                return (body, Math.Max(1, length + random.Next(-2, 3)));
            case 2:
                return ([.. body, (byte)random.Next(256)], length);
            default:
                for (var flips = random.Next(1, 4); flips > 0; flips--)
                    body[random.Next(body.Length)] ^= (byte)(1 << random.Next(8));
                return (body, length);
        }
    }
}
