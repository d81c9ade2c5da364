using System.Buffers.Binary;
using System.Text;
using IdExtractor.Parquet.Compression;
using IdExtractor.Testing.Pages;
using Xunit;

namespace IdExtractor.Parquet.Tests.Compression;

public sealed class Lz4HadoopDecoderTests : IDisposable
{
    private readonly GuardedDecoding _guarded = new(400_000);

    public void Dispose() => _guarded.Dispose();

    [Fact]
    public void Decode_FramesOfInnerBlocks_GivesTheirContent() => Seeded.ForEach(3000, 300, random =>
    {
        var stream = Frames(random, random.Next(1, 4), 4, 1500, out var expected);
        _guarded.AssertDecodes(Lz4HadoopDecoder.Decode, stream, expected);
    });

    [Fact]
    public void Decode_BareBlock_GivesItsContent() => Seeded.ForEach(3400, 200, random =>
    {
        var encoder = Lz4TestEncoder.Random(random, 1 + random.Next(2000));
        _guarded.AssertDecodes(Lz4HadoopDecoder.Decode, encoder.Block, encoder.Expected);
    });

    [Fact]
    public void Decode_BareBlockOfOtherSize_IsRefused() => Seeded.ForEach(3600, 15, random =>
    {
        var encoder = Lz4TestEncoder.Random(random, 1 + random.Next(100));
        _guarded.AssertRefusesOtherSizes(Lz4HadoopDecoder.Decode, encoder.Block, encoder.Expected.Length);
    });

    [Fact]
    public void Decode_Lz4Frame_GivesItsContent()
    {
        var frame = Convert.FromBase64String(
            "BCJNGGRAp/IAAADwYTAsMSw0LDksMTYsMjUsMzYsNDksNjQsODEsMTAwLDEyMSwxNDQsMTY5LDE5NiwyMjUsMjU2LDI4OSwzMjQsMzYxLDQwMCw0NDEsNDg0LDUyOSw1NzYsNjI1LDY3Niw3Mjks"
            + "Nzg0LDg0MSw5MDAsOTZYAOAyNCwxMDg5LDExNTYsMVQAcDEyOTYsMTNmABA0bwAQNXgAEDaBABA2igBwNzY0LDE4NIQAUDM2LDIwhgAQMbIA8AYyMDksMjMwNCwyNDAxLDI1MDAsMjYKABA3FAAQ"
            + "OB4AUDkxNiwzMgBAMzEzNrUAwDksMzM2NCwzNDgxLAAAAADmOzDs");
        var expected = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 60).Select(i => $"{i * i},")));
        _guarded.AssertDecodes(Lz4HadoopDecoder.Decode, frame, expected);
        frame[40] ^= 1;
        Assert.Equal(DecodeStatus.ChecksumMismatch, _guarded.Run(Lz4HadoopDecoder.Decode, frame, expected.Length));
    }

    [Fact]
    public void Decode_EmptyFrames_ArePassedOver()
    {
        var block = new Lz4TestEncoder().Last("abc"u8);
        byte[] stream = [.. BigEndian(0), .. BigEndian(3), .. BigEndian(block.Block.Length), .. block.Block, .. BigEndian(0)];
        _guarded.AssertDecodes(Lz4HadoopDecoder.Decode, stream, "abc"u8);
    }

    [Fact]
    public void Decode_InnerBlockThatReachesTheBlockBefore_IsInvalidOffset()
    {
        var first = new Lz4TestEncoder().Last("abcdef"u8).Block;
        var second = new Lz4TestEncoder().RawSequence("g"u8, 2, 4).Last("h"u8).Block;
        byte[] stream = [.. BigEndian(12), .. BigEndian(first.Length), .. first, .. BigEndian(second.Length), .. second];
        Assert.Equal(DecodeStatus.InvalidOffset, _guarded.Run(Lz4HadoopDecoder.Decode, stream, 12));
    }

    [Fact]
    public void Decode_FrameAndBareBlockMixed_AreRefused()
    {
        var block = new Lz4TestEncoder().Last("abcdef"u8).Block;
        byte[] framed = [.. BigEndian(6), .. BigEndian(block.Length), .. block];
        Assert.NotEqual(DecodeStatus.Ok, _guarded.Run(Lz4HadoopDecoder.Decode, [.. framed, .. block], 12));
        Assert.NotEqual(DecodeStatus.Ok, _guarded.Run(Lz4HadoopDecoder.Decode, [.. block, .. framed], 12));
    }

    [Fact]
    public void Decode_BrokenFrame_TellsHow()
    {
        var block = new Lz4TestEncoder().Last("abcdef"u8).Block;
        byte[] Framed(int declared, int length) => [.. BigEndian(declared), .. BigEndian(length), .. block];

        Assert.Equal(DecodeStatus.OutputTooLong, _guarded.Run(Lz4HadoopDecoder.Decode, Framed(7, block.Length), 6));
        Assert.Equal(DecodeStatus.OutputTooShort, _guarded.Run(Lz4HadoopDecoder.Decode, Framed(6, block.Length), 7));
        Assert.Equal(DecodeStatus.OutputTooLong, _guarded.Run(Lz4HadoopDecoder.Decode, Framed(5, block.Length), 6));
        Assert.Equal(DecodeStatus.InputTooShort, _guarded.Run(Lz4HadoopDecoder.Decode, Framed(6, block.Length + 1), 6));
        Assert.Equal(DecodeStatus.InputTooShort, _guarded.Run(Lz4HadoopDecoder.Decode, Framed(6, 0), 6));
        Assert.Equal(DecodeStatus.InputTooShort, _guarded.Run(Lz4HadoopDecoder.Decode, Framed(6, -1), 6));
    }

    [Fact]
    public void Decode_OtherSizesCutsAndFlips_StayInsideTheBuffers() => Seeded.ForEach(3700, 15, random =>
    {
        var stream = Frames(random, 2, 2, 40, out var expected);
        _guarded.AssertRefusesOtherSizes(Lz4HadoopDecoder.Decode, stream, expected.Length);
        _guarded.FlipEveryBit(Lz4HadoopDecoder.Decode, stream, expected.Length);
    });

    private static byte[] Frames(Random random, int frames, int maxBlocks, int maxLength, out byte[] expected)
    {
        var stream = new List<byte>();
        var output = new List<byte>();
        for (; frames > 0; frames--)
        {
            var blocks = Enumerable.Range(0, random.Next(1, maxBlocks + 1))
                .Select(_ => Lz4TestEncoder.Random(random, 1 + random.Next(maxLength)))
                .ToArray();
            stream.AddRange(BigEndian(blocks.Sum(block => block.Expected.Length)));
            foreach (var block in blocks)
            {
                stream.AddRange([.. BigEndian(block.Block.Length), .. block.Block]);
                output.AddRange(block.Expected);
            }
        }

        expected = [.. output];
        return [.. stream];
    }

    private static byte[] BigEndian(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
