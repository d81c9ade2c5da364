using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace IdExtractor.Core.Collect;

/// <summary>
/// A hash of bytes by folded 64-bit products. Each process chooses new random constants, so that no
/// one can craft ids that collide. Nothing that is published depends on them.
/// </summary>
internal static class IdHash
{
    private static readonly ulong[] s_secret = DrawSecret();

    // Optimized at the first call: precompiled code may not contain the wide multiplication, and an
    // unoptimized first version would serve the whole of a short run.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static uint Compute(ReadOnlySpan<byte> bytes)
    {
        var secret = s_secret;
        var state = secret[0] ^ (ulong)bytes.Length;
        while (bytes.Length > 16)
        {
            state = Fold(
                BinaryPrimitives.ReadUInt64LittleEndian(bytes) ^ secret[1], BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]) ^ state);
            bytes = bytes[16..];
        }

        var (low, high) = bytes.Length switch
        {
            >= 8 => (BinaryPrimitives.ReadUInt64LittleEndian(bytes), BinaryPrimitives.ReadUInt64LittleEndian(bytes[^8..])),
            >= 4 => (BinaryPrimitives.ReadUInt32LittleEndian(bytes), BinaryPrimitives.ReadUInt32LittleEndian(bytes[^4..])),
            > 0 => (bytes[0] | ((ulong)bytes[bytes.Length / 2] << 8) | ((ulong)bytes[^1] << 16), 0UL),
            _ => (0UL, 0UL),
        };
        state = Fold(low ^ secret[2], high ^ state);
        return (uint)Fold(state ^ secret[3], secret[1]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Fold(ulong left, ulong right)
    {
        var high = Math.BigMul(left, right, out var low);
        return high ^ low;
    }

    private static ulong[] DrawSecret()
    {
        var secret = new ulong[4];
        RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(secret.AsSpan()));
        foreach (ref var word in secret.AsSpan())
            word |= 1;
        return secret;
    }
}
