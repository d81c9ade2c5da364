using System.Runtime.Intrinsics.X86;
using System.Text;
using IdExtractor.Foundation.Checksums;
using Xunit;

namespace IdExtractor.Foundation.Tests;

public sealed class ChecksumTests
{
    // Published check values: CRC-32 and Adler-32 of RFC 1950/1952 implementations.
    [Theory]
    [InlineData("", 0x00000000u)]
    [InlineData("a", 0xE8B7BE43u)]
    [InlineData("123456789", 0xCBF43926u)]
    [InlineData("The quick brown fox jumps over the lazy dog", 0x414FA339u)]
    public void Crc32_KnownText_GivesThePublishedValue(string text, uint expected) =>
        Assert.Equal(expected, Crc32.Compute(Encoding.ASCII.GetBytes(text)));

    [Theory]
    [InlineData("", 1u)]
    [InlineData("Wikipedia", 0x11E60398u)]
    public void Adler32_KnownText_GivesThePublishedValue(string text, uint expected) =>
        Assert.Equal(expected, Adler32.Compute(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void Crc32_AnyLengthAndAlignment_EqualsTheBitwiseDefinition()
    {
        var data = new byte[700];
        new Random(31).NextBytes(data);
        for (var start = 0; start < 20; start++)
        {
            for (var length = 0; length <= 600; length += length < 300 ? 1 : 37)
            {
                var span = data.AsSpan(start, length);
                var expected = Bitwise(span);
                Assert.Equal(expected, Crc32.Compute(span));
                Assert.Equal(expected, Crc32.AppendScalar(0, span));
                if (Pclmulqdq.IsSupported && length >= 64)
                    Assert.Equal(expected, Crc32.AppendFolding(0, span));
                if (Pclmulqdq.V256.IsSupported && length >= 128)
                    Assert.Equal(expected, Crc32.AppendFoldingWide(0, span));
            }
        }
    }

    [Fact]
    public void Crc32_AppendedInParts_EqualsTheWhole()
    {
        var random = new Random(32);
        var data = new byte[5000];
        random.NextBytes(data);
        var expected = Crc32.Compute(data);
        for (var run = 0; run < 200; run++)
        {
            var cut = random.Next(data.Length);
            Assert.Equal(expected, Crc32.Append(Crc32.Compute(data.AsSpan(0, cut)), data.AsSpan(cut)));
        }
    }

    [Fact]
    public void Adler32_LongAndFull_EqualsTheDefinition()
    {
        var data = new byte[200_000];
        data.AsSpan().Fill(0xFF);
        ulong a = 1;
        ulong b = 0;
        foreach (var value in data)
        {
            a = (a + value) % 65521;
            b = (b + a) % 65521;
        }

        Assert.Equal((uint)((b << 16) | a), Adler32.Compute(data));
    }

    private static uint Bitwise(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        }

        return ~crc;
    }
}
