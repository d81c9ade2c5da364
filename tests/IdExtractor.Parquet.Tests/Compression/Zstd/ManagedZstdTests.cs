using System.Buffers.Binary;
using System.IO.Hashing;
using IdExtractor.Parquet.Compression.Zstd;
using IdExtractor.Testing.Pages;
using Xunit;

namespace IdExtractor.Parquet.Tests.Compression.Zstd;

/// <summary>The decoder without libzstd: these run where libzstd is missing too.</summary>
public sealed class ManagedZstdTests : IDisposable
{
    private readonly GuardedDecoding _guarded = new(200_000);

    public static TheoryData<ZstdVector> Vectors => [.. ZstdVectors.All];

    public void Dispose() => _guarded.Dispose();

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Decode_Vector_GivesItsContent(ZstdVector vector) =>
        _guarded.AssertDecodes(ManagedZstd.Decode, vector.Frame, vector.Content);

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Decode_VectorOfOtherSizeOrCut_IsRefused(ZstdVector vector) =>
        _guarded.AssertRefusesOtherSizes(ManagedZstd.Decode, vector.Frame, vector.Content.Length);

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Decode_VectorWithFlippedBits_NeverGivesOtherContent(ZstdVector vector) =>
        _guarded.FlipEveryBit(ManagedZstd.Decode, vector.Frame, vector.Content.Length, mustNotDiffer: vector.Content);

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Decode_VectorWithFlippedBitsAndNoChecksum_StaysInsideItsBuffers(ZstdVector vector)
    {
        var frame = vector.Frame[..^4];
        frame[4] &= 0xFB;
        _guarded.AssertDecodes(ManagedZstd.Decode, frame, vector.Content);
        _guarded.FlipEveryBit(ManagedZstd.Decode, frame, vector.Content.Length);
    }

    [Fact]
    public void Decode_SeveralFrames_GivesAllOfThem()
    {
        byte[] skippable = [0x5F, 0x2A, 0x4D, 0x18, 2, 0, 0, 0, 1, 2];
        var stream = new List<byte>(skippable);
        var expected = new List<byte>();
        foreach (var vector in ZstdVectors.All)
        {
            stream.AddRange(vector.Frame);
            stream.AddRange(skippable);
            expected.AddRange(vector.Content);
        }

        _guarded.AssertDecodes(ManagedZstd.Decode, [.. stream], [.. expected]);
    }

    [Fact]
    public void Decode_FrameThatReachesTheFrameBefore_IsRefused()
    {
        // "abc", then "d" and three bytes from the second of the recent offsets, which is four
        // back: in a frame of its own, and in the same frame.
        var text = Block(Raw, 3, [.. "abc"u8]);
        var reachesBack = Block(Compressed, 0, [1 << 3, (byte)'d', 1, 0b0101_0100, 1, 1, 0, 0b10]);
        Assert.Equal(
            DecodeStatus.InvalidValue, _guarded.Run(ManagedZstd.Decode, [.. WindowedFrame(text), .. WindowedFrame(reachesBack)], 7));

        text[0] &= 0xFE;
        _guarded.AssertDecodes(ManagedZstd.Decode, WindowedFrame(text, reachesBack), "abcdabc"u8);
    }

    [Fact]
    public void Decode_DictionaryOrReservedBits_IsUnsupported()
    {
        Assert.Equal(DecodeStatus.Unsupported, _guarded.Run(ManagedZstd.Decode, [.. Magic, 0x21, 7, 1, 1, 0, 0, (byte)'a'], 1));
        Assert.Equal(DecodeStatus.Unsupported, _guarded.Run(ManagedZstd.Decode, [.. Magic, 0x28, 1, 9, 0, 0, (byte)'a'], 1));
        Assert.Equal(DecodeStatus.Unsupported, _guarded.Run(ManagedZstd.Decode, [.. Magic, 0x00, 22 << 3, 9, 0, 0, (byte)'a'], 1));

        // A dictionary of number 0 is none.
        _guarded.AssertDecodes(ManagedZstd.Decode, [.. Magic, 0x21, 0, 1, 9, 0, 0, (byte)'a'], "a"u8);
    }

    [Fact]
    public void Decode_LargestWindow_CostsNothing() =>
        _guarded.AssertDecodes(ManagedZstd.Decode, [.. Magic, 0x00, (21 << 3) | 7, 9, 0, 0, (byte)'a'], "a"u8);

    [Fact]
    public void Decode_EveryWidthOfContentSize_IsChecked()
    {
        foreach (var (width, flag, length) in new[] { (2, 1, 256), (2, 1, 60_000), (4, 2, 70_000), (8, 3, 70_000) })
        {
            var content = SampleData.Noise(new Random(width), length);
            var size = new byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(size, width == 2 ? length - 256 : length);
            byte[] frame = [.. Magic, (byte)((flag << 6) | 0x20), .. size[..width], .. Block(Raw, length, content)];
            _guarded.AssertDecodes(ManagedZstd.Decode, frame, content);
            frame[5]++;
            Assert.NotEqual(DecodeStatus.Ok, _guarded.Run(ManagedZstd.Decode, frame, length));
            Assert.NotEqual(DecodeStatus.Ok, _guarded.Run(ManagedZstd.Decode, frame, length + 1));
        }
    }

    [Fact]
    public void Decode_Bomb_StopsAtTheDeclaredSize()
    {
        var block = Block(Rle, ZstdBlocks.MaxBlock, [7], isLast: false);
        byte[] frame = [.. Magic, 0x00, 14 << 3, .. Enumerable.Repeat(block, 100).SelectMany(bytes => bytes), .. Block(Raw, 0, [])];
        Assert.Equal(DecodeStatus.OutputTooLong, _guarded.Run(ManagedZstd.Decode, frame, 150_000));
    }

    [Fact]
    public void Decode_ManyEmptyBlocksAndFrames_EndsInTime()
    {
        var empty = WindowedFrame(Block(Raw, 0, [], isLast: false), Block(Raw, 0, []));
        var frames = Enumerable.Repeat(empty, 15_000).SelectMany(bytes => bytes).ToArray();
        _guarded.AssertDecodes(ManagedZstd.Decode, frames, []);
    }

    [Theory]
    [InlineData(DecodeStatus.InvalidHeader, new byte[] { 0x27, 0xB5, 0x2F, 0xFD, 0x20, 1, 9, 0, 0, 1 })]
    [InlineData(DecodeStatus.InputTooShort, new byte[] { 0x28, 0xB5, 0x2F })]
    [InlineData(DecodeStatus.Unsupported, new byte[] { 0x50, 0x2A, 0x4D, 0x18, 0xFF, 0xFF, 0xFF, 0xFF })]
    [InlineData(DecodeStatus.InvalidValue, new byte[] { 0x28, 0xB5, 0x2F, 0xFD, 0x20, 1, 15, 0, 0, 1 })]
    [InlineData(DecodeStatus.InputTooShort, new byte[] { 0x28, 0xB5, 0x2F, 0xFD, 0x20, 1, 9, 0, 0 })]
    [InlineData(DecodeStatus.InputTooShort, new byte[] { 0x28, 0xB5, 0x2F, 0xFD, 0x20, 1, 8, 0, 0, 1 })]
    [InlineData(DecodeStatus.InvalidValue, new byte[] { 0x28, 0xB5, 0x2F, 0xFD, 0x20, 1, 1, 0, 0 })]
    public void Decode_BrokenFrame_TellsHow(DecodeStatus expected, byte[] frame) =>
        Assert.Equal(expected, _guarded.Run(ManagedZstd.Decode, frame, 1));

    [Fact]
    public void Decode_WrongChecksum_IsChecksumMismatch()
    {
        byte[] Checked(uint checksum) => [.. Magic, 0x24, 1, .. Block(Raw, 1, [7]), .. LittleEndian32(checksum)];

        var right = (uint)XxHash64.HashToUInt64([7]);
        _guarded.AssertDecodes(ManagedZstd.Decode, Checked(right), [7]);
        Assert.Equal(DecodeStatus.ChecksumMismatch, _guarded.Run(ManagedZstd.Decode, Checked(right ^ 1), 1));
    }

    // Blocks of made-up headers and noise: deeper into the decoder than flipping a sound frame
    // gets.
    [Fact]
    public void Decode_Noise_StaysInsideItsBuffers() => Seeded.ForEach(9000, 30_000, random =>
    {
        var body = SampleData.Noise(random, random.Next(2, 90));
        var kind = random.Next(4);
        if (kind < 2)
        {
            // Raw or repeated literals that fit into the body, so that the sequences after them are
            // read.
            var count = random.Next(Math.Min(32, body.Length - 1));
            body[0] = (byte)((count << 3) | kind);
            if (kind == 0 && body.Length > count + 2)
                (body[1 + count], body[2 + count]) = ((byte)random.Next(1, 20), (byte)(random.Next(64) << 2));
        }

        _guarded.Run(ManagedZstd.Decode, [.. Magic, 0x00, 0x58, .. Block(Compressed, 0, body)], random.Next(500));
    });

    private const int Raw = 0;
    private const int Rle = 1;
    private const int Compressed = 2;

    private static byte[] Magic => [0x28, 0xB5, 0x2F, 0xFD];

    // Without content size or checksum; a window of 1 KiB.
    private static byte[] WindowedFrame(params byte[][] blocks) => [.. Magic, 0x00, 0x00, .. blocks.SelectMany(block => block)];

    private static byte[] Block(int kind, int size, byte[] body, bool isLast = true)
    {
        var header = ((kind == Compressed ? body.Length : size) << 3) | (kind << 1) | (isLast ? 1 : 0);
        return [(byte)header, (byte)(header >> 8), (byte)(header >> 16), .. body];
    }

    private static byte[] LittleEndian32(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return bytes;
    }
}
