using System.Buffers.Binary;

namespace IdExtractor.Parquet.Pages;

/// <summary>
/// A view of a Parquet split-block Bloom filter: blocks of eight 32-bit words; a value sets one bit in each word of one block. It never denies a value that was put in.
/// </summary>
/// <remarks>
/// Values are known by the 64-bit xxHash (seed 0) of their PLAIN encoding, byte arrays without the length prefix. Holds no copy: the bitset must stay as it is while the filter is in use.
/// Format: BloomFilter.md of apache/parquet-format.
/// </remarks>
public readonly ref struct BloomFilter
{
    /// <summary>Bytes a block.</summary>
    public const int BlockLength = 32;

    /// <summary>The longest bitset that is read, in bytes: the largest that the writers make.</summary>
    public const int LongestBitset = 128 * 1024 * 1024;

    private readonly ReadOnlySpan<byte> _bitset;

    private BloomFilter(ReadOnlySpan<byte> bitset) => _bitset = bitset;

    /// <summary>For each word of a block, the odd number that picks the word's bit.</summary>
    private static ReadOnlySpan<uint> Salts => [0x47b6137b, 0x44974d91, 0x8824ad5b, 0xa2b7289d, 0x705495c7, 0x2df1424b, 0x9efc4947, 0x5c6bfb31];

    /// <summary>Takes a bitset as it lies in the file, behind the filter's header.</summary>
    /// <param name="bitset">The bytes; a positive multiple of <see cref="BlockLength"/>, at most <see cref="LongestBitset"/>.</param>
    /// <param name="filter">The filter.</param>
    /// <returns>Whether the length is right.</returns>
    public static bool TryCreate(ReadOnlySpan<byte> bitset, out BloomFilter filter)
    {
        var isSound = !bitset.IsEmpty && bitset.Length <= LongestBitset && bitset.Length % BlockLength == 0;
        filter = isSound ? new BloomFilter(bitset) : default;
        return isSound;
    }

    /// <summary>Whether a value of this hash may have been put in. A filter that was not created has everything.</summary>
    /// <param name="hash">The value's xxHash64, seed 0.</param>
    /// <returns>False only when the value is surely absent.</returns>
    public bool MayContain(ulong hash)
    {
        if (_bitset.IsEmpty)
            return true;

        // The upper half of the hash, as a fraction of 2^32, picks the block; the lower half picks the bits.
        var blocks = (ulong)(_bitset.Length / BlockLength);
        var block = _bitset.Slice((int)(((hash >> 32) * blocks) >> 32) * BlockLength, BlockLength);
        for (var i = 0; i < Salts.Length; i++)
        {
            var word = BinaryPrimitives.ReadUInt32LittleEndian(block[(i * sizeof(uint))..]);
            if ((word >> (int)(((uint)hash * Salts[i]) >> 27) & 1) == 0)
                return false;
        }

        return true;
    }
}
