using System.IO.Compression;
using System.Text;
using IdExtractor.Core.Stage.Deflate;
using IdExtractor.Parquet;
using IdExtractor.Parquet.Compression.Deflate;
using Xunit;

namespace IdExtractor.Core.Tests.Stage.Deflate;

public sealed class LineDeflateTests
{
    private const int MaxText = 1 << 17;

    private readonly LineDeflate _lines = new(MaxText);

    /// <summary>
    /// Two decoders that are independent of the compressor: the runtime's and the one for GZIP
    /// pages.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(100)]
    [InlineData(1000)]
    [InlineData(40_000)]
    [InlineData(MaxText)]
    public void Compress_AnyText_ComesBack(int length)
    {
        for (var seed = 1; seed <= (length > 10_000 ? 3 : 30); seed++)
        {
            foreach (var (kind, text) in SampleTexts.Of(seed, length).Where(sample => sample.Text.Length > 0))
            {
                var compressed = Compress(text, isLast: true);
                Assert.True(text.AsSpan().SequenceEqual(Inflate(compressed, text.Length)), $"{kind}, seed {seed}");
                var own = new byte[text.Length];
                Assert.Equal(DecodeStatus.Ok, InflateDecoder.Current.Decode(compressed, own, out var consumed, out var written));
                Assert.Equal((compressed.Length, text.Length), (consumed, written));
                Assert.True(text.AsSpan().SequenceEqual(own), $"{kind}, seed {seed}");
            }
        }
    }

    [Fact]
    public void Compress_BlocksOneBehindTheOther_AreOneStream()
    {
        var texts = Enumerable.Range(1, 20)
            .SelectMany(seed => SampleTexts.Of(seed, 1 + (seed * 37 % 700)))
            .Select(sample => sample.Text)
            .Where(text => text.Length > 0)
            .ToList();
        var stream = texts.SelectMany((text, index) => Compress(text, isLast: index == texts.Count - 1)).ToArray();
        var whole = texts.SelectMany(text => text).ToArray();

        Assert.Equal(whole, Inflate(stream, whole.Length));
    }

    [Fact]
    public void Compress_SortedIds_IsSmallerThanByTheBestSearch()
    {
        var random = new Random(1);
        var ids = Enumerable.Range(0, 10_000).Select(_ => $"ID{random.Next(5_000_000):D9}").Distinct().Order(StringComparer.Ordinal);
        var text = Encoding.ASCII.GetBytes(string.Join('\n', ids));
        using var searched = new MemoryStream();
        using (var deflate = new DeflateStream(searched, CompressionLevel.SmallestSize, leaveOpen: true))
            deflate.Write(text);

        Assert.InRange(Compress(text, isLast: true).Length, 1, searched.Length * 4 / 5);
    }

    private byte[] Compress(byte[] text, bool isLast)
    {
        // Bytes after the room must not change.
        var room = LineDeflate.MaxCompressedLength(text.Length);
        var destination = new byte[room + 64];
        destination.AsSpan(room).Fill(0xA5);
        var length = _lines.Compress(text, isLast, destination.AsSpan(0, room));
        Assert.Equal(-1, destination.AsSpan(room).IndexOfAnyExcept((byte)0xA5));
        return destination[..length];
    }

    private static byte[] Inflate(byte[] compressed, int length)
    {
        using var inflate = new DeflateStream(new MemoryStream(compressed), CompressionMode.Decompress);
        var text = new byte[length];
        inflate.ReadExactly(text);
        Assert.Equal(-1, inflate.ReadByte());
        return text;
    }
}
