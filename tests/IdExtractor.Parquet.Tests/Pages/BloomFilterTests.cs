using System.Buffers.Binary;
using IdExtractor.Parquet.Pages;
using Xunit;

namespace IdExtractor.Parquet.Tests.Pages;

public class BloomFilterTests
{
    private static readonly uint[] Salts = [0x47b6137b, 0x44974d91, 0x8824ad5b, 0xa2b7289d, 0x705495c7, 0x2df1424b, 0x9efc4947, 0x5c6bfb31];

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(64)]
    [InlineData(1000)]
    public void MayContain_HashesPutIn_AreNeverDenied(int blocks)
    {
        var random = new Random(blocks);
        var bitset = new byte[blocks * 32];
        ulong[] hashes = [
            0, ulong.MaxValue, .. Enumerable.Range(0, blocks * 8).Select(_ => (ulong)random.NextInt64(long.MinValue, long.MaxValue))
        ];
        foreach (var hash in hashes)
            Insert(bitset, hash);

        Assert.True(BloomFilter.TryCreate(bitset, out var filter));
        foreach (var hash in hashes)
            Assert.True(filter.MayContain(hash));
    }

    [Fact]
    public void MayContain_HashesNotPutIn_AreMostlyDenied()
    {
        var random = new Random(7);
        var bitset = new byte[100 * 32];
        for (var i = 0; i < 2000; i++)
            Insert(bitset, (ulong)random.NextInt64(long.MinValue, long.MaxValue));

        Assert.True(BloomFilter.TryCreate(bitset, out var filter));
        var wrong = 0;
        for (var i = 0; i < 10_000; i++)
            wrong += filter.MayContain((ulong)random.NextInt64(long.MinValue, long.MaxValue)) ? 1 : 0;

        // 12.8 bits a value: about 0.4 % by the format's table.
        Assert.InRange(wrong, 1, 150);
    }

    [Fact]
    public void MayContain_OneBitMissing_IsDenied()
    {
        const ulong Hash = 0x0123_4567_89AB_CDEF;
        var bitset = new byte[5 * 32];
        Insert(bitset, Hash);
        for (var bit = 0; bit < bitset.Length * 8; bit++)
        {
            if ((bitset[bit / 8] & (1 << (bit % 8))) == 0)
                continue;
            bitset[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.True(BloomFilter.TryCreate(bitset, out var filter));
            Assert.False(filter.MayContain(Hash));
            bitset[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(31, false)]
    [InlineData(32, true)]
    [InlineData(48, false)]
    [InlineData(96, true)]
    [InlineData(BloomFilter.LongestBitset, true)]
    [InlineData(BloomFilter.LongestBitset + 32, false)]
    public void TryCreate_Length_IsCheckedBeforeUse(int length, bool expected)
    {
        Assert.Equal(expected, BloomFilter.TryCreate(new byte[length], out var filter));
        Assert.Equal(!expected, filter.MayContain(1));
    }

    private static void Insert(byte[] bitset, ulong hash)
    {
        var block = (int)((UInt128)(hash >> 32) * (uint)(bitset.Length / 32) >> 32);
        for (var i = 0; i < Salts.Length; i++)
        {
            var word = bitset.AsSpan((block * 32) + (i * 4), 4);
            var bit = unchecked((uint)hash * Salts[i]) >> 27;
            BinaryPrimitives.WriteUInt32LittleEndian(word, BinaryPrimitives.ReadUInt32LittleEndian(word) | (1u << (int)bit));
        }
    }
}
