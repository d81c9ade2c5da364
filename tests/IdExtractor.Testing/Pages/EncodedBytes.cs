using System.Numerics;

namespace IdExtractor.Testing.Pages;

/// <summary>
/// Writes bytes, varints and single bits in the simplest way, so that a reader of the code can see
/// that it is right.
/// </summary>
internal sealed class EncodedBytes
{
    private readonly List<byte> _bytes = [];

    internal int Length => _bytes.Count;

    internal byte[] ToArray() => [.. _bytes];

    internal EncodedBytes Add(params byte[] bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    internal EncodedBytes AddVarint(ulong value)
    {
        while (value >= 0x80)
        {
            _bytes.Add((byte)(value | 0x80));
            value >>= 7;
        }

        _bytes.Add((byte)value);
        return this;
    }

    internal EncodedBytes AddZigZag(long value) => AddVarint(value >= 0 ? (ulong)value * 2 : ((ulong)(-(value + 1)) * 2) + 1);

    /// <summary>
    /// Adds values bit by bit, the lowest bit of each first, into bytes from their lowest bit; the
    /// last byte is filled with zeros.
    /// </summary>
    internal EncodedBytes AddLowBitsFirst(IEnumerable<ulong> values, int width) =>
        AddBits(values.SelectMany(value => Enumerable.Range(0, width).Select(bit => (value >> bit) & 1)), lowestFirst: true);

    /// <summary>
    /// Adds values bit by bit, the highest bit of each first, into bytes from their highest bit;
    /// the last byte is filled with zeros.
    /// </summary>
    internal EncodedBytes AddHighBitsFirst(IEnumerable<ulong> values, int width) =>
        AddBits(values.SelectMany(value => Enumerable.Range(0, width).Select(bit => (value >> (width - 1 - bit)) & 1)), lowestFirst: false);

    private EncodedBytes AddBits(IEnumerable<ulong> bits, bool lowestFirst)
    {
        foreach (var eight in bits.Chunk(8))
        {
            var value = 0;
            for (var i = 0; i < eight.Length; i++)
                value |= (int)eight[i] << (lowestFirst ? i : 7 - i);
            _bytes.Add((byte)value);
        }

        return this;
    }

    internal static int WidthOf(ulong value) => 64 - BitOperations.LeadingZeroCount(value);
}
