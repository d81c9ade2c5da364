using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using IdExtractor.Core.Primitives;

namespace IdExtractor.Core.Parquet.Kernels;

/// <summary>
/// Decodes up to three independent Snappy streams in one thread, a tag of each in turn, without a branch a tag: the latency of one stream's tag chain is hidden behind the others.
/// Twin: <see cref="SnappyTagDecoder"/>.
/// </summary>
/// <remarks>
/// Kernel <c>snappy</c>. Preconditions: those of <see cref="PageStream"/>. Over-read: none past InputEnd, since a stream with fewer than <see cref="InputMargin"/> bytes is left to the twin; up to 16
/// bytes past an input position before that. Over-write: up to 15 bytes past the output position, never past OutputEnd. Aliasing: streams must not overlap in memory. Every back-reference is held
/// against the stream's history. Benchmark: <c>SnappyBenchmarks</c>, <c>KernelBenchmarks</c>.
/// </remarks>
internal static unsafe partial class SnappyLockStep
{
    /// <summary>Some stream is near the start of its page: every back-reference is compared with what there is.</summary>
    private struct Shallow;

    /// <summary>Every stream has 64 KiB behind it, more than any offset of the kernel's tags.</summary>
    private struct Deep;

    /// <summary>Most streams in one call.</summary>
    public const int MaxStreams = 3;

    /// <summary>Input bytes that one step may touch: a tag and a vector.</summary>
    private const int InputMargin = 17;

    /// <summary>Fewer rounds than this are left to the twin.</summary>
    private const int MinRounds = 8;

    /// <summary>No stream.</summary>
    private const int None = -1;

    /// <summary>Whether the machine has what the kernel needs, and nobody forces its twin.</summary>
    public static bool IsSupported { get; } = !KernelRegistry.Snappy.Uses(Kernel.Scalar);

    /// <summary>
    /// Advances the streams until at least one of them needs its owner: its output is full, its input is used up, or it has failed.
    /// </summary>
    public static void Run(PageStream** streams, int count)
    {
        while (!AnyNeedsOwner(streams, count))
        {
            if (IsHistoryDeep(streams, count))
                Loop<Deep>(streams, count);
            else
                Loop<Shallow>(streams, count);
        }
    }

    private static void Loop<THistory>(PageStream** streams, int count)
        where THistory : struct
    {
        var table = SnappyTagTable.Block;
        switch (count)
        {
            case 1:
                Run1<THistory>(streams, table);
                break;
            case 2:
                Run2<THistory>(streams, table);
                break;
            default:
                Run3<THistory>(streams, table);
                break;
        }
    }

    /// <summary>Takes the streams that are too near an end for the kernel on, tag by tag, until they no longer are, or to that end. True when one is there.</summary>
    private static bool AnyNeedsOwner(PageStream** streams, int count)
    {
        var any = false;
        for (var i = 0; i < count; i++)
        {
            var stream = streams[i];
            while (!IsSupported || stream->LiteralLeft != 0 || stream->Status != DecodeStatus.Ok || Rounds(stream, stream->Input, stream->Output) < MinRounds)
            {
                if (stream->Output < stream->OutputEnd && SnappyTagDecoder.Step(ref *stream))
                    continue;
                any = true;
                break;
            }
        }

        return any;
    }

    /// <summary>Every stream has so much history that no offset of the kernel's tags can leave it.</summary>
    private static bool IsHistoryDeep(PageStream** streams, int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (streams[i]->Output - streams[i]->History < ushort.MaxValue)
                return false;
        }

        return true;
    }

    /// <summary>Steps that stay inside both buffers whatever the tags are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long Rounds(PageStream* stream, byte* input, byte* output) =>
        Math.Min((stream->OutputEnd - output) >> 4, (long)((ulong)(stream->InputEnd - input) / InputMargin)) - 1;

    /// <summary>One tag of one stream. False when the tag needs care; nothing has changed then.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Step<THistory>(byte* table, ref byte* input, ref byte* output, byte* history)
        where THistory : struct
    {
        nuint tag = *input;
        var entry = ((ulong*)table)[tag];
        ulong length = table[tag + SnappyTagTable.Lengths];
        var offset = (long)LowBits(Unsafe.ReadUnaligned<ushort>(input + 1), entry) + ((long)entry >> 32);
        if ((ulong)offset < length)
            return false;
        if (typeof(THistory) == typeof(Shallow) && offset > output - history)
            return false;

        // A literal's offset is -1: its bytes stand one past the input position, wherever the output is.
        var isLiteral = offset >> 63;
        Vector128.Load(output - offset + ((input - output) & isLiteral)).Store(output);
        output += length;
        input += table[tag + SnappyTagTable.Advances];
        return true;
    }

    /// <summary>As many of the lowest bits as the low byte of an entry says.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong LowBits(ulong value, ulong entry) => Bmi2.X64.IsSupported ? Bmi2.X64.ZeroHighBits(value, entry) : value & ((1UL << (byte)entry) - 1);

    /// <summary>Takes the next tag of a stream the plain way. False when the kernel cannot go on after it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool TakeCare(PageStream* stream) => SnappyTagDecoder.Step(ref *stream) && stream->LiteralLeft == 0;
}
