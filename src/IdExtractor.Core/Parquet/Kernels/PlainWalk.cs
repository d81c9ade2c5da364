using System.Runtime.CompilerServices;
using IdExtractor.Core.Primitives;

namespace IdExtractor.Core.Parquet.Kernels;

/// <summary>Steps over PLAIN byte arrays (a 4-byte length, then the bytes), eight at a time while they are equally long.</summary>
/// <remarks>
/// Kernel <c>walk</c>. Preconditions: all bytes up to <c>length</c> may be read; what they say is not trusted. Over-read: none. Aliasing: reads only.
/// Benchmark: <c>KernelBenchmarks</c>, <c>PlainByteArrayBenchmarks</c>.
/// </remarks>
internal static unsafe class PlainWalk
{
    private const int PrefixSize = sizeof(int);
    private const int Block = 8;

    private static readonly bool s_takesBlocks = !KernelRegistry.Walk.Uses(Kernel.Scalar);

    /// <summary>Steps over up to <paramref name="count"/> whole values, by the fastest variant that this machine has.</summary>
    /// <param name="data">At a length prefix.</param>
    /// <param name="length">Bytes that may hold values.</param>
    /// <param name="count">Values to step over.</param>
    /// <param name="bytes">Bytes of those that were stepped over.</param>
    /// <returns>How many were: fewer than <paramref name="count"/> only when the next is not wholly there.</returns>
    public static int Skip(byte* data, int length, int count, out int bytes) =>
        s_takesBlocks ? SkipBlocks(data, length, count, out bytes) : SkipEach(data, length, count, out bytes);

    /// <summary>Steps over eight values at a time as long as they have the length of the one before.</summary>
    internal static int SkipBlocks(byte* data, int length, int count, out int bytes)
    {
        var skipped = 0;
        bytes = 0;
        while (skipped < count)
        {
            // One value tells the stride to guess.
            var done = SkipEach(data + bytes, length - bytes, 1, out var valueBytes);
            if (done == 0)
                break;
            bytes += valueBytes;
            skipped++;
            var blockBytes = (long)Block * valueBytes;
            while (count - skipped >= Block && length - bytes >= blockBytes && IsBlockOf(data + bytes, valueBytes))
            {
                bytes += (int)blockBytes;
                skipped += Block;
            }
        }

        return skipped;
    }

    /// <summary>The plain twin of <see cref="Skip"/>.</summary>
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
    private static bool IsBlockOf(byte* at, int stride)
    {
        var difference = 0;
        for (var i = 0; i < Block; i++)
            difference |= Unsafe.ReadUnaligned<int>(at + ((long)i * stride)) ^ (stride - PrefixSize);
        return difference == 0;
    }
}
