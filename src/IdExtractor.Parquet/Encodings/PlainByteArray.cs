using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using IdExtractor.Foundation.Kernels;
using IdExtractor.Parquet.Kernels;

namespace IdExtractor.Parquet.Encodings;

/// <summary>
/// PLAIN BYTE_ARRAY values: each is a 4-byte little-endian length and its bytes. Locates the values
/// without touching their bytes.
/// </summary>
/// <remarks>
/// A value's position depends on the length of the value before it, so a simple walk waits for one
/// load after another. Documents and ids mostly have one length. The walk guesses that the next
/// eight values are as long as the last one, loads the eight lengths at once, and checks the guess.
/// <para>
/// Kernel <c>plain</c>. Preconditions: the section is inside the page, which is checked; lengths
/// are not trusted. Over-read: none. Aliasing: page, offsets and lengths must not overlap.
/// Benchmark: <c>PlainByteArrayBenchmarks</c>, <c>KernelBenchmarks</c>.
/// </para>
/// </remarks>
public static class PlainByteArray
{
    private const int PrefixLength = sizeof(int);
    private const int Block = 8;

    private static readonly bool s_takesBlocks = !KernelRegistry.Plain.Uses(Kernel.Scalar);

    /// <summary>Locates the next values, as many as the spans hold.</summary>
    /// <param name="page">The page's decompressed bytes.</param>
    /// <param name="position">
    /// Where the next value's length prefix starts; moves past the last value. After an error it is
    /// at the invalid value.
    /// </param>
    /// <param name="end">The first byte after the values section; at most the length of
    /// <paramref name="page"/>.</param>
    /// <param name="offsets">Receives where in <paramref name="page"/> the bytes of each value
    /// start.</param>
    /// <param name="lengths">Receives the length of each value in bytes; as long as
    /// <paramref name="offsets"/>.</param>
    /// <returns>
    /// <see cref="DecodeStatus.Ok"/> when all are there; <see cref="DecodeStatus.InputTooShort"/>
    /// when the section ends before them; <see cref="DecodeStatus.InvalidLength"/> when a length is
    /// negative or extends past <paramref name="end"/>, or the section is not inside the page.
    /// After an error the content of the two spans is undefined.
    /// </returns>
    /// <exception cref="ArgumentException">The two spans differ in length.</exception>
    public static DecodeStatus Decode(ReadOnlySpan<byte> page, ref int position, int end, Span<int> offsets, Span<int> lengths)
    {
        if (offsets.Length != lengths.Length)
            throw new ArgumentException("Offsets and lengths must have the same number of places.", nameof(lengths));
        if (position < 0 || position > end || end > page.Length)
            return DecodeStatus.InvalidLength;
        return s_takesBlocks
            ? DecodeBlocks(page, ref position, end, offsets, lengths)
            : DecodeScalar(page, ref position, end, offsets, lengths);
    }

    /// <summary>
    /// As <see cref="Decode"/>, eight values at a time as long as they have the length of the
    /// previous one.
    /// </summary>
    internal static DecodeStatus DecodeBlocks(ReadOnlySpan<byte> page, ref int position, int end, Span<int> offsets, Span<int> lengths)
    {
        var done = 0;
        var length = 0;
        while (done < offsets.Length)
        {
            // A failed guess costs about as much as walking its block, so the walk takes one block
            // between guesses.
            var stop = Math.Min(done + Block, offsets.Length);
            var repeated = true;
            while (done < stop)
            {
                var previous = length;
                var status = ReadLength(page, position, end, out length);
                if (status != DecodeStatus.Ok)
                    return status;
                offsets[done] = position + PrefixLength;
                lengths[done] = length;
                position += PrefixLength + length;
                repeated = length == previous;
                done++;
            }

            if (!repeated)
                continue;
            while (offsets.Length - done >= Block && NextBlockHasLength(page, position, end, length))
            {
                WriteBlock(offsets.Slice(done, Block), lengths.Slice(done, Block), position + PrefixLength, length);
                position += Block * (PrefixLength + length);
                done += Block;
            }
        }

        return DecodeStatus.Ok;
    }

    /// <summary>Skips the next values.</summary>
    /// <param name="page">The page's decompressed bytes.</param>
    /// <param name="position">
    /// Where the next value's length prefix starts; moves past the last value skipped. After an
    /// error it is at the invalid value.
    /// </param>
    /// <param name="end">The first byte after the values section; at most the length of
    /// <paramref name="page"/>.</param>
    /// <param name="count">Values to skip; 0 or more.</param>
    /// <returns>As <see cref="Decode"/>.</returns>
    public static unsafe DecodeStatus Skip(ReadOnlySpan<byte> page, ref int position, int end, int count)
    {
        if (position < 0 || position > end || end > page.Length || count < 0)
            return DecodeStatus.InvalidLength;

        fixed (byte* start = page)
        {
            var skipped = PlainWalk.Skip(start + position, end - position, count, out var bytes);
            position += bytes;
            return skipped == count ? DecodeStatus.Ok : ReadLength(page, position, end, out _);
        }
    }

    /// <summary>
    /// The reference implementation of <see cref="DecodeBlocks"/>: one value at a time.
    /// </summary>
    internal static DecodeStatus DecodeScalar(ReadOnlySpan<byte> page, ref int position, int end, Span<int> offsets, Span<int> lengths)
    {
        for (var i = 0; i < offsets.Length; i++)
        {
            var status = ReadLength(page, position, end, out var length);
            if (status != DecodeStatus.Ok)
                return status;
            offsets[i] = position + PrefixLength;
            lengths[i] = length;
            position += PrefixLength + length;
        }

        return DecodeStatus.Ok;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static DecodeStatus ReadLength(ReadOnlySpan<byte> page, int position, int end, out int length)
    {
        length = 0;
        var room = end - position - PrefixLength;
        if (room < 0)
            return DecodeStatus.InputTooShort;
        var stored = BinaryPrimitives.ReadUInt32LittleEndian(page.Slice(position, PrefixLength));
        if (stored > (uint)room)
            return DecodeStatus.InvalidLength;
        length = (int)stored;
        return DecodeStatus.Ok;
    }

    /// <summary>
    /// Whether the next eight values are complete and all have this length. Reads no byte past
    /// <paramref name="end"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool NextBlockHasLength(ReadOnlySpan<byte> page, int position, int end, int length)
    {
        if (length > ((end - position) / Block) - PrefixLength)
            return false;
        var stride = (nint)(PrefixLength + length);
        ref var at = ref Unsafe.Add(ref MemoryMarshal.GetReference(page), position);
        var first = Prefix(ref at, 0) ^ length;
        first |= Prefix(ref at, stride) ^ length;
        first |= Prefix(ref at, stride * 2) ^ length;
        first |= Prefix(ref at, stride * 3) ^ length;
        var second = Prefix(ref at, stride * 4) ^ length;
        second |= Prefix(ref at, stride * 5) ^ length;
        second |= Prefix(ref at, stride * 6) ^ length;
        second |= Prefix(ref at, stride * 7) ^ length;
        return (first | second) == 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Prefix(ref byte at, nint offset) => Unsafe.ReadUnaligned<int>(ref Unsafe.Add(ref at, offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WriteBlock(Span<int> offsets, Span<int> lengths, int offset, int length)
    {
        var stride = Vector128.Create(PrefixLength + length);
        var low = Vector128.Create(offset) + (Vector128.Create(0, 1, 2, 3) * stride);
        low.CopyTo(offsets);
        (low + (stride << 2)).CopyTo(offsets[Vector128<int>.Count..]);
        var same = Vector128.Create(length);
        same.CopyTo(lengths);
        same.CopyTo(lengths[Vector128<int>.Count..]);
    }
}
