using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using IdExtractor.Foundation.Kernels;

namespace IdExtractor.Parquet.Kernels;

/// <summary>
/// Decodes up to three independent Snappy streams on one thread, one tag of each in turn, without a
/// branch per tag. The latency of one stream's chain of tags is hidden behind the others. Reference
/// implementation: <see cref="SnappyTagDecoder"/>.
/// </summary>
/// <remarks>
/// Kernel <c>snappy</c>. Preconditions: those of <see cref="PageStream"/>. Over-read: none past
/// InputEnd, since the reference implementation takes over when a stream has fewer than
/// <see cref="InputMargin"/> bytes; up to 16 bytes past an input position before that. Over-write:
/// up to 15 bytes past the output position, never past OutputEnd. Aliasing: streams must not
/// overlap in memory. Every back-reference is checked against the stream's history. Benchmark:
/// <c>SnappyBenchmarks</c>, <c>KernelBenchmarks</c>.
/// </remarks>
internal readonly unsafe struct SnappyLockStep : ILockStepCodec
{
    /// <summary>Input bytes that one step may read: a tag and a vector.</summary>
    private const int InputMargin = 17;

    /// <inheritdoc/>
    public static bool IsSupported { get; } = !KernelRegistry.Snappy.Uses(Kernel.Scalar);

    /// <inheritdoc/>
    public static byte* Table => SnappyTagTable.Block;

    /// <inheritdoc/>
    public static bool IsBetweenSteps(PageStream* stream) => stream->LiteralLeft == 0;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Rounds(PageStream* stream, byte* input, byte* output) =>
        Math.Min((stream->OutputEnd - output) >> 4, (long)((ulong)(stream->InputEnd - input) / InputMargin)) - 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Step<THistory>(byte* table, ref byte* input, ref byte* output, byte* history)
        where THistory : struct
    {
        nuint tag = *input;
        var entry = ((ulong*)table)[tag];
        ulong length = table[tag + SnappyTagTable.Lengths];
        var offset = (long)LowBits(Unsafe.ReadUnaligned<ushort>(input + 1), entry) + ((long)entry >> 32);
        if ((ulong)offset < length)
            return false;
        if (typeof(THistory) == typeof(LockStep.Shallow) && offset > output - history)
            return false;

        // A literal's offset is -1: its bytes start one past the input position, wherever the
        // output is.
        var isLiteral = offset >> 63;
        Vector128.Load(output - offset + ((input - output) & isLiteral)).Store(output);
        output += length;
        input += table[tag + SnappyTagTable.Advances];
        return true;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool TakeCare(PageStream* stream) => StepPlainly(stream) && stream->LiteralLeft == 0;

    /// <inheritdoc/>
    public static bool StepPlainly(PageStream* stream) => SnappyTagDecoder.Step(ref *stream);

    /// <summary>Keeps as many of the lowest bits as the low byte of an entry specifies.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong LowBits(ulong value, ulong entry) =>
        Bmi2.X64.IsSupported ? Bmi2.X64.ZeroHighBits(value, entry) : value & ((1UL << (byte)entry) - 1);
}
