using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using IdExtractor.Foundation.Kernels;
using IdExtractor.Parquet.Kernels;

namespace IdExtractor.Parquet.Encodings;

/// <summary>
/// BYTE_STREAM_SPLIT values of a fixed width: the first bytes of all values, then all second bytes,
/// and so on. Decoding reassembles the values.
/// </summary>
/// <remarks>
/// Kernel <c>split</c>. Preconditions: the values are inside the streams, which
/// <see cref="Decode"/> checks; for the vector variant SSE2 or AdvSimd. Over-read: none. Aliasing:
/// streams and destination must not overlap. Benchmark: <c>ByteStreamSplitBenchmarks</c>,
/// <c>KernelBenchmarks</c>.
/// </remarks>
public static class ByteStreamSplit
{
    private const int Block = 16;
    private const int NarrowestValue = 4;

    private static readonly bool s_takesVectors = !KernelRegistry.Split.Uses(Kernel.Scalar);

    /// <summary>Reassembles some of the page's values.</summary>
    /// <param name="page">The page's decompressed bytes.</param>
    /// <param name="start">The first byte of the values section.</param>
    /// <param name="end">The first byte after the values section.</param>
    /// <param name="width">Bytes per value; 1 or more.</param>
    /// <param name="valueCount">The values in the section.</param>
    /// <param name="firstValue">The number of the first value to reassemble, from 0.</param>
    /// <param name="destination">
    /// Receives consecutive values of <paramref name="width"/> bytes; its length is a multiple of
    /// the width. Must not overlap <paramref name="page"/>.
    /// </param>
    /// <returns>
    /// <see cref="DecodeStatus.Ok"/>; <see cref="DecodeStatus.InputTooShort"/> when the section is
    /// shorter than its values, or the request goes past the last value;
    /// <see cref="DecodeStatus.InvalidLength"/> when the section is longer than its values or not
    /// inside the page, the width is not positive, the destination is not a multiple of it, or a
    /// number is negative.
    /// </returns>
    public static DecodeStatus Decode(
        ReadOnlySpan<byte> page, int start, int end, int width, int valueCount, int firstValue, Span<byte> destination)
    {
        if (start < 0
            || start > end
            || end > page.Length
            || width < 1
            || valueCount < 0
            || firstValue < 0
            || destination.Length % width != 0)
            return DecodeStatus.InvalidLength;
        var size = (long)width * valueCount;
        if (size > end - start || destination.Length / width > valueCount - firstValue)
            return DecodeStatus.InputTooShort;
        if (size < end - start)
            return DecodeStatus.InvalidLength;
        if (destination.IsEmpty)
            return DecodeStatus.Ok;

        var streams = page[start..end];
        if (s_takesVectors)
            DecodeByVectors(streams, width, valueCount, firstValue, destination);
        else
            DecodeScalar(streams, width, valueCount, firstValue, destination);
        return DecodeStatus.Ok;
    }

    /// <summary>
    /// Decodes whole blocks of 16 values, then the rest one byte at a time. Narrow values are all
    /// decoded one byte at a time.
    /// </summary>
    internal static void DecodeByVectors(ReadOnlySpan<byte> streams, int width, int valueCount, int firstValue, Span<byte> destination)
    {
        var done = width >= NarrowestValue ? DecodeBlocks(streams, width, valueCount, firstValue, destination) : 0;
        DecodeScalar(streams, width, valueCount, firstValue + done, destination[(done * width)..]);
    }

    /// <summary>The reference implementation: one byte at a time.</summary>
    internal static void DecodeScalar(ReadOnlySpan<byte> streams, int width, int valueCount, int firstValue, Span<byte> destination)
    {
        var count = destination.Length / width;
        for (var place = 0; place < width; place++)
        {
            var stream = streams.Slice((place * valueCount) + firstValue, count);
            for (var i = 0; i < stream.Length; i++)
                destination[(i * width) + place] = stream[i];
        }
    }

    /// <summary>
    /// Reassembles 16 values at a time, four or eight of their bytes at a time. If the width is not
    /// a multiple of that, the last bytes overlap the ones before, with the same content.
    /// </summary>
    /// <returns>The values reassembled, a multiple of 16; none without the instructions.</returns>
    private static int DecodeBlocks(ReadOnlySpan<byte> streams, int width, int valueCount, int firstValue, Span<byte> destination)
    {
        if (!Sse2.IsSupported && !AdvSimd.Arm64.IsSupported)
            return 0;
        var count = destination.Length / width / Block * Block;
        var step = width < 8 ? 4 : 8;
        ref var source = ref MemoryMarshal.GetReference(streams);
        ref var target = ref MemoryMarshal.GetReference(destination);
        for (var i = 0; i < count; i += Block)
        {
            for (var place = 0; place < width; place += step)
            {
                var at = Math.Min(place, width - step);
                ref var from = ref Unsafe.Add(ref source, ((nint)at * valueCount) + firstValue + i);
                ref var to = ref Unsafe.Add(ref target, ((nint)i * width) + at);
                if (step == 8)
                    TransposeEight(ref from, valueCount, ref to, width);
                else
                    TransposeFour(ref from, valueCount, ref to, width);
            }
        }

        return count;
    }

    /// <summary>
    /// Transposes 16 bytes of each of eight streams into 16 rows of eight bytes. Interleaving the
    /// first half of the vectors with the second moves one bit of a byte's index from the stream
    /// number to the position in the vector; three rounds move all three.
    /// </summary>
    private static void TransposeEight(ref byte source, nint streamLength, ref byte target, nint rowLength)
    {
        var s0 = Vector128.LoadUnsafe(ref source);
        var s1 = Vector128.LoadUnsafe(ref Unsafe.Add(ref source, streamLength));
        var s2 = Vector128.LoadUnsafe(ref Unsafe.Add(ref source, streamLength * 2));
        var s3 = Vector128.LoadUnsafe(ref Unsafe.Add(ref source, streamLength * 3));
        var s4 = Vector128.LoadUnsafe(ref Unsafe.Add(ref source, streamLength * 4));
        var s5 = Vector128.LoadUnsafe(ref Unsafe.Add(ref source, streamLength * 5));
        var s6 = Vector128.LoadUnsafe(ref Unsafe.Add(ref source, streamLength * 6));
        var s7 = Vector128.LoadUnsafe(ref Unsafe.Add(ref source, streamLength * 7));
        ZipRowsOfEight(ZipLow(s0, s4), ZipLow(s1, s5), ZipLow(s2, s6), ZipLow(s3, s7), ref target, rowLength);
        ZipRowsOfEight(
            ZipHigh(s0, s4), ZipHigh(s1, s5), ZipHigh(s2, s6), ZipHigh(s3, s7), ref Unsafe.Add(ref target, rowLength * 8), rowLength);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ZipRowsOfEight(
        Vector128<byte> z0, Vector128<byte> z1, Vector128<byte> z2, Vector128<byte> z3, ref byte target, nint rowLength)
    {
        var low02 = ZipLow(z0, z2);
        var low13 = ZipLow(z1, z3);
        var high02 = ZipHigh(z0, z2);
        var high13 = ZipHigh(z1, z3);
        StoreRowsOfEight(ZipLow(low02, low13), ref target, rowLength);
        StoreRowsOfEight(ZipHigh(low02, low13), ref Unsafe.Add(ref target, rowLength * 2), rowLength);
        StoreRowsOfEight(ZipLow(high02, high13), ref Unsafe.Add(ref target, rowLength * 4), rowLength);
        StoreRowsOfEight(ZipHigh(high02, high13), ref Unsafe.Add(ref target, rowLength * 6), rowLength);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreRowsOfEight(Vector128<byte> rows, ref byte target, nint rowLength)
    {
        rows.GetLower().StoreUnsafe(ref target);
        rows.GetUpper().StoreUnsafe(ref Unsafe.Add(ref target, rowLength));
    }

    /// <summary>As <see cref="TransposeEight"/>, for four streams in two rounds.</summary>
    private static void TransposeFour(ref byte source, nint streamLength, ref byte target, nint rowLength)
    {
        var s0 = Vector128.LoadUnsafe(ref source);
        var s1 = Vector128.LoadUnsafe(ref Unsafe.Add(ref source, streamLength));
        var s2 = Vector128.LoadUnsafe(ref Unsafe.Add(ref source, streamLength * 2));
        var s3 = Vector128.LoadUnsafe(ref Unsafe.Add(ref source, streamLength * 3));
        StoreRowsOfFour(ZipLow(ZipLow(s0, s2), ZipLow(s1, s3)), ref target, rowLength);
        StoreRowsOfFour(ZipHigh(ZipLow(s0, s2), ZipLow(s1, s3)), ref Unsafe.Add(ref target, rowLength * 4), rowLength);
        StoreRowsOfFour(ZipLow(ZipHigh(s0, s2), ZipHigh(s1, s3)), ref Unsafe.Add(ref target, rowLength * 8), rowLength);
        StoreRowsOfFour(ZipHigh(ZipHigh(s0, s2), ZipHigh(s1, s3)), ref Unsafe.Add(ref target, rowLength * 12), rowLength);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreRowsOfFour(Vector128<byte> rows, ref byte target, nint rowLength)
    {
        if (rowLength == sizeof(uint))
        {
            rows.StoreUnsafe(ref target);
            return;
        }

        for (var row = 0; row < Vector128<uint>.Count; row++)
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref target, rowLength * row), rows.AsUInt32().GetElement(row));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> ZipLow(Vector128<byte> left, Vector128<byte> right) =>
        Sse2.IsSupported ? Sse2.UnpackLow(left, right) : AdvSimd.Arm64.ZipLow(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> ZipHigh(Vector128<byte> left, Vector128<byte> right) =>
        Sse2.IsSupported ? Sse2.UnpackHigh(left, right) : AdvSimd.Arm64.ZipHigh(left, right);
}
