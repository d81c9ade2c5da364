using System.Buffers.Binary;

namespace IdExtractor.Parquet.Pages;

/// <summary>
/// A view of a Parquet split-block Bloom filter. It consists of blocks of eight 32-bit words; a
/// value sets one bit in each word of one block. There are no false negatives.
/// </summary>
/// <remarks>
/// A value is identified by the 64-bit xxHash (seed 0) of its PLAIN encoding; byte arrays are
/// hashed without their length prefix. The view does not copy the bitset, which must not change
/// while the filter is in use. Format: BloomFilter.md of apache/parquet-format.
/// </remarks>
public readonly ref struct BloomFilter
{
    /// <summary>Bytes per block.</summary>
    public const int BlockLength = 32;

    /// <summary>
    /// The longest accepted bitset, in bytes: the largest that known writers produce.
    /// </summary>
    public const int LongestBitset = 128 * 1024 * 1024;

    private readonly ReadOnlySpan<byte> _bitset;

    private BloomFilter(ReadOnlySpan<byte> bitset) => _bitset = bitset;

    /// <summary>For each word of a block, the odd multiplier that selects the word's bit.</summary>
    private static ReadOnlySpan<uint> Salts =>
        [0x47b6137b, 0x44974d91, 0x8824ad5b, 0xa2b7289d, 0x705495c7, 0x2df1424b, 0x9efc4947, 0x5c6bfb31];

    /// <summary>
    /// Creates a filter over the bitset that follows the filter's header in the file.
    /// </summary>
    /// <param name="bitset">The bytes; a positive multiple of <see cref="BlockLength"/>, at most
    /// <see cref="LongestBitset"/>.</param>
    /// <param name="filter">The filter.</param>
    /// <returns>Whether the length is right.</returns>
    public static bool TryCreate(ReadOnlySpan<byte> bitset, out BloomFilter filter)
    {
        var isSound = !bitset.IsEmpty && bitset.Length <= LongestBitset && bitset.Length % BlockLength == 0;
        filter = isSound ? new BloomFilter(bitset) : default;
        return isSound;
    }

    /// <summary>
    /// Whether a value with this hash may be in the filter. An uninitialized filter returns true
    /// for every value.
    /// </summary>
    /// <param name="hash">The value's xxHash64, seed 0.</param>
    /// <returns>False only when the value is definitely absent.</returns>
    public bool MayContain(ulong hash)
    {
        if (_bitset.IsEmpty)
            return true;

        // The upper half of the hash, as a fraction of 2^32, picks the block; the lower half picks
        // the bits.
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
