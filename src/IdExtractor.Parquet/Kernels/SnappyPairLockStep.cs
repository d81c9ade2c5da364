using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using IdExtractor.Foundation.Kernels;

namespace IdExtractor.Parquet.Kernels;

/// <summary>
/// Decodes up to three independent Snappy streams on one thread, one pair of tags of each in turn:
/// a short literal and the copy after it. That is how compressors write integers of 64 bits, whose
/// low bytes differ and whose high bytes repeat. One step takes both, so each value is one load of
/// earlier output and one store. Reference implementation: <see cref="SnappyTagDecoder"/>.
/// </summary>
/// <remarks>
/// Kernel <c>snappy-pairs</c>. Preconditions: those of <see cref="PageStream"/>. Over-read: none
/// past InputEnd, since the reference implementation takes over near it; up to 16 bytes past an
/// input position before that. Over-write: up to 15 bytes past the output position, never past
/// OutputEnd. Aliasing: streams must not overlap in memory. Every back-reference is checked against
/// the stream's history. Benchmark: <c>SnappyPairBenchmarks</c>, <c>KernelBenchmarks</c>.
/// <para>
/// Tags that are no such pair cost a mispredicted branch and a call. A page that has too many of
/// them uses up its <see cref="PageStream.PairCredit"/>, and <see cref="SnappyLockStep"/> decodes
/// the rest of it.
/// </para>
/// </remarks>
internal readonly unsafe struct SnappyPairLockStep : ILockStepCodec
{
    /// <summary>The credit of a page whose values are likely to be pairs.</summary>
    public const int FullCredit = 32 * ExceptionCost;

    /// <summary>Pairs that have to be decoded for each exception. Measured.</summary>
    private const int ExceptionCost = 24;

    /// <summary>
    /// Bits that are 0 in the tag byte of a literal of up to
    /// <see cref="SnappyPairTable.LongestLiteral"/> bytes.
    /// </summary>
    private const int NotShortLiteral = 0xF3;

    /// <inheritdoc/>
    public static bool IsSupported { get; } = !KernelRegistry.SnappyPairs.Uses(Kernel.Scalar);

    /// <inheritdoc/>
    public static byte* Table => SnappyPairTable.Block;

    /// <inheritdoc/>
    public static bool Fits(PageStream** streams, int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (streams[i]->PairCredit <= 0)
                return false;
        }

        return IsSupported;
    }

    /// <inheritdoc/>
    public static bool IsBetweenSteps(PageStream* stream) => SnappyLockStep.IsBetweenSteps(stream);

    /// <inheritdoc/>
    /// <remarks>
    /// A step reads 17 bytes of input, of which it consumes 8 at most, and writes 16.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Rounds(PageStream* stream, byte* input, byte* output) =>
        Math.Min((stream->OutputEnd - output) >> 4, (stream->InputEnd - input) >> 3) - 2;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Step<THistory>(byte* table, ref byte* input, ref byte* output, byte* history)
        where THistory : struct
    {
        nuint tag = *input;
        if ((tag & NotShortLiteral) != 0)
            return false;
        var rest = Unsafe.ReadUnaligned<ulong>(input) >> (int)((2 * tag) + 16);
        nuint copy = (byte)rest;
        var entry = table + (copy * sizeof(ulong));
        var offset = (nuint)((rest & *(ulong*)(entry + SnappyPairTable.Offsets)) >> 8) + *(nuint*)(entry + SnappyPairTable.Added);
        var literal = (tag >> 2) + 1;
        var length = literal + *(nuint*)(entry + SnappyPairTable.Lengths);
        if (offset < length)
            return false;
        if (typeof(THistory) == typeof(LockStep.Shallow) && offset > (nuint)(output - history))
            return false;

        // The bytes of the literal replace those at the same place of the earlier output.
        var earlier = Vector128.Load(output - offset);
        var mask = Vector128.LoadAligned(table + SnappyPairTable.Masks + (4 * tag));
        (earlier ^ ((earlier ^ Vector128.Load(input + 1)) & mask)).Store(output);
        output += length;
        input += literal + (copy & 3) + 2;
        return true;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool TakeCare(PageStream* stream)
    {
        var pairs = (int)Math.Clamp((stream->Output - stream->LastException) / sizeof(ulong), 0, FullCredit);
        stream->PairCredit = Math.Min(stream->PairCredit + pairs, FullCredit) - ExceptionCost;
        var canContinue = SnappyLockStep.TakeCare(stream);

        // The copy of a pair goes with its literal, so that the next step is at the start of a
        // pair.
        if (canContinue && stream->Input < stream->InputEnd && (*stream->Input & 3) != 0)
            canContinue = SnappyLockStep.TakeCare(stream);
        stream->LastException = stream->Output;
        return canContinue && stream->PairCredit > 0;
    }

    /// <inheritdoc/>
    public static bool StepPlainly(PageStream* stream) => SnappyTagDecoder.Step(ref *stream);
}
