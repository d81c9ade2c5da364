using System.Runtime.Intrinsics;

namespace IdExtractor.Parquet.Encodings;

/// <summary>
/// How a group of eight packed values of one width is moved from its bytes into 32-bit lanes. Each
/// half of the group is four values. The high half starts <c>width / 2</c> bytes later, in the
/// middle of a byte when the width is odd.
/// </summary>
/// <remarks>
/// The multiplication moves the highest bit of each value to the highest bit of its lane. It
/// replaces a shift by a different distance in each lane, which not every machine has.
/// </remarks>
internal readonly struct LaneLayout
{
    /// <summary>
    /// The widest value that fits a lane with up to 7 bits of its neighbour below it.
    /// </summary>
    internal const int WidestValue = 25;

    private const int LanesInHalf = 4;

    private LaneLayout(int width)
    {
        LowShuffle = Shuffle(width, firstBit: 0);
        LowFactors = Factors(width, firstBit: 0);
        var highBit = (LanesInHalf * width) & 7;
        HighShuffle = Shuffle(width, highBit);
        HighFactors = Factors(width, highBit);
    }

    /// <summary>
    /// For each byte of the low half's lanes, the byte of the source that goes there.
    /// </summary>
    internal Vector128<byte> LowShuffle { get; }

    /// <summary>For each lane of the low half, a power of two.</summary>
    internal Vector128<uint> LowFactors { get; }

    /// <summary>As <see cref="LowShuffle"/>, for the high half.</summary>
    internal Vector128<byte> HighShuffle { get; }

    /// <summary>As <see cref="LowFactors"/>, for the high half.</summary>
    internal Vector128<uint> HighFactors { get; }

    /// <summary>The layouts of all widths, by width; there is none for 0.</summary>
    internal static LaneLayout[] All()
    {
        var all = new LaneLayout[WidestValue + 1];
        for (var width = 1; width < all.Length; width++)
            all[width] = new LaneLayout(width);
        return all;
    }

    private static Vector128<byte> Shuffle(int width, int firstBit)
    {
        Span<byte> places = stackalloc byte[Vector128<byte>.Count];
        for (var i = 0; i < places.Length; i++)
            places[i] = (byte)(((firstBit + (i / sizeof(uint) * width)) >> 3) + (i % sizeof(uint)));
        return Vector128.Create<byte>(places);
    }

    private static Vector128<uint> Factors(int width, int firstBit)
    {
        Span<uint> factors = stackalloc uint[LanesInHalf];
        for (var lane = 0; lane < factors.Length; lane++)
            factors[lane] = 1u << (32 - width - ((firstBit + (lane * width)) & 7));
        return Vector128.Create<uint>(factors);
    }
}
