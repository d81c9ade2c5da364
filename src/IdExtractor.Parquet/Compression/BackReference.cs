using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using IdExtractor.Foundation.Kernels;
using IdExtractor.Parquet.Kernels;

namespace IdExtractor.Parquet.Compression;

/// <summary>
/// The copies that all LZ77 formats are made of. Callers have checked lengths and offsets; only the
/// room for wide copies is checked here.
/// </summary>
/// <remarks>
/// Kernel <c>repeat</c>. Preconditions: the offset is at least 1 and inside the history, the length
/// at least 1 and inside the room. Over-read: none past the end of the room, up to 15 bytes past
/// the copy inside it. Over-write: the same. Aliasing: the copy may overlap its source, which it
/// then repeats. Benchmark: <c>CodecBenchmarks</c>, <c>KernelBenchmarks</c>.
/// </remarks>
internal static unsafe class BackReference
{
    /// <summary>Bytes past the end of a copy that the wide forms may read or write.</summary>
    public const int Slop = 32;

    /// <summary>Whether wide copies are allowed, which the environment may forbid.</summary>
    public static readonly bool IsWide = !KernelRegistry.Repeat.Uses(Kernel.Scalar);

    /// <summary>
    /// The room after a copy that makes it wide: <see cref="Slop"/>, or more than there ever is
    /// where the reference implementation is forced. Decoders need no other check.
    /// </summary>
    public static readonly long WideRoom = IsWide ? Slop : long.MaxValue / 2;

    /// <summary>
    /// Copies <paramref name="length"/> bytes between buffers that do not overlap, 16 at a time.
    /// May read and write up to 15 bytes past the end, so both sides need <see cref="Slop"/> bytes
    /// of room there.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void CopyWide(byte* from, byte* to, long length)
    {
        var end = to + length;
        do
        {
            Copy16(from, to);
            from += 16;
            to += 16;
        }
        while (to < end);
    }

    /// <summary>
    /// Repeats <paramref name="length"/> bytes from <paramref name="offset"/> bytes back, as if
    /// byte by byte. May write past the end of the copy, so <paramref name="to"/> needs
    /// <paramref name="length"/> + <see cref="Slop"/> bytes of room.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void RepeatWide(byte* to, long offset, long length)
    {
        Debug.Assert(offset >= 1 && length >= 1, "The copy has no source or no length.");
        if (offset >= 16)
            CopyWide(to - offset, to, length);
        else
            RepeatShortPeriod(to, offset, length);
    }

    /// <summary>
    /// As <see cref="RepeatWide"/>, but never touches <paramref name="end"/> or what lies past it:
    /// for the last bytes of a buffer.
    /// </summary>
    public static void Repeat(byte* to, long offset, long length, byte* end)
    {
        Debug.Assert(offset >= 1 && length >= 1 && length <= end - to, "The copy leaves its buffer.");
        if (IsWide)
            RepeatByVectors(to, offset, length, end);
        else
            RepeatScalar(to, offset, length);
    }

    /// <summary>Copies wide where there is room for it.</summary>
    internal static void RepeatByVectors(byte* to, long offset, long length, byte* end)
    {
        if (end - to >= length + Slop)
            RepeatWide(to, offset, length);
        else
            RepeatScalar(to, offset, length);
    }

    /// <summary>The reference implementation: one byte at a time.</summary>
    internal static void RepeatScalar(byte* to, long offset, long length)
    {
        var from = to - offset;
        for (long i = 0; i < length; i++)
            to[i] = from[i];
    }

    /// <summary>Copies 16 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Copy16(byte* from, byte* to) => Vector128.Load(from).Store(to);

    // Each copy doubles the repeating stretch. The next copy overwrites the bytes written past it.
    private static void RepeatShortPeriod(byte* to, long offset, long length)
    {
        var from = to - offset;
        var end = to + length;
        if (offset == 1)
        {
            var value = Vector128.Create(*from);
            for (; to < end; to += 16)
                value.Store(to);
            return;
        }

        while (to - from < 16)
        {
            Copy16(from, to);
            to += to - from;
        }

        for (; to < end; to += 16, from += 16)
            Copy16(from, to);
    }
}
