using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using IdExtractor.Foundation.Kernels;
using IdExtractor.Parquet.Kernels;

namespace IdExtractor.Parquet.Encodings;

/// <summary>
/// Unpacks consecutive unsigned values, the least significant bit first, as the RLE hybrid and
/// DELTA_BINARY_PACKED store them.
/// </summary>
/// <remarks>
/// Kernel <c>unpack</c>. Preconditions: all bits of the values are inside the source, which is
/// checked. Over-read: none. Aliasing: source and destination must not overlap. Benchmark:
/// <c>BitUnpackBenchmarks</c>, <c>KernelBenchmarks</c>. Values of more than 32 bits have one
/// variant.
/// </remarks>
internal static class BitUnpacker
{
    private const int Group = 8;

    /// <summary>
    /// The widest value that always fits one 8-byte load, with up to 7 bits of its neighbour below
    /// it.
    /// </summary>
    private const int WidestInLoad = 57;

    private const int PaddedLength = 4 * sizeof(ulong);

    private static readonly LaneLayout[] Layouts = LaneLayout.All();

    private static readonly bool s_takesGroups = !KernelRegistry.Unpack.Uses(Kernel.Scalar);

    /// <summary>
    /// Unpacks values of at most 32 bits with the fastest variant that this machine supports.
    /// </summary>
    /// <param name="source">The bytes; value 0 starts at the lowest bit of the first one.</param>
    /// <param name="firstValue">The number of the first value to unpack.</param>
    /// <param name="width">Bits per value, 1..32.</param>
    /// <param name="destination">Receives the values.</param>
    internal static void Unpack32(ReadOnlySpan<byte> source, long firstValue, int width, Span<uint> destination)
    {
        if (s_takesGroups)
            Unpack32ByGroups(source, firstValue, width, destination);
        else
            Unpack32Scalar(source, firstValue, width, destination);
    }

    /// <summary>
    /// Unpacks values that start in the middle of a byte one at a time, then groups of eight, then
    /// the last few one at a time. Values too wide for a lane are all unpacked one at a time.
    /// </summary>
    internal static void Unpack32ByGroups(ReadOnlySpan<byte> source, long firstValue, int width, Span<uint> destination)
    {
        if (width <= LaneLayout.WidestValue && destination.Length >= 2 * Group)
        {
            CheckExtent(source, firstValue * width, width, destination.Length);
            var head = (int)(-firstValue & (Group - 1));
            if (head != 0)
            {
                Unpack32Scalar(source, firstValue, width, destination[..head]);
                firstValue += head;
                destination = destination[head..];
            }

            var done = UnpackGroups(source[(int)((firstValue >> 3) * width)..], width, destination);
            firstValue += done;
            destination = destination[done..];
        }

        if (!destination.IsEmpty)
            Unpack32Scalar(source, firstValue, width, destination);
    }

    /// <summary>
    /// The reference implementation of <see cref="Unpack32"/>: one value at a time from an 8-byte
    /// load.
    /// </summary>
    internal static void Unpack32Scalar(ReadOnlySpan<byte> source, long firstValue, int width, Span<uint> destination)
    {
        var bitOffset = firstValue * width;
        CheckExtent(source, bitOffset, width, destination.Length);
        var done = UnpackWhole32(source, bitOffset, width, destination);
        if (done == destination.Length)
            return;

        // Copies the last few bytes and pads them with zeros, so that all loads are whole.
        bitOffset += (long)done * width;
        Span<byte> padded = stackalloc byte[PaddedLength];
        CopyTail(source, bitOffset, padded);
        UnpackWhole32(padded, bitOffset & 7, width, destination[done..]);
    }

    /// <summary>Unpacks values of at most 64 bits.</summary>
    /// <param name="source">The bytes; value 0 starts at the lowest bit of the first one.</param>
    /// <param name="firstValue">The number of the first value to unpack.</param>
    /// <param name="width">Bits per value, 1..64.</param>
    /// <param name="destination">Receives the values.</param>
    internal static void Unpack64(ReadOnlySpan<byte> source, long firstValue, int width, Span<ulong> destination)
    {
        var bitOffset = firstValue * width;
        CheckExtent(source, bitOffset, width, destination.Length);
        var done = UnpackWhole64(source, bitOffset, width, destination);
        if (done == destination.Length)
            return;
        bitOffset += (long)done * width;
        Span<byte> padded = stackalloc byte[PaddedLength];
        CopyTail(source, bitOffset, padded);
        UnpackWhole64(padded, bitOffset & 7, width, destination[done..]);
    }

    /// <summary>
    /// Unpacks whole groups of eight from bit 0 of the source, as long as the two 16-byte loads of
    /// a group are inside it. A byte shuffle spreads four values over the lanes, so that each lane
    /// has all bits of its value. A multiplication drops the bits of the next value at the top, and
    /// a shift drops those of the previous one at the bottom.
    /// </summary>
    /// <returns>The values unpacked, a multiple of eight.</returns>
    internal static int UnpackGroups(ReadOnlySpan<byte> source, int width, Span<uint> destination)
    {
        var half = width >> 1;
        var spare = source.Length - half - Vector128<byte>.Count;
        if (spare < 0)
            return 0;
        var groups = destination.Length / Group;
        if ((groups - 1L) * width > spare)
            groups = (spare / width) + 1;
        ref readonly var layout = ref Layouts[width];
        var lowShuffle = layout.LowShuffle;
        var highShuffle = layout.HighShuffle;
        var lowFactors = layout.LowFactors;
        var highFactors = layout.HighFactors;
        var down = 32 - width;
        ref var from = ref MemoryMarshal.GetReference(source);
        ref var to = ref MemoryMarshal.GetReference(destination);
        for (nuint i = 0; i < (nuint)groups * Group; i += Group)
        {
            var low = Vector128.ShuffleNative(Vector128.LoadUnsafe(ref from), lowShuffle).AsUInt32();
            var high = Vector128.ShuffleNative(Vector128.LoadUnsafe(ref from, (nuint)half), highShuffle).AsUInt32();
            ((low * lowFactors) >>> down).StoreUnsafe(ref to, i);
            ((high * highFactors) >>> down).StoreUnsafe(ref to, i + 4);
            from = ref Unsafe.Add(ref from, width);
        }

        return groups * Group;
    }

    /// <summary>Unpacks the values that one 8-byte load inside the source can cover.</summary>
    /// <returns>The values unpacked.</returns>
    private static int UnpackWhole32(ReadOnlySpan<byte> source, long bitOffset, int width, Span<uint> destination)
    {
        var mask = uint.MaxValue >> (32 - width);
        var count = ValuesInWholeLoads(source.Length, sizeof(ulong), bitOffset, width, destination.Length);
        ref var first = ref MemoryMarshal.GetReference(source);
        for (var i = 0; i < count; i++, bitOffset += width)
            destination[i] = (uint)(Load(ref first, bitOffset >> 3) >> (int)(bitOffset & 7)) & mask;
        return count;
    }

    /// <summary>
    /// As <see cref="UnpackWhole32"/>; two 8-byte loads when a value may have bits in a ninth byte.
    /// </summary>
    /// <returns>The values unpacked.</returns>
    private static int UnpackWhole64(ReadOnlySpan<byte> source, long bitOffset, int width, Span<ulong> destination)
    {
        var mask = ulong.MaxValue >> (64 - width);
        var isWide = width > WidestInLoad;
        var count = ValuesInWholeLoads(source.Length, isWide ? 2 * sizeof(ulong) : sizeof(ulong), bitOffset, width, destination.Length);
        ref var first = ref MemoryMarshal.GetReference(source);
        for (var i = 0; i < count; i++, bitOffset += width)
        {
            var shift = (int)(bitOffset & 7);
            var value = Load(ref first, bitOffset >> 3) >> shift;

            // Two shifts clear the upper load completely, as required, when the value starts on a
            // byte boundary.
            if (isWide)
                value |= Load(ref first, (bitOffset >> 3) + sizeof(ulong)) << 1 << (63 - shift);
            destination[i] = value & mask;
        }

        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Load(ref byte source, long offset) => Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref source, (nint)offset));

    /// <summary>
    /// How many of the values start where a load of <paramref name="loadLength"/> bytes stays
    /// inside the source.
    /// </summary>
    private static int ValuesInWholeLoads(int sourceLength, int loadLength, long bitOffset, int width, int count)
    {
        var bits = ((sourceLength - (long)loadLength + 1) * 8) - bitOffset;
        return bits <= 0 ? 0 : (int)Math.Min(count, (bits + width - 1) / width);
    }

    /// <summary>
    /// Copies the last bytes, fewer than a load, and follows them with at least one load of zeros.
    /// </summary>
    private static void CopyTail(ReadOnlySpan<byte> source, long bitOffset, Span<byte> padded)
    {
        padded.Clear();
        source[(int)(bitOffset >> 3)..].CopyTo(padded);
    }

    private static void CheckExtent(ReadOnlySpan<byte> source, long bitOffset, int width, int count)
    {
        if (bitOffset < 0 || bitOffset + ((long)width * count) > source.Length * 8L)
            throw new ArgumentException("The packed values are not inside the source.", nameof(source));
    }
}
