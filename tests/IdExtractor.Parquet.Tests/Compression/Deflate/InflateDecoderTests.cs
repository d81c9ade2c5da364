using System.IO.Compression;
using IdExtractor.Parquet.Compression.Deflate;
using IdExtractor.Testing.Pages;
using Xunit;

namespace IdExtractor.Parquet.Tests.Compression.Deflate;

/// <summary>The inflater against the runtime's own streams.</summary>
public sealed class InflateDecoderTests : IDisposable
{
    private static readonly CompressionLevel[] Levels =
        [CompressionLevel.Optimal, CompressionLevel.Fastest, CompressionLevel.SmallestSize, CompressionLevel.NoCompression];

    private readonly GuardedDecoding _guarded = new(400_000);

    public void Dispose() => _guarded.Dispose();

    [Fact]
    public void Decode_StreamsOfTheRuntime_GivesTheirContent() => Seeded.ForEach(4000, 400, random =>
    {
        var content = SampleData.Any(random, random.Next(4) == 0 ? 300_000 : 5000);
        _guarded.AssertDecodes(Whole, Deflate(content, Levels[random.Next(Levels.Length)]), content);
    });

    [Fact]
    public void Decode_LongestCodes_GivesTheContent()
    {
        // Frequencies that grow like Fibonacci's numbers drive the code to its limit of 15 bits,
        // and so through the second-level tables.
        var content = new List<byte>();
        var (a, b) = (1, 1);
        for (var symbol = 0; symbol < 22; symbol++)
        {
            content.AddRange(Enumerable.Repeat((byte)(symbol * 11), a));
            (a, b) = (b, a + b);
        }

        var random = new Random(5);
        var shuffled = content.ToArray();
        random.Shuffle(shuffled);
        foreach (var level in Levels)
            _guarded.AssertDecodes(Whole, Deflate(shuffled, level), shuffled);
    }

    [Fact]
    public void Decode_FlushedInParts_GivesTheContent() => Seeded.ForEach(4500, 100, random =>
    {
        var content = SampleData.Any(random, 4000);
        var stream = new MemoryStream();
        using (var encoder = new DeflateStream(stream, Levels[random.Next(Levels.Length)], leaveOpen: true))
        {
            for (var done = 0; done < content.Length;)
            {
                var part = Math.Min(random.Next(1, 600), content.Length - done);
                encoder.Write(content, done, part);
                encoder.Flush();
                done += part;
            }
        }

        // For empty input, the runtime writes no bytes at all.
        _guarded.AssertDecodes(Whole, content.Length == 0 ? [3, 0] : stream.ToArray(), content);
    });

    [Fact]
    public void Decode_HandMadeBlocks_GivesTheContent()
    {
        // Fixed codes: "ab" and the end; a stored block of three; an empty stored block at odd bit
        // positions between them.
        _guarded.AssertDecodes(Whole, [0x4B, 0x4C, 0x02, 0x00], "ab"u8);
        _guarded.AssertDecodes(Whole, [0x01, 3, 0, 0xFC, 0xFF, 7, 8, 9], [7, 8, 9]);
        _guarded.AssertDecodes(Whole, [0x00, 0, 0, 0xFF, 0xFF, 0x03, 0x00], []);
    }

    [Theory]
    [InlineData(DecodeStatus.InputTooShort, new byte[] { })]
    [InlineData(DecodeStatus.InvalidHeader, new byte[] { 0x07 })]
    [InlineData(DecodeStatus.InvalidHeader, new byte[] { 0x01, 1, 0, 0xFF, 0xFF, 7 })]
    [InlineData(DecodeStatus.InputTooShort, new byte[] { 0x01, 2, 0, 0xFD, 0xFF, 7 })]
    [InlineData(DecodeStatus.InputTooShort, new byte[] { 0x01, 1, 0 })]
    [InlineData(DecodeStatus.InputTooShort, new byte[] { 0x4B, 0x4C })]
    [InlineData(DecodeStatus.InvalidOffset, new byte[] { 0x03, 0x02, 0, 0, 0 })]
    [InlineData(DecodeStatus.OutputTooLong, new byte[] { 0x01, 5, 0, 0xFA, 0xFF, 1, 2, 3, 4, 5 })]
    [InlineData(DecodeStatus.InvalidHeader, new byte[] { 0xFD, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF })]
    [InlineData(DecodeStatus.InputTooShort, new byte[] { 0x05, 0x00 })]
    public void Decode_BrokenStream_TellsHow(DecodeStatus expected, byte[] stream) =>
        Assert.Equal(expected, _guarded.Run(Whole, stream, 4));

    [Fact]
    public void Decode_OtherSizesAndCuts_AreRefused() => Seeded.ForEach(4700, 30, random =>
    {
        var content = SampleData.OfKind(random.Next(SampleData.KindCount), random, random.Next(1, 300));
        _guarded.AssertRefusesOtherSizes(Whole, Deflate(content, Levels[random.Next(Levels.Length)]), content.Length);
    });

    [Fact]
    public void Decode_FlippedBits_AgreesWithTheRuntime() => Seeded.ForEach(4800, 12, random =>
    {
        var content = SampleData.OfKind(random.Next(SampleData.KindCount), random, random.Next(1, 400));
        var stream = Deflate(content, Levels[random.Next(3)]);
        for (var bit = 0; bit < stream.Length * 8; bit++)
        {
            stream[bit / 8] ^= (byte)(1 << (bit % 8));
            AssertAgrees(stream, content.Length);
            stream[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    });

    [Fact]
    public void Decode_Noise_AgreesWithTheRuntime() => Seeded.ForEach(5000, 5000, random =>
    {
        var stream = SampleData.Noise(random, random.Next(1, 120));
        stream[0] = (byte)((stream[0] & 0xF8) | (random.Next(2) == 0 ? 0b101 : 0b011));
        AssertAgrees(stream, random.Next(400));
    });

    [Fact]
    public void TryBuild_AnyLengths_AcceptsWhatZlibDoesAndFillsItsTable() => Seeded.ForEach(10_000, 3000, random =>
    {
        // Lengths of a random complete code: split a leaf until there are as many as there are
        // symbols.
        var leaves = new List<int> { 0 };
        var symbols = random.Next(2, DeflateSymbols.LiteralLengthCount + 1);
        while (leaves.Count < symbols)
        {
            var at = random.Next(3) == 0 ? random.Next(leaves.Count) : leaves.Count - 1;
            if (leaves[at] == PrefixTable.MaxCodeLength)
                at = leaves.FindIndex(length => length < PrefixTable.MaxCodeLength);
            leaves[at]++;
            leaves.Add(leaves[at]);
        }

        var lengths = leaves.Select(length => (byte)length).ToArray();
        random.Shuffle(lengths);
        var table = new uint[DeflateSymbols.LiteralLengthTableSize];
        var meanings = DeflateSymbols.LiteralLengths.AsSpan(0, symbols);
        Assert.True(PrefixTable.TryBuild(lengths, meanings, DeflateSymbols.LiteralLengthRootBits, table));

        var longest = Array.IndexOf(lengths, lengths.Max());
        var isSingle = symbols == 2;
        lengths[longest]--;
        Assert.Equal(isSingle, PrefixTable.TryBuild(lengths, meanings, DeflateSymbols.LiteralLengthRootBits, table));
        lengths[longest] = 0;
        Assert.Equal(isSingle, PrefixTable.TryBuild(lengths, meanings, DeflateSymbols.LiteralLengthRootBits, table));
        Assert.False(PrefixTable.TryBuild(lengths, meanings, DeflateSymbols.LiteralLengthRootBits, table, mustBeComplete: true));
    });

    /// <summary>A bare stream of the runtime's encoder.</summary>
    private static byte[] Deflate(byte[] content, CompressionLevel level)
    {
        var stream = new MemoryStream();
        using (var encoder = new DeflateStream(stream, level, leaveOpen: true))
            encoder.Write(content);
        return content.Length == 0 ? [3, 0] : stream.ToArray();
    }

    private static DecodeStatus Whole(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        var status = InflateDecoder.Current.Decode(source, destination, out var consumed, out var written);
        return status != DecodeStatus.Ok ? status
            : written != destination.Length ? DecodeStatus.OutputTooShort
            : consumed != source.Length ? DecodeStatus.InvalidLength
            : status;
    }

    // The runtime ignores bytes after a stream and unused room, and accepts a stream that is cut
    // off as a short one. So compare the decoded stream itself, and check separately whether it was
    // cut off.
    private void AssertAgrees(byte[] stream, int room)
    {
        var reference = new byte[room];
        var input = new WatchedStream(stream);
        var length = 0;
        bool isSound;
        try
        {
            using var decoder = new DeflateStream(input, CompressionMode.Decompress);
            length = decoder.ReadAtLeast(reference, room, throwOnEndOfStream: false);
            isSound = decoder.ReadByte() < 0 && !input.RanDry;
        }
        catch (InvalidDataException)
        {
            isSound = false;
        }

        var written = 0;
        // Bytes after the content are not output: both decoders may write whole vectors, as wide as
        // the processor's, past its end.
        DecodeStatus DecodeAndClear(ReadOnlySpan<byte> source, Span<byte> destination)
        {
            var result = InflateDecoder.Current.Decode(source, destination, out _, out written);
            destination[written..].Clear();
            return result;
        }

        Assert.Equal(isSound, _guarded.Run(DecodeAndClear, stream, room, out var output) == DecodeStatus.Ok);
        if (isSound)
        {
            Assert.Equal(length, written);
            Assert.Equal(reference[..length], output[..written]);
        }
    }

    /// <summary>Records whether a read requested more than there is.</summary>
    private sealed class WatchedStream(byte[] content) : MemoryStream(content)
    {
        public bool RanDry { get; private set; }

        public override int Read(byte[] buffer, int offset, int count) => Watch(base.Read(buffer, offset, count));

        public override int Read(Span<byte> buffer) => Watch(base.Read(buffer));

        private int Watch(int read)
        {
            RanDry |= read == 0;
            return read;
        }
    }
}
