using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace IdExtractor.Foundation.Hashing;

/// <summary>
/// XXH32 as the xxHash specification (version 0.1.1) defines it: the checksum of LZ4 frames.
/// </summary>
public static class XxHash32
{
    private const uint Prime1 = 0x9E37_79B1;
    private const uint Prime2 = 0x85EB_CA77;
    private const uint Prime3 = 0xC2B2_AE3D;
    private const uint Prime4 = 0x27D4_EB2F;
    private const uint Prime5 = 0x1656_67B1;

    /// <summary>
    /// The hash of <paramref name="data"/> under <paramref name="seed"/> (0 in LZ4 frames).
    /// </summary>
    public static uint Compute(ReadOnlySpan<byte> data, uint seed = 0)
    {
        var length = (uint)data.Length;
        var hash = seed + Prime5;
        if (data.Length >= 16)
        {
            var a = seed + Prime1 + Prime2;
            var b = seed + Prime2;
            var c = seed;
            var d = seed - Prime1;
            while (data.Length >= 16)
            {
                a = Round(a, BinaryPrimitives.ReadUInt32LittleEndian(data));
                b = Round(b, BinaryPrimitives.ReadUInt32LittleEndian(data[4..]));
                c = Round(c, BinaryPrimitives.ReadUInt32LittleEndian(data[8..]));
                d = Round(d, BinaryPrimitives.ReadUInt32LittleEndian(data[12..]));
                data = data[16..];
            }

            hash = BitOperations.RotateLeft(a, 1) + BitOperations.RotateLeft(b, 7) + BitOperations.RotateLeft(
                c, 12) + BitOperations.RotateLeft(d, 18);
        }

        hash += length;
        while (data.Length >= 4)
        {
            hash = BitOperations.RotateLeft(hash + (BinaryPrimitives.ReadUInt32LittleEndian(data) * Prime3), 17) * Prime4;
            data = data[4..];
        }

        foreach (var value in data)
            hash = BitOperations.RotateLeft(hash + (value * Prime5), 11) * Prime1;

        hash = (hash ^ (hash >> 15)) * Prime2;
        hash = (hash ^ (hash >> 13)) * Prime3;
        return hash ^ (hash >> 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Round(uint lane, uint input) => BitOperations.RotateLeft(lane + (input * Prime2), 13) * Prime1;
}
