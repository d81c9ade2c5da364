using IdExtractor.Parquet.Pages;
using Xunit;

namespace IdExtractor.Parquet.Tests.Pages;

public sealed class BloomFilterHeaderTests
{
    /// <summary>
    /// 1024 bytes; split blocks, xxHash64, no compression: each a union with its first member, an
    /// empty structure.
    /// </summary>
    private static readonly byte[] s_header = [
        0x15, 0x80, 0x10, 0x1C, 0x1C, 0x00, 0x00, 0x1C, 0x1C, 0x00, 0x00, 0x1C, 0x1C, 0x00, 0x00, 0x00
    ];

    [Fact]
    public void TryRead_TheDefinedAlgorithm_GivesBothSizes()
    {
        Assert.True(BloomFilterHeader.TryRead([.. s_header, 1, 2, 3], out var headerSize, out var bitsetSize));
        Assert.Equal((s_header.Length, 1024), (headerSize, bitsetSize));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(12)]
    public void TryRead_AnotherMemberOfAUnion_TellsNothing(int position)
    {
        var header = s_header.ToArray();
        header[position] = 0x2C;
        Assert.False(BloomFilterHeader.TryRead(header, out _, out _));
    }

    [Fact]
    public void TryRead_CutOrChangedBytes_NeverThrows()
    {
        for (var length = 0; length < s_header.Length; length++)
            Assert.False(BloomFilterHeader.TryRead(s_header.AsSpan(0, length), out _, out _));
        for (var bit = 0; bit < s_header.Length * 8; bit++)
        {
            var header = s_header.ToArray();
            header[bit / 8] ^= (byte)(1 << (bit % 8));
            if (BloomFilterHeader.TryRead(header, out _, out var bitsetSize))
                Assert.True(bitsetSize > 0);
        }
    }
}
