using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using IdExtractor.Parquet.Compression;
using IdExtractor.Testing.Pages;
using Xunit;

namespace IdExtractor.Parquet.Tests.Compression;

public sealed class Lz4FrameDecoderTests : IDisposable
{
    private readonly GuardedDecoding _guarded = new(400_000);

    public void Dispose() => _guarded.Dispose();

    // Frames that lz4 1.9.4 wrote of the squares below 3600: with its defaults, and with dependent
    // blocks, block checksums and content size.
    [Theory]
    [InlineData(
        "BCJNGGRAp/IAAADwYTAsMSw0LDksMTYsMjUsMzYsNDksNjQsODEsMTAwLDEyMSwxNDQsMTY5LDE5NiwyMjUsMjU2LDI4OSwzMjQsMzYxLDQwMCw0NDEsNDg0LDUyOSw1NzYsNjI1LDY3Niw3Mjks"
        + "Nzg0LDg0MSw5MDAsOTZYAOAyNCwxMDg5LDExNTYsMVQAcDEyOTYsMTNmABA0bwAQNXgAEDaBABA2igBwNzY0LDE4NIQAUDM2LDIwhgAQMbIA8AYyMDksMjMwNCwyNDAxLDI1MDAsMjYKABA3FAAQ"
        + "OB4AUDkxNiwzMgBAMzEzNrUAwDksMzM2NCwzNDgxLAAAAADmOzDs")]
    [InlineData(
        "BCJNGHxA/gAAAAAAAABe8gAAAPBhMCwxLDQsOSwxNiwyNSwzNiw0OSw2NCw4MSwxMDAsMTIxLDE0NCwxNjksMTk2LDIyNSwyNTYsMjg5LDMyNCwzNjEsNDAwLDQ0MSw0ODQsNTI5LDU3Niw2MjUs"
        + "Njc2LDcyOSw3ODQsODQxLDkwMCw5NlgA4DI0LDEwODksMTE1NiwxVABwMTI5NiwxM2YAEDRvABA1eAAQNoEAEDaKAHA3NjQsMTg0hABQMzYsMjCGABAxsgDwBjIwOSwyMzA0LDI0MDEsMjUwMCwy"
        + "NgoAEDcUABA4HgBQOTE2LDMyAEAzMTM2tQDAOSwzMzY0LDM0ODEsG0TLiQAAAADmOzDs")]
    public void Decode_FrameOfTheReferenceEncoder_GivesItsContent(string frame)
    {
        var expected = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 60).Select(i => $"{i * i},")));
        var stream = Convert.FromBase64String(frame);
        _guarded.AssertDecodes(Lz4FrameDecoder.Decode, stream, expected);
        _guarded.AssertRefusesOtherSizes(Lz4FrameDecoder.Decode, stream, expected.Length);
        _guarded.FlipEveryBit(Lz4FrameDecoder.Decode, stream, expected.Length, mustNotDiffer: expected);
    }

    [Fact]
    public void Decode_RandomFrames_GivesTheirContent() => Seeded.ForEach(2000, 200, random =>
    {
        var stream = new List<byte>();
        var expected = new List<byte>();
        for (var frames = random.Next(1, 4); frames > 0; frames--)
        {
            if (random.Next(4) == 0)
                stream.AddRange([(byte)(0x50 + random.Next(16)), 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 9, 9, 9]);
            stream.AddRange(Frame(random, out var content));
            expected.AddRange(content);
        }

        _guarded.AssertDecodes(Lz4FrameDecoder.Decode, [.. stream], [.. expected]);
    });

    [Theory]
    [InlineData(DecodeStatus.InvalidHeader, 0b0010_0000, 0x40)]
    [InlineData(DecodeStatus.InvalidHeader, 0b0110_0010, 0x40)]
    [InlineData(DecodeStatus.InvalidHeader, 0b0110_0000, 0x30)]
    [InlineData(DecodeStatus.InvalidHeader, 0b0110_0000, 0xC0)]
    [InlineData(DecodeStatus.InvalidHeader, 0b0110_0000, 0x41)]
    [InlineData(DecodeStatus.Unsupported, 0b0110_0001, 0x40)]
    public void Decode_DescriptorNotRead_TellsWhy(DecodeStatus expected, int flags, int blockFlags)
    {
        byte[] descriptor = [(byte)flags, (byte)blockFlags, .. (flags & 1) != 0 ? new byte[4] : []];
        byte[] stream = [4, 0x22, 0x4D, 0x18, .. descriptor, HeaderCheck(descriptor), 0, 0, 0, 0];
        Assert.Equal(expected, _guarded.Run(Lz4FrameDecoder.Decode, stream, 0));
    }

    [Fact]
    public void Decode_BlockLargerThanDeclared_IsInvalidLength()
    {
        // The smallest declared size is 64 KiB; the block gives one byte more, into a page that has
        // room.
        var block = new Lz4TestEncoder().Sequence([7], 1, 65535).Last([8]);
        byte[] descriptor = [0b0110_0000, 0x40];
        byte[] stream = [
            4, 0x22, 0x4D, 0x18, .. descriptor, HeaderCheck(descriptor), .. LittleEndian32((uint)block.Block.Length), .. block.Block, 0, 0,
            0, 0
        ];
        Assert.Equal(DecodeStatus.InvalidLength, _guarded.Run(Lz4FrameDecoder.Decode, stream, 65537));
        Assert.Equal(DecodeStatus.OutputTooLong, _guarded.Run(Lz4FrameDecoder.Decode, stream, 65536));
    }

    [Fact]
    public void Decode_SkippableFramePastTheEnd_IsInputTooShort() =>
        Assert.Equal(
            DecodeStatus.InputTooShort,
            _guarded.Run(Lz4FrameDecoder.Decode, [0x50, 0x2A, 0x4D, 0x18, 0xFF, 0xFF, 0xFF, 0xFF, 1], 0));

    private static byte[] Frame(Random random, out byte[] content)
    {
        const int Independent = 0b10_0000;
        const int BlockChecksums = 0b1_0000;
        const int ContentSize = 0b1000;
        const int ContentChecksum = 0b100;

        var flags = 0b0100_0000 | (random.Next(16) << 2);
        var blocks = new List<byte>();
        var output = new List<byte>();
        for (var count = random.Next(5); count > 0; count--)
        {
            byte[] body;
            uint header;
            if (random.Next(4) == 0)
            {
                body = SampleData.Noise(random, random.Next(1, 300));
                header = (uint)body.Length | 0x8000_0000;
                output.AddRange(body);
            }
            else
            {
                var block = Lz4TestEncoder.Random(random, random.Next(2000), (flags & Independent) != 0 ? [] : [.. output]);
                body = block.Block;
                header = (uint)body.Length;
                output.AddRange(block.Expected);
            }

            blocks.AddRange([.. LittleEndian32(header), .. body]);
            if ((flags & BlockChecksums) != 0)
                blocks.AddRange(LittleEndian32(XxHash32.HashToUInt32(body)));
        }

        content = [.. output];
        var size = new byte[(flags & ContentSize) != 0 ? 8 : 0];
        if (size.Length != 0)
            BinaryPrimitives.WriteInt64LittleEndian(size, content.Length);
        byte[] descriptor = [(byte)flags, (byte)(random.Next(4, 8) << 4), .. size];
        byte[] checksum = (flags & ContentChecksum) != 0 ? LittleEndian32(XxHash32.HashToUInt32(content)) : [];
        return [4, 0x22, 0x4D, 0x18, .. descriptor, HeaderCheck(descriptor), .. blocks, 0, 0, 0, 0, .. checksum];
    }

    private static byte HeaderCheck(ReadOnlySpan<byte> descriptor) => (byte)(XxHash32.HashToUInt32(descriptor) >> 8);

    private static byte[] LittleEndian32(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return bytes;
    }
}
