using System.Runtime.Intrinsics.X86;
using System.Text;
using IdExtractor.Foundation.Checksums;
using IdExtractor.Foundation.Hashing;
using Xunit;

namespace IdExtractor.Foundation.Tests;

public sealed class ChecksumTests
{
    // Published check values: CRC-32 and Adler-32 of RFC 1950/1952 implementations, XXH32 and XXH64
    // of the xxHash project.
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

    [Theory]
    [InlineData("", 0ul, 0xEF46DB3751D8E999ul)]
    [InlineData("a", 0ul, 0xD24EC4F1A98C6E5Bul)]
    [InlineData("abc", 0ul, 0x44BC2CF5AD770999ul)]
    public void XxHash64_KnownText_GivesThePublishedValue(string text, ulong seed, ulong expected) =>
        Assert.Equal(expected, XxHash64.Compute(Encoding.ASCII.GetBytes(text), seed));

    // The sanity checks of the xxHash project: a buffer of bytes from a multiplicative generator,
    // with and without a seed.
    [Theory]
    [InlineData(0, 0x02CC5D05u, 0x36B78AE7u)]
    [InlineData(1, 0xCF65B03Eu, 0xB4545AA4u)]
    [InlineData(14, 0x1208E7E2u, 0x6AF1D1FEu)]
    [InlineData(222, 0x5BD11DBDu, 0x58803C5Fu)]
    public void XxHash32_SanityBuffer_GivesThePublishedValues(int length, uint unseeded, uint seeded)
    {
        var buffer = SanityBuffer(length);
        Assert.Equal(unseeded, XxHash32.Compute(buffer));
        Assert.Equal(seeded, XxHash32.Compute(buffer, 0x9E3779B1));
    }

    [Theory]
    [InlineData(1, 0xE934A84ADB052768ul, 0x5014607643A9B4C3ul)]
    [InlineData(4, 0x9136A0DCA57457EEul, 0xCAAB286BD8E9FDB5ul)]
    [InlineData(14, 0x8282DCC4994E35C8ul, 0xC3BD6BF63DEB6DF0ul)]
    [InlineData(222, 0xB641AE8CB691C174ul, 0x20CB8AB7AE10C14Aul)]
    public void XxHash64_SanityBuffer_GivesThePublishedValues(int length, ulong unseeded, ulong seeded)
    {
        var buffer = SanityBuffer(length);
        Assert.Equal(unseeded, XxHash64.Compute(buffer));
        Assert.Equal(seeded, XxHash64.Compute(buffer, 0x9E3779B1));
    }

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

    private static byte[] SanityBuffer(int length)
    {
        var buffer = new byte[length];
        ulong state = 2654435761;
        for (var i = 0; i < length; i++)
        {
            buffer[i] = (byte)(state >> 56);
            state *= 11400714785074694797;
        }

        return buffer;
    }
}
