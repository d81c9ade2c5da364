using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using IdExtractor.Foundation.Kernels;
using IdExtractor.Parquet.Compression;

namespace IdExtractor.Parquet.Kernels;

/// <summary>
/// Decodes up to three independent LZ4 blocks on one thread, one sequence of each in turn, without
/// a branch per sequence. The latency of one stream's chain of tokens is hidden behind the others.
/// Reference implementation: <see cref="Lz4SequenceDecoder"/>.
/// </summary>
/// <remarks>
/// Kernel <c>lz4</c>. Preconditions: those of <see cref="PageStream"/>. Over-read: none past
/// InputEnd, since the reference implementation takes over when a stream has fewer than
/// <see cref="InputMargin"/> bytes; up to 17 bytes past an input position before that, and as many
/// as <see cref="BackReference.Slop"/> past long literals. Over-write: up to 32 bytes past a
/// sequence, never past OutputEnd. Aliasing: streams must not overlap in memory. Every match is
/// checked against the stream's history. Benchmark: <c>Lz4Benchmarks</c>, <c>KernelBenchmarks</c>.
/// </remarks>
internal readonly unsafe struct Lz4LockStep : ILockStepCodec
{
    /// <summary>
    /// Input bytes that one step may read: a token, a vector or fifteen bytes read as literals, and
    /// two read as an offset.
    /// </summary>
    private const int InputMargin = 18;

    /// <summary>
    /// Output bytes that one step may write: fourteen literals and a vector, rounded up.
    /// </summary>
    private const int OutputMargin = 32;

    /// <summary>
    /// The longest match that the fast step copies: one vector. A second copy, for lengths up to
    /// eighteen, cost 8% of the speed on documents, which rarely have such matches.
    /// </summary>
    private const int MaxMatch = 16;

    /// <summary>
    /// The largest length that half a token holds; a longer length continues in further bytes.
    /// </summary>
    private const uint MaxNibble = 15;

    /// <summary>
    /// A match longer than any offset, which marks tokens that the fast step cannot handle.
    /// </summary>
    private const uint NeedsCare = 1 << 16;

    /// <summary>
    /// The match length of each token that the fast step handles. Lives as long as the process.
    /// </summary>
    private static readonly uint* s_lengths = BuildLengths();

    /// <inheritdoc/>
    public static bool IsSupported { get; } = !KernelRegistry.Lz4.Uses(Kernel.Scalar);

    /// <inheritdoc/>
    public static byte* Table => (byte*)s_lengths;

    /// <inheritdoc/>
    public static bool IsBetweenSteps(PageStream* stream) => stream->Phase == Lz4Phase.Token;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Rounds(PageStream* stream, byte* input, byte* output) =>
        Math.Min((long)((ulong)(stream->OutputEnd - output) / OutputMargin), (long)((ulong)(stream->InputEnd - input) / InputMargin)) - 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Step<THistory>(byte* table, ref byte* input, ref byte* output, byte* history)
        where THistory : struct
    {
        nuint token = *input;
        var literals = token >> 4;
        nuint length = ((uint*)table)[token];
        var from = input + literals;
        nuint offset = Unsafe.ReadUnaligned<ushort>(from + 1);
        if (offset < length)
            return false;
        var to = output + literals;
        if (typeof(THistory) == typeof(LockStep.Shallow) && offset > (nuint)(to - history))
            return false;
        Vector128.Load(input + 1).Store(output);
        Vector128.Load(to - offset).Store(to);
        output = to + length;
        input = from + 3;
        return true;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool TakeCare(PageStream* stream) => TryTakeWide(stream) || (StepPlainly(stream) && IsBetweenSteps(stream));

    /// <inheritdoc/>
    public static bool StepPlainly(PageStream* stream) => Lz4SequenceDecoder.Step(ref *stream);

    private static uint* BuildLengths()
    {
        var lengths = (uint*)NativeMemory.AlignedAlloc(256 * sizeof(uint), 64);
        for (var token = 0u; token < 256; token++)
        {
            var length = (token & MaxNibble) + Lz4SequenceDecoder.MinimumMatch;
            lengths[token] = token >> 4 == MaxNibble || length > MaxMatch ? NeedsCare : length;
        }

        return lengths;
    }

    /// <summary>
    /// Decodes a sequence with long lengths or an overlapping match by wide copies, if it is valid,
    /// complete in the current input, and has enough room after it. Otherwise returns false without
    /// moving either position.
    /// </summary>
    private static bool TryTakeWide(PageStream* stream)
    {
        byte* input = stream->Input, inputEnd = stream->InputEnd, output = stream->Output, outputEnd = stream->OutputEnd;
        uint token = *input++;
        long length = token >> 4;
        if (length == MaxNibble && !Lz4BlockDecoder.ReadLength(ref input, inputEnd, ref length))
            return false;
        if (inputEnd - input < length + BackReference.WideRoom || outputEnd - output < length + BackReference.WideRoom)
            return false;
        BackReference.CopyWide(input, output, length);
        input += length;
        output += length;
        long offset = LittleEndian.UInt16(input);
        input += sizeof(ushort);
        length = token & MaxNibble;
        if (length == MaxNibble && !Lz4BlockDecoder.ReadLength(ref input, inputEnd, ref length))
            return false;
        length += Lz4SequenceDecoder.MinimumMatch;
        if (offset == 0 || offset > output - stream->History || outputEnd - output < length + BackReference.WideRoom)
            return false;
        BackReference.RepeatWide(output, offset, length);
        stream->Input = input;
        stream->Output = output + length;
        return true;
    }
}
