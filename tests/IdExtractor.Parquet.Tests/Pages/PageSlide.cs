using IdExtractor.Parquet.Footer;
using IdExtractor.Parquet.Kernels;
using IdExtractor.Parquet.Pages;
using IdExtractor.Testing.Pages;
using Xunit;

namespace IdExtractor.Parquet.Tests.Pages;

/// <summary>One page in a chunk of its own, read by a window that is reused.</summary>
internal sealed unsafe class PageSlide(
    CompressionCodec codec, bool mayRing = true, PhysicalType physical = PhysicalType.ByteArray) : IDisposable
{
    private readonly PageReader _pages = new();
    private readonly SlidingPage _page = new(mayRing);
    private readonly Source _source = new();
    private ChunkContext _context = null!;

    /// <summary>As <see cref="PageStream.PairCredit"/>.</summary>
    public int PairCredit => _page.Stream->PairCredit;

    /// <param name="content">What the page holds.</param>
    /// <param name="body">The same, compressed.</param>
    /// <param name="random">Draws how much is consumed at a time.</param>
    /// <param name="hold">Nothing is consumed while there is less than this.</param>
    public void AssertGives(byte[] content, byte[] body, Random random, int hold = 0)
    {
        if (content.Length == 0)
            return;
        var output = Run(body, content.Length, random, hold);
        Assert.NotNull(output);
        Assert.True(content.AsSpan().SequenceEqual(output), "The content differs.");
    }

    /// <summary>What the window gave; null when the page has to be read whole.</summary>
    public byte[]? Run(byte[] body, int length, Random random, int hold = 0)
    {
        Begin(body, length);
        var output = new List<byte>();
        while (!_page.IsComplete)
        {
            if (_page.Prepare())
            {
                Assert.NotEqual(CompressionCodec.Zstd, codec);
                RunKernel();
            }

            if (_page.IsBeyondWindow)
                return null;
            if (_page.UnreadLength < hold)
                continue;
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
        var column = new ColumnDescriptor { Index = 0, Path = ["c"], Physical = physical };
        var chunk = new ColumnChunk { Column = column, Codec = codec, ValueCount = 1, Offset = 0, Length = _source.Bytes.Length };
        _context = new ChunkContext("f", 0, chunk, ParquetLimits.Default);
        Rewind();
    }

    /// <summary>The first bytes, after which the page is closed.</summary>
    public byte[] Start(int count)
    {
        while (_page.UnreadLength < count)
            Assert.False(_page.Prepare());
        var output = new ReadOnlySpan<byte>(_page.Unread, count).ToArray();
        _page.Close();
        return output;
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
            if (_page.Prepare())
                RunKernel();
            count += _page.UnreadLength;
            _page.Consume(_page.UnreadLength);
        }

        return count;
    }

    /// <summary>
    /// Bytes that were unread when the page was refused; what came of it when it never was.
    /// </summary>
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

    private void RunKernel()
    {
        var stream = _page.Stream;
        LockStep.Run(&stream, 1);
        _page.Commit();
    }

    public void Dispose()
    {
        _page.Dispose();
        _pages.Dispose();
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
