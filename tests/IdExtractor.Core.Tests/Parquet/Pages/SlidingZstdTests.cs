using IdExtractor.Core.Parquet;
using IdExtractor.Core.Parquet.Compression;
using IdExtractor.Core.Parquet.Footer;
using IdExtractor.Core.Parquet.Pages;
using IdExtractor.Core.Tests.Parquet.Compression;
using IdExtractor.Core.Tests.Parquet.Compression.Zstd;
using IdExtractor.Core.Tests.Support;
using Xunit;

namespace IdExtractor.Core.Tests.Parquet.Pages;

/// <summary>Zstandard pages through a sliding window, held against the decoding of whole pages.</summary>
public sealed class SlidingZstdTests
{
    [LibzstdFact]
    public void Prepare_AnyFrame_GivesItsContent() => Seeded.ForEach(31_000, 200, random =>
    {
        var content = SampleData.Any(random, random.Next(8) == 0 ? 3_000_000 : 40_000);
        using var slide = new Slide();
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

        // More than the memory holds, so that output begins anew at its beginning, twice and more.
        var content = SampleData.OfKind(2, random, 11_000_000);
        foreach (var hasSize in new[] { 0, 1 })
        {
            var frame = ZstdTestEncoder.Compress(content, null, (ZstdParameter.WindowLog, windowLog), (ZstdParameter.ContentSize, hasSize), (ZstdParameter.LongDistance, 1), (ZstdParameter.Checksum, 1));
            using var slide = new Slide();
            slide.AssertGives(content, frame, random);
        }
    }

    [LibzstdFact]
    public void Prepare_LargeWindow_IsLeftToWholePages()
    {
        var content = SampleData.OfKind(2, new Random(5), 11_000_000);
        var frame = ZstdTestEncoder.Compress(content, null, (ZstdParameter.WindowLog, 24), (ZstdParameter.ContentSize, 0));
        using var slide = new Slide();
        Assert.Null(slide.Run(frame, content.Length, new Random(5)));
    }

    [LibzstdFact]
    public void Prepare_LargeWindowOfASmallPage_GivesTheContent()
    {
        var content = SampleData.OfKind(2, new Random(6), 5_000_000);
        var frame = ZstdTestEncoder.Compress(content, null, (ZstdParameter.WindowLog, 27), (ZstdParameter.ContentSize, 0), (ZstdParameter.LongDistance, 1));
        using var slide = new Slide();
        slide.AssertGives(content, frame, new Random(6));
    }

    [LibzstdFact]
    public void Prepare_MoreUnreadThanGoesBeforeTheMemory_IsLeftToWholePages()
    {
        var content = SampleData.OfKind(2, new Random(3), 11_000_000);
        using var slide = new Slide();
        slide.Begin(ZstdTestEncoder.Compress(content, null), content.Length);
        Assert.InRange(slide.UnreadUntilRefused(), 1 << 20, content.Length - 1);
        slide.AssertGives(content, ZstdTestEncoder.Compress(content, null), new Random(3));
    }

    [LibzstdFact]
    public void Prepare_EveryLevel_GivesTheContent()
    {
        using var slide = new Slide();
        for (var level = -5; level <= 19; level++)
        {
            var content = SampleData.OfKind(level % SampleData.KindCount < 0 ? 0 : level % SampleData.KindCount, new Random(level), 300_000);
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

        using var slide = new Slide();
        slide.AssertGives([.. expected], [.. body], random);
    });

    // What a window refuses goes to the decoder of whole pages, which tells what is wrong; what a window accepts, that decoder gives too.
    [LibzstdFact]
    public void Prepare_DamagedBody_AgreesWithWholePages() => Seeded.ForEach(33_000, 60, random =>
    {
        var content = SampleData.OfKind(random.Next(SampleData.KindCount), random, random.Next(1, 30_000));
        var frame = ZstdTestEncoder.CompressAnyWay(random, content);
        using var slide = new Slide();
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
        using var slide = new Slide();
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
        using var slide = new Slide();
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

    /// <summary>One page in a chunk of its own, read by a window that is reused.</summary>
    private sealed unsafe class Slide : IDisposable
    {
        private readonly PageReader _pages = new();
        private readonly SlidingPage _page = new();
        private readonly Source _source = new();
        private ChunkContext _context = null!;

        public void AssertGives(byte[] content, byte[] body, Random random)
        {
            if (content.Length == 0)
                return;
            var output = Run(body, content.Length, random);
            Assert.NotNull(output);
            Assert.True(content.AsSpan().SequenceEqual(output), "The content differs.");
        }

        /// <summary>What the window gave; null when the page has to be read whole.</summary>
        public byte[]? Run(byte[] body, int length, Random random)
        {
            Begin(body, length);
            var output = new List<byte>();
            while (!_page.IsComplete)
            {
                Assert.False(_page.Prepare());
                if (_page.IsBeyondWindow)
                    return null;
                var taken = random.Next(4) == 0 ? random.Next(_page.UnreadLength + 1) : _page.UnreadLength;
                output.AddRange(new ReadOnlySpan<byte>(_page.Unread, taken));
                _page.Consume(taken);
            }

            output.AddRange(new ReadOnlySpan<byte>(_page.Unread, _page.UnreadLength));
            return [.. output];
        }

        public void Begin(byte[] body, int length)
        {
            var thrift = new ThriftSketch().Field(1, 5).Integer(0).Field(2, 5).Integer(length).Field(3, 5).Integer(body.Length).Field(5, 12);
            thrift.Struct(() => thrift.Field(1, 5).Integer(1).Field(2, 5).Integer(0).Field(3, 5).Integer(3).Field(4, 5).Integer(3));
            _source.Bytes = [.. thrift.End(), .. body];
            var column = new ColumnDescriptor { Index = 0, Path = ["c"], Physical = PhysicalType.ByteArray };
            var chunk = new ColumnChunk { Column = column, Codec = CompressionCodec.Zstd, ValueCount = 1, Offset = 0, Length = _source.Bytes.Length };
            _context = new ChunkContext("f", 0, chunk, ParquetLimits.Default);
            Rewind();
        }

        public void Rewind()
        {
            _source.Position = 0;
            _pages.Open(_context, _source);
            Assert.True(_pages.MoveNext());
            _page.Open(_context, _pages, _pages.Header.UncompressedSize);
        }

        public long CountToEnd()
        {
            long count = 0;
            while (!_page.IsComplete && !_page.IsBeyondWindow)
            {
                _page.Prepare();
                count += _page.UnreadLength;
                _page.Consume(_page.UnreadLength);
            }

            return count;
        }

        /// <summary>Bytes that were unread when the page was refused; what came of it when it never was.</summary>
        public int UnreadUntilRefused()
        {
            var unread = 0;
            while (!_page.IsComplete && !_page.IsBeyondWindow)
            {
                unread = _page.UnreadLength;
                _page.Prepare();
            }

            return _page.IsBeyondWindow ? unread : _page.UnreadLength;
        }

        public void Dispose()
        {
            _page.Dispose();
            _pages.Dispose();
        }
    }

    private sealed class Source : ChunkSource
    {
        public byte[] Bytes { get; set; } = [];

        public int Position { get; set; }

        public override int Read(Memory<byte> destination)
        {
            var count = Math.Min(destination.Length, Math.Min(Bytes.Length - Position, 77_777));
            Bytes.AsSpan(Position, count).CopyTo(destination.Span);
            Position += count;
            return count;
        }

        public override void Skip(long count) => Position += (int)count;
    }
}
