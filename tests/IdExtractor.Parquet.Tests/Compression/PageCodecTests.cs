using System.IO.Compression;
using IdExtractor.Parquet.Compression;
using IdExtractor.Parquet.Tests.Compression.Zstd;
using IdExtractor.Testing;
using IdExtractor.Testing.Pages;
using Xunit;

namespace IdExtractor.Parquet.Tests.Compression;

public sealed class PageCodecTests : IDisposable
{
    private static readonly byte[] Content = ZstdVectors.All[0].Content;

    private readonly GuardedDecoding _guarded = new(100_000);

    public static TheoryData<CompressionCodec> ReadCodecs => [.. Codecs];

    private static CompressionCodec[] Codecs =>
    [
        CompressionCodec.Uncompressed, CompressionCodec.Snappy, CompressionCodec.Gzip, CompressionCodec.Brotli, CompressionCodec.Lz4,
        CompressionCodec.Zstd, CompressionCodec.Lz4Raw,
    ];

    public void Dispose() => _guarded.Dispose();

    [Theory]
    [MemberData(nameof(ReadCodecs))]
    public void Decompress_PageOfEachCodec_GivesItsContent(CompressionCodec codec)
    {
        var body = Compress(codec);
        Assert.True(PageCodec.IsSupported(codec));
        _guarded.AssertDecodes(Decoder(codec), body, Content);
        Assert.True(PageCodec.MaxOutput(codec, body.Length) >= Content.Length);
    }

    [Theory]
    [MemberData(nameof(ReadCodecs))]
    public void Decompress_OtherSizesAndCuts_AreRefused(CompressionCodec codec)
    {
        var body = Compress(codec);
        var decoder = Decoder(codec);
        Assert.Equal(DecodeStatus.OutputTooShort, _guarded.Run(decoder, body, Content.Length + 1));
        Assert.Equal(DecodeStatus.OutputTooLong, _guarded.Run(decoder, body, Content.Length - 1));
        for (var cut = 0; cut < body.Length; cut++)
            Assert.NotEqual(DecodeStatus.Ok, _guarded.Run(decoder, body.AsSpan(0, cut), Content.Length));
    }

    [Theory]
    [MemberData(nameof(ReadCodecs))]
    public void Decompress_EmptyBody_IsAnEmptyPageOnly(CompressionCodec codec)
    {
        Assert.Equal(DecodeStatus.Ok, PageCodec.Decompress(codec, [], []));
        Assert.Equal(DecodeStatus.OutputTooShort, PageCodec.Decompress(codec, [], new byte[1]));
    }

    [Theory]
    [InlineData(CompressionCodec.Lzo)]
    [InlineData((CompressionCodec)8)]
    [InlineData((CompressionCodec)(-1))]
    public void Decompress_OtherCodec_IsUnsupported(CompressionCodec codec)
    {
        Assert.False(PageCodec.IsSupported(codec));
        Assert.Equal(DecodeStatus.Unsupported, PageCodec.Decompress(codec, [1], new byte[1]));
        Assert.Equal(DecodeStatus.Unsupported, PageCodec.Decompress(codec, [], []));
        Assert.Equal(0, PageCodec.MaxOutput(codec, 100));
    }

    // Each page needs a new Brotli decoder, which the runtime cannot create without an allocation.
    [Theory]
    [InlineData(CompressionCodec.Uncompressed)]
    [InlineData(CompressionCodec.Snappy)]
    [InlineData(CompressionCodec.Gzip)]
    [InlineData(CompressionCodec.Lz4)]
    [InlineData(CompressionCodec.Lz4Raw)]
    [InlineData(CompressionCodec.Zstd)]
    public void Decompress_SecondPage_AllocatesNothing(CompressionCodec codec)
    {
        var body = Compress(codec);
        var output = new byte[Content.Length];
        Assert.Equal(0, Allocations.LeastOf(() => PageCodec.Decompress(codec, body, output)));
    }

    [Fact]
    public void Decompress_SecondPageOfManagedZstd_AllocatesNothing()
    {
        var output = new byte[Content.Length];
        var body = ZstdVectors.All[0].Frame;
        Assert.Equal(0, Allocations.LeastOf(() => ManagedZstd.Decode(body, output)));
    }

    [Fact]
    public void Decompress_ManyThreads_DoNotDisturbEachOther()
    {
        var bodies = Codecs.Select(codec => (Codec: codec, Body: Compress(codec))).ToArray();
        Parallel.For(0, 2000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            var (codec, body) = bodies[i % bodies.Length];
            var output = new byte[Content.Length];
            Assert.Equal(DecodeStatus.Ok, PageCodec.Decompress(codec, body, output));
            Assert.True(Content.AsSpan().SequenceEqual(output));
        });
    }

    [Theory]
    [InlineData(CompressionCodec.Uncompressed, 7, 7)]
    [InlineData(CompressionCodec.Snappy, 300, 6400)]
    [InlineData(CompressionCodec.Gzip, 100, 103_200)]
    [InlineData(CompressionCodec.Lz4Raw, 100, 25_500)]
    [InlineData(CompressionCodec.Zstd, 100, 3_276_800)]
    [InlineData(CompressionCodec.Brotli, 3, 16_777_216)]
    [InlineData(CompressionCodec.Zstd, long.MaxValue, long.MaxValue)]
    [InlineData(CompressionCodec.Brotli, long.MaxValue / 1000, long.MaxValue)]
    [InlineData(CompressionCodec.Snappy, 0, 0)]
    public void MaxOutput_AnyLength_IsTheCodecsBound(CompressionCodec codec, long length, long expected) =>
        Assert.Equal(expected, PageCodec.MaxOutput(codec, length));

    [Fact]
    public void MaxOutput_DensestBodies_AreWithinTheBound()
    {
        const int Length = 10_000_000;
        var zeros = new byte[Length];
        var gzip = Compress(stream => new GZipStream(stream, CompressionLevel.SmallestSize, leaveOpen: true), zeros);
        Assert.True(PageCodec.MaxOutput(CompressionCodec.Gzip, gzip.Length) >= Length);
        var brotli = Compress(stream => new BrotliStream(stream, CompressionLevel.SmallestSize, leaveOpen: true), zeros);
        Assert.True(PageCodec.MaxOutput(CompressionCodec.Brotli, brotli.Length) >= Length);

        var snappy = new SnappyTestEncoder().Literal([0]);
        for (var i = 0; i < 1000; i++)
            snappy.Copy(2, 1, 64);
        Assert.True(PageCodec.MaxOutput(CompressionCodec.Snappy, snappy.ToStream().Length) >= snappy.Expected.Length);

        var lz4 = new Lz4TestEncoder().Sequence([0], 1, 200_000).Last([]);
        Assert.True(PageCodec.MaxOutput(CompressionCodec.Lz4Raw, lz4.Block.Length) >= lz4.Expected.Length);

        var zstd = ZstdVectors.All.MaxBy(vector => (double)vector.Content.Length / vector.Frame.Length)!;
        Assert.True(PageCodec.MaxOutput(CompressionCodec.Zstd, zstd.Frame.Length) >= zstd.Content.Length);
    }

    [Fact]
    public void MaxOutput_NegativeLength_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => PageCodec.MaxOutput(CompressionCodec.Snappy, -1));

    private static PageDecoder Decoder(CompressionCodec codec) => (source, destination) => PageCodec.Decompress(codec, source, destination);

    private static byte[] Compress(CompressionCodec codec)
    {
        switch (codec)
        {
            case CompressionCodec.Snappy:
                return new SnappyTestEncoder().Literal(Content).ToStream();
            case CompressionCodec.Gzip:
                return Compress(stream => new GZipStream(stream, CompressionLevel.Optimal, leaveOpen: true), Content);
            case CompressionCodec.Brotli:
                return Compress(stream => new BrotliStream(stream, CompressionLevel.Optimal, leaveOpen: true), Content);
            case CompressionCodec.Zstd:
                return ZstdVectors.All[0].Frame;
            case CompressionCodec.Lz4:
                var block = new Lz4TestEncoder().Last(Content).Block;
                return [
                    0, 0, (byte)(Content.Length >> 8), (byte)Content.Length, 0, 0, (byte)(block.Length >> 8), (byte)block.Length, .. block
                ];
            case CompressionCodec.Lz4Raw:
                return new Lz4TestEncoder().Last(Content).Block;
            default:
                return Content;
        }
    }

    private static byte[] Compress(Func<Stream, Stream> open, byte[] content)
    {
        var stream = new MemoryStream();
        using (var encoder = open(stream))
            encoder.Write(content);
        return stream.ToArray();
    }
}
