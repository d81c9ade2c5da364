using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using IdExtractor.Foundation.Kernels;
using IdExtractor.Parquet.Kernels;

namespace IdExtractor.Parquet.Encodings;

/// <summary>
/// Joins DELTA_BYTE_ARRAY values in an arena: a prefix of the previous value, then a suffix from
/// the page.
/// </summary>
/// <remarks>
/// The fast variant keeps the first 16 bytes of the last value in a register, which provides
/// prefixes of up to 16 bytes. It loads the suffix from one prefix length before its start, so that
/// it lands after the prefix. Reading the prefix from memory would wait for the stores of the last
/// value.
/// <para>
/// Kernel <c>join</c>. Preconditions: as many offsets as lengths; their values are not trusted.
/// Over-read: none outside of the page, up to 16 bytes before and after a suffix inside it.
/// Over-write: none outside of the arena; the bytes after the last value are undefined. Aliasing:
/// page, arena, offsets and lengths must not overlap; the previous value may be in the arena or
/// elsewhere. Benchmark: <c>DeltaBenchmarks</c>, <c>KernelBenchmarks</c>.
/// </para>
/// </remarks>
internal ref struct PrefixJoiner
{
    private const int Block = 16;

    private static readonly bool s_joinsByRegister = !KernelRegistry.Join.Uses(Kernel.Scalar);

    private readonly ReadOnlySpan<byte> _page;
    private readonly Span<byte> _arena;

    /// <summary>
    /// A block of ones, then one of zeros: a load that starts n bytes before the middle has n ones.
    /// </summary>
    private static ReadOnlySpan<byte> PrefixMasks =>
    [
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ];

    /// <summary>Starts after a value.</summary>
    /// <param name="page">The page, up to the end of the suffixes.</param>
    /// <param name="suffixPosition">
    /// Where the next suffix starts, at most the length of <paramref name="page"/>.
    /// </param>
    /// <param name="arena">Receives the values.</param>
    /// <param name="arenaUsed">The bytes of the arena in use, at most its length.</param>
    /// <param name="previous">The value before the next one.</param>
    internal PrefixJoiner(ReadOnlySpan<byte> page, int suffixPosition, Span<byte> arena, int arenaUsed, ReadOnlySpan<byte> previous)
    {
        Debug.Assert(suffixPosition >= 0 && suffixPosition <= page.Length, "The suffixes start outside the page.");
        Debug.Assert(arenaUsed >= 0 && arenaUsed <= arena.Length, "More of the arena is in use than it has.");
        _page = page;
        _arena = arena;
        SuffixPosition = suffixPosition;
        ArenaUsed = arenaUsed;
        Previous = previous;
    }

    /// <summary>Where the next suffix starts.</summary>
    internal int SuffixPosition { get; private set; }

    /// <summary>The bytes of the arena in use.</summary>
    internal int ArenaUsed { get; private set; }

    /// <summary>The last value.</summary>
    internal ReadOnlySpan<byte> Previous { get; private set; }

    /// <summary>
    /// Joins values until all are done or the next does not fit the arena, with the fastest variant
    /// that this machine supports.
    /// </summary>
    /// <param name="offsets">
    /// In: the lengths of the prefixes. Out: where in the arena each value starts.
    /// </param>
    /// <param name="lengths">
    /// In: the lengths of the suffixes. Out: the lengths of the values.
    /// </param>
    /// <param name="joined">The values joined.</param>
    /// <returns>
    /// <see cref="DecodeStatus.Ok"/>, or <see cref="DecodeStatus.InvalidLength"/> for a prefix or
    /// suffix that is negative or longer than the data.
    /// </returns>
    internal DecodeStatus Join(Span<int> offsets, Span<int> lengths, out int joined) =>
        s_joinsByRegister ? JoinByVectors(offsets, lengths, out joined) : JoinScalar(offsets, lengths, out joined);

    /// <summary>
    /// Joins runs of values in a register, and those between the runs one at a time.
    /// </summary>
    internal DecodeStatus JoinByVectors(Span<int> offsets, Span<int> lengths, out int joined)
    {
        joined = 0;
        while (joined < offsets.Length)
        {
            joined += JoinByRegister(offsets[joined..], lengths[joined..]);
            if (joined == offsets.Length)
                break;

            // This value has a long prefix, is at an edge, does not fit, or is invalid.
            var status = JoinOne(ref offsets[joined], ref lengths[joined], out var isFull);
            if (status != DecodeStatus.Ok || isFull)
                return status;
            joined++;
        }

        return DecodeStatus.Ok;
    }

    /// <summary>The reference implementation of <see cref="Join"/>: one value at a time.</summary>
    internal DecodeStatus JoinScalar(Span<int> offsets, Span<int> lengths, out int joined)
    {
        for (joined = 0; joined < offsets.Length; joined++)
        {
            var status = JoinOne(ref offsets[joined], ref lengths[joined], out var isFull);
            if (status != DecodeStatus.Ok || isFull)
                return status;
        }

        return DecodeStatus.Ok;
    }

    private DecodeStatus JoinOne(ref int offset, ref int length, out bool isFull)
    {
        isFull = false;
        var prefix = offset;
        var suffix = length;
        if ((uint)prefix > (uint)Previous.Length || (uint)suffix > (uint)(_page.Length - SuffixPosition))
            return DecodeStatus.InvalidLength;
        isFull = prefix + suffix > _arena.Length - ArenaUsed;
        if (isFull)
            return DecodeStatus.Ok;

        var value = _arena.Slice(ArenaUsed, prefix + suffix);
        Previous[..prefix].CopyTo(value);
        _page.Slice(SuffixPosition, suffix).CopyTo(value[prefix..]);
        offset = ArenaUsed;
        length = value.Length;
        Previous = value;
        SuffixPosition += suffix;
        ArenaUsed += value.Length;
        return DecodeStatus.Ok;
    }

    /// <summary>
    /// Joins values for as long as each has a prefix of at most a block, and a block of room after
    /// it in page and arena.
    /// </summary>
    /// <returns>The values joined; the next one is for <see cref="JoinOne"/>.</returns>
    private int JoinByRegister(Span<int> offsets, Span<int> lengths)
    {
        var pageRoom = _page.Length - SuffixPosition - Block;
        var arenaRoom = _arena.Length - ArenaUsed - Block;
        if (SuffixPosition < Block || pageRoom < 0 || arenaRoom < 0)
            return 0;
        Span<byte> head = stackalloc byte[Block];
        head.Clear();
        Previous[..Math.Min(Previous.Length, Block)].CopyTo(head);
        var joined = JoinByRegister(Vector128.Create<byte>(head), offsets, lengths, ref pageRoom, ref arenaRoom);
        if (joined == 0)
            return 0;
        SuffixPosition = _page.Length - pageRoom - Block;
        ArenaUsed = _arena.Length - arenaRoom - Block;
        Previous = _arena.Slice(offsets[joined - 1], lengths[joined - 1]);
        return joined;
    }

    /// <summary>
    /// The loop of <c>JoinByRegister</c>, separate from its set-up so that everything it
    /// needs stays in registers.
    /// </summary>
    /// <param name="head">The first bytes of the last value.</param>
    /// <param name="offsets">As for <see cref="Join"/>.</param>
    /// <param name="lengths">As for <see cref="Join"/>.</param>
    /// <param name="pageRoomLeft">How far the next suffix may reach, 0 or more.</param>
    /// <param name="arenaRoomLeft">How long the next value may be, 0 or more.</param>
    // Optimized at its first call: most of a short run would otherwise execute unoptimized code.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly int JoinByRegister(
        Vector128<byte> head, Span<int> offsets, Span<int> lengths, ref int pageRoomLeft, ref int arenaRoomLeft)
    {
        var pageRoom = pageRoomLeft;
        var arenaRoom = arenaRoomLeft;
        var arenaStart = _arena.Length - Block;
        var longestPrefix = Math.Min(Previous.Length, Block);
        ref var masks = ref Unsafe.Add(ref MemoryMarshal.GetReference(PrefixMasks), Block);
        ref var suffixAt = ref Unsafe.Add(ref MemoryMarshal.GetReference(_page), SuffixPosition);
        ref var valueAt = ref Unsafe.Add(ref MemoryMarshal.GetReference(_arena), ArenaUsed);
        var joined = 0;
        for (; joined < offsets.Length && joined < lengths.Length; joined++)
        {
            var prefix = offsets[joined];
            var suffix = lengths[joined];
            if ((uint)prefix > (uint)longestPrefix || (uint)suffix > (uint)pageRoom || prefix + suffix > arenaRoom)
                break;

            // The position in the page where the whole value would start.
            var length = prefix + suffix;
            ref var from = ref Unsafe.Subtract(ref suffixAt, prefix);
            head = Vector128.ConditionalSelect(
                Vector128.LoadUnsafe(ref Unsafe.Subtract(ref masks, prefix)), head, Vector128.LoadUnsafe(ref from));
            head.StoreUnsafe(ref valueAt);
            for (var at = Block; at < length; at += Block)
                Vector128.LoadUnsafe(ref from, (nuint)at).StoreUnsafe(ref valueAt, (nuint)at);
            offsets[joined] = arenaStart - arenaRoom;
            lengths[joined] = length;
            longestPrefix = Math.Min(length, Block);
            pageRoom -= suffix;
            arenaRoom -= length;
            suffixAt = ref Unsafe.Add(ref suffixAt, suffix);
            valueAt = ref Unsafe.Add(ref valueAt, length);
        }

        pageRoomLeft = pageRoom;
        arenaRoomLeft = arenaRoom;
        return joined;
    }
}
