using System.Diagnostics;
using System.Runtime.CompilerServices;
using IdExtractor.Foundation.Kernels;

namespace IdExtractor.Parquet.Kernels;

/// <summary>
/// Skips PLAIN byte arrays (a 4-byte length, then the bytes), eight at a time while their lengths
/// are equal.
/// </summary>
/// <remarks>
/// Kernel <c>walk</c>. Preconditions: all bytes up to <c>length</c> may be read; their content is
/// not trusted. Over-read: none. Aliasing: reads only. Benchmark: <c>KernelBenchmarks</c>,
/// <c>PlainByteArrayBenchmarks</c>.
/// </remarks>
internal static unsafe class PlainWalk
{
    private const int PrefixSize = sizeof(int);
    private const int Block = 8;

    private static readonly bool s_takesBlocks = !KernelRegistry.Walk.Uses(Kernel.Scalar);

    /// <summary>
    /// Skips up to <paramref name="count"/> whole values with the fastest variant that this machine
    /// supports.
    /// </summary>
    /// <param name="data">Points at a length prefix.</param>
    /// <param name="length">Bytes that may hold values.</param>
    /// <param name="count">Values to skip.</param>
    /// <param name="bytes">Bytes of the values skipped.</param>
    /// <returns>
    /// How many were skipped: fewer than <paramref name="count"/> only when the next value is
    /// incomplete.
    /// </returns>
    public static int Skip(byte* data, int length, int count, out int bytes)
    {
        Debug.Assert(length >= 0 && count >= 0 && (data != null || length == 0), "The bytes do not exist.");
        return s_takesBlocks ? SkipBlocks(data, length, count, out bytes) : SkipEach(data, length, count, out bytes);
    }

    /// <summary>
    /// Skips eight values at a time as long as they have the length of the previous one.
    /// </summary>
    internal static int SkipBlocks(byte* data, int length, int count, out int bytes)
    {
        var at = data;
        var end = data + length;
        var left = count;
        while (left > 0)
        {
            // The first value gives the stride to guess.
            if (SkipEach(at, (int)(end - at), 1, out var stride) == 0)
                break;
            at += stride;
            left--;
            for (var blockBytes = Block * (nint)stride; left >= Block && end - at >= blockBytes && IsBlockOf(at, stride); left -= Block)
                at += blockBytes;
        }

        bytes = (int)(at - data);
        return count - left;
    }

    /// <summary>The reference implementation of <see cref="Skip"/>.</summary>
    public static int SkipEach(byte* data, int length, int count, out int bytes)
    {
        bytes = 0;
        for (var skipped = 0; skipped < count; skipped++)
        {
            if (length - bytes < PrefixSize)
                return skipped;
            var valueLength = Unsafe.ReadUnaligned<uint>(data + bytes);
            if (valueLength > (uint)(length - bytes - PrefixSize))
                return skipped;
            bytes += PrefixSize + (int)valueLength;
        }

        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsBlockOf(byte* at, nint stride)
    {
        // Unrolled, since a loop would multiply for every value.
        var half = at + (4 * stride);
        var length = (int)stride - PrefixSize;
        return (Differences(at, stride, length) | Differences(half, stride, length)) == 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Differences(byte* at, nint stride, int length) =>
        (*(int*)at ^ length) | (*(int*)(at + stride) ^ length) | (*(int*)(at + (2 * stride)) ^ length)
            | (*(int*)(at + (3 * stride)) ^ length);
}
