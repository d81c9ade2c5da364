using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using IdExtractor.Foundation.Kernels;
using IdExtractor.Parquet.Kernels;

namespace IdExtractor.Parquet.Encodings;

/// <summary>Expands one-bit levels, the least significant bit first, to bytes of 0 and 1.</summary>
/// <remarks>
/// Kernel <c>levels</c>. Preconditions: all bits are inside the source. Over-read: none. Aliasing:
/// source and destination must not overlap. The vector variant copies two source bytes to all
/// lanes, keeps one bit in each lane, and compares it with itself. Benchmark:
/// <c>KernelBenchmarks</c>.
/// </remarks>
internal static class LevelBits
{
    private const int BitsInByte = 8;

    private static readonly bool s_takesVectors = !KernelRegistry.Levels.Uses(Kernel.Scalar);

    /// <summary>Expands bits with the fastest variant that this machine supports.</summary>
    /// <param name="source">The bytes.</param>
    /// <param name="bitOffset">The first bit; 0 is the lowest bit of the first byte.</param>
    /// <param name="destination">Receives one byte per bit.</param>
    internal static void Expand(ReadOnlySpan<byte> source, long bitOffset, Span<byte> destination)
    {
        Debug.Assert(bitOffset >= 0 && bitOffset + destination.Length <= source.Length * (long)BitsInByte, "Bits lie outside the source.");
        if (s_takesVectors)
            ExpandByVectors(source, bitOffset, destination);
        else
            ExpandScalar(source, bitOffset, destination);
    }

    /// <summary>
    /// Expands one bit at a time up to the next whole byte, then whole vectors, then one bit at a
    /// time again.
    /// </summary>
    internal static void ExpandByVectors(ReadOnlySpan<byte> source, long bitOffset, Span<byte> destination)
    {
        var head = (int)Math.Min(-bitOffset & (BitsInByte - 1), destination.Length);
        ExpandScalar(source, bitOffset, destination[..head]);
        destination = destination[head..];
        source = source[(int)((bitOffset + head) >> 3)..];
        var done = ExpandVector128(source, destination);
        ExpandScalar(source, done, destination[done..]);
    }

    /// <summary>The reference implementation of <see cref="Expand"/>: one bit at a time.</summary>
    internal static void ExpandScalar(ReadOnlySpan<byte> source, long bitOffset, Span<byte> destination)
    {
        for (var i = 0; i < destination.Length; i++, bitOffset++)
            destination[i] = (byte)((source[(int)(bitOffset >> 3)] >> (int)(bitOffset & 7)) & 1);
    }

    /// <summary>Expands 16 bits at a time, from bit 0 of the source.</summary>
    /// <returns>The bits expanded, a multiple of 16.</returns>
    internal static int ExpandVector128(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        var count = Math.Min(source.Length / sizeof(ushort), destination.Length / Vector128<byte>.Count) * Vector128<byte>.Count;
        var spread = Vector128.Create((byte)0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1);
        var bits = Vector128.Create(0x8040_2010_0804_0201).AsByte();
        ref var from = ref MemoryMarshal.GetReference(source);
        ref var to = ref MemoryMarshal.GetReference(destination);
        for (nint i = 0; i < count; i += Vector128<byte>.Count)
        {
            var pair = Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref from, i / BitsInByte));
            var lanes = Vector128.ShuffleNative(Vector128.Create(pair).AsByte(), spread) & bits;
            (Vector128.Equals(lanes, bits) & Vector128<byte>.One).StoreUnsafe(ref to, (nuint)i);
        }

        return count;
    }
}
