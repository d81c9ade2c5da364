using IdExtractor.Parquet.Compression;
using IdExtractor.Parquet.Kernels;
using IdExtractor.Testing.Pages;
using Xunit;

namespace IdExtractor.Parquet.Tests.Kernels;

public sealed unsafe class Lz4SequenceDecoderTests
{
    [Fact]
    public void Step_SoundCutAndFlippedBlocks_EndsAsTheDecoderOfWholeBlocks() => Seeded.ForEach(2000, 2000, random =>
    {
        var encoder = random.Next(2) == 0
            ? Lz4TestEncoder.Random(random, random.Next(400))
            : Lz4TestEncoder.Short(random, random.Next(400));
        var block = encoder.Block;
        if (random.Next(2) == 0)
            block[random.Next(block.Length)] ^= (byte)(1 << random.Next(8));
        if (random.Next(4) == 0)
            block = block[..random.Next(block.Length)];
        AssertSame(block, encoder.Expected.Length + Math.Max(0, random.Next(6) - 4));
    });

    [Theory]
    [InlineData(new byte[] { 0x10, 1 }, 1, DecodeStatus.Ok)]
    [InlineData(new byte[] { 0x10, 1, 1, 0, 0x00 }, 5, DecodeStatus.Ok)]
    [InlineData(new byte[] { 0x10, 1, 1, 0, 0x0F }, 5, DecodeStatus.Ok)]
    [InlineData(new byte[] { 0x10, 1, 1, 0 }, 5, DecodeStatus.InputTooShort)]
    [InlineData(new byte[] { 0x10, 1, 1, 0, 0x10, 1 }, 5, DecodeStatus.OutputTooLong)]
    [InlineData(new byte[] { 0x10, 1, 1, 0, 0x10 }, 5, DecodeStatus.OutputTooLong)]
    [InlineData(new byte[] { 0x10, 1, 1, 0, 0x00, 0x00 }, 5, DecodeStatus.OutputTooLong)]
    [InlineData(new byte[] { 0x10, 1, 1, 0, 0x00 }, 4, DecodeStatus.OutputTooLong)]
    [InlineData(new byte[] { 0x20, 1, 2 }, 1, DecodeStatus.OutputTooLong)]
    [InlineData(new byte[] { 0x10, 1, 1 }, 1, DecodeStatus.InputTooShort)]
    public void End_OfAPage_IsWhereItsBlockEnds(byte[] block, int length, DecodeStatus expected)
    {
        Assert.Equal(expected, Outcome(block, new byte[length]));
        AssertSame(block, length);
    }

    [Fact]
    public void Step_LengthsBeyondAnyPage_AreRefusedBeforeTheyBeginAnew()
    {
        // 2^32 and a few, in bytes of 255: a sum that wraps around would give a match of a few
        // bytes.
        var more = Enumerable.Repeat(byte.MaxValue, (int)(uint.MaxValue / byte.MaxValue) + 1).ToArray();
        byte[] literals = [0xF0, .. more, 0];
        Assert.Equal(DecodeStatus.OutputTooLong, Outcome(literals, new byte[10]));
        byte[] match = [0x1F, 1, 1, 0, .. more, 0, 0];
        Assert.Equal(DecodeStatus.OutputTooLong, Outcome(match, new byte[10]));
    }

    private static void AssertSame(byte[] block, int length)
    {
        var (expected, actual) = (new byte[length], new byte[length]);
        var isSound = Lz4BlockDecoder.Decode(block, expected) == DecodeStatus.Ok;
        Assert.True(isSound == (Outcome(block, actual) == DecodeStatus.Ok), Convert.ToHexString(block));
        if (isSound)
            Assert.Equal(expected, actual);
    }

    /// <summary>How a page of one block ends.</summary>
    private static DecodeStatus Outcome(byte[] block, byte[] output)
    {
        fixed (byte* from = block, to = output)
        {
            var stream = new PageStream
            {
                Codec = CompressionCodec.Lz4Raw,
                Input = from,
                InputEnd = from + block.Length,
                IsInputComplete = true,
                Output = to,
                OutputEnd = to + output.Length,
                History = to,
            };
            while (stream.Output < stream.OutputEnd && Lz4SequenceDecoder.Step(ref stream))
            {
                // On to the next sequence.
            }

            return stream.Status != DecodeStatus.Ok ? stream.Status
                : stream.Output < stream.OutputEnd ? DecodeStatus.OutputTooShort
                : LockStep.End(&stream);
        }
    }
}
