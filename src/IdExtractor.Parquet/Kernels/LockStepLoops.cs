using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace IdExtractor.Parquet.Kernels;

/// <summary>
/// Decodes up to three independent streams of one codec on one thread, one step of each in turn.
/// The latency of one stream's chain of steps is hidden behind the others.
/// </summary>
/// <remarks>
/// The loops differ only in the number of streams. The positions of every stream have to live in
/// locals, and thus in registers, which neither arrays nor generics achieve. Everything else stays
/// in memory. A fourth stream would need more registers than there are.
/// </remarks>
internal static unsafe class LockStepLoops<TCodec>
    where TCodec : struct, ILockStepCodec
{
    /// <summary>With fewer rounds than this, the reference implementation runs.</summary>
    private const int MinRounds = 8;

    /// <summary>
    /// Rounds of a shallow loop, which is slower, before checking again whether it can be deep.
    /// </summary>
    private const int ShallowRounds = 1 << 10;

    /// <summary>No stream.</summary>
    private const int None = -1;

    /// <summary>
    /// Advances the streams until at least one of them needs its owner: its output is full, its
    /// input is used up, or it has failed. Stops before that when the codec's kernel no longer fits
    /// them.
    /// </summary>
    /// <param name="streams">The streams.</param>
    /// <param name="count">How many, 1 up to <see cref="LockStep.MaxStreams"/>.</param>
    public static void Run(PageStream** streams, int count)
    {
        Debug.Assert(count is >= 1 and <= LockStep.MaxStreams, "There are too many streams, or none.");
        CheckStreams(streams, count);
        while (TCodec.Fits(streams, count) && !AnyNeedsOwner(streams, count))
        {
            if (IsHistoryDeep(streams, count))
                Loop<LockStep.Deep>(streams, count);
            else
                Loop<LockStep.Shallow>(streams, count);
        }
    }

    /// <summary>Checks what a stream promises, in Debug builds.</summary>
    [Conditional("DEBUG")]
    private static void CheckStreams(PageStream** streams, int count)
    {
        for (var i = 0; i < count; i++)
        {
            Debug.Assert(streams[i]->Input <= streams[i]->InputEnd, "A stream has read past its input.");
            Debug.Assert(streams[i]->Output <= streams[i]->OutputEnd, "A stream has written past its room.");
            Debug.Assert(streams[i]->History <= streams[i]->Output, "A stream's history starts after its output.");
        }
    }

    /// <summary>
    /// Runs until a stream cannot continue, or until a shallow loop can become a deep one.
    /// </summary>
    private static void Loop<THistory>(PageStream** streams, int count)
        where THistory : struct
    {
        var table = TCodec.Table;
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

    /// <summary>
    /// Takes the streams that the kernel cannot continue and advances them step by step, until it
    /// can or they are stuck. Returns true when one needs its owner.
    /// </summary>
    private static bool AnyNeedsOwner(PageStream** streams, int count)
    {
        var any = false;
        for (var i = 0; i < count; i++)
        {
            var stream = streams[i];
            while (!TCodec.IsSupported
                || !TCodec.IsBetweenSteps(stream)
                || stream->Status != DecodeStatus.Ok
                || TCodec.Rounds(stream, stream->Input, stream->Output) < MinRounds)
            {
                if (stream->Output < stream->OutputEnd && TCodec.StepPlainly(stream))
                    continue;
                any = true;
                break;
            }
        }

        return any;
    }

    /// <summary>
    /// Whether every stream has so much history that no offset of the kernel's steps can leave it.
    /// </summary>
    private static bool IsHistoryDeep(PageStream** streams, int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (streams[i]->Output - streams[i]->History < ushort.MaxValue)
                return false;
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Run1<THistory>(PageStream** streams, byte* table)
        where THistory : struct
    {
        while (true)
        {
            byte* i0 = streams[0]->Input, o0 = streams[0]->Output, h0 = streams[0]->History;
            var rounds = TCodec.Rounds(streams[0], i0, o0);
            if (rounds < MinRounds)
                return;
            if (typeof(THistory) == typeof(LockStep.Shallow))
                rounds = Math.Min(rounds, ShallowRounds);
            var careful = None;
            do
            {
                if (!TCodec.Step<THistory>(table, ref i0, ref o0, h0))
                {
                    careful = 0;
                    break;
                }
            }
            while (--rounds > 0);

            streams[0]->Input = i0;
            streams[0]->Output = o0;
            if ((careful != None && !TCodec.TakeCare(streams[careful]))
                || (typeof(THistory) == typeof(LockStep.Shallow) && IsHistoryDeep(streams, 1)))
                return;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Run2<THistory>(PageStream** streams, byte* table)
        where THistory : struct
    {
        while (true)
        {
            byte* i0 = streams[0]->Input, o0 = streams[0]->Output, h0 = streams[0]->History;
            byte* i1 = streams[1]->Input, o1 = streams[1]->Output, h1 = streams[1]->History;
            var rounds = TCodec.Rounds(streams[0], i0, o0);
            rounds = Math.Min(rounds, TCodec.Rounds(streams[1], i1, o1));
            if (rounds < MinRounds)
                return;
            if (typeof(THistory) == typeof(LockStep.Shallow))
                rounds = Math.Min(rounds, ShallowRounds);
            var careful = None;
            do
            {
                if (!TCodec.Step<THistory>(table, ref i0, ref o0, h0))
                {
                    careful = 0;
                    break;
                }

                if (!TCodec.Step<THistory>(table, ref i1, ref o1, h1))
                {
                    careful = 1;
                    break;
                }
            }
            while (--rounds > 0);

            streams[0]->Input = i0;
            streams[0]->Output = o0;
            streams[1]->Input = i1;
            streams[1]->Output = o1;
            if ((careful != None && !TCodec.TakeCare(streams[careful]))
                || (typeof(THistory) == typeof(LockStep.Shallow) && IsHistoryDeep(streams, 2)))
                return;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Run3<THistory>(PageStream** streams, byte* table)
        where THistory : struct
    {
        while (true)
        {
            byte* i0 = streams[0]->Input, o0 = streams[0]->Output, h0 = streams[0]->History;
            byte* i1 = streams[1]->Input, o1 = streams[1]->Output, h1 = streams[1]->History;
            byte* i2 = streams[2]->Input, o2 = streams[2]->Output, h2 = streams[2]->History;
            var rounds = TCodec.Rounds(streams[0], i0, o0);
            rounds = Math.Min(rounds, TCodec.Rounds(streams[1], i1, o1));
            rounds = Math.Min(rounds, TCodec.Rounds(streams[2], i2, o2));
            if (rounds < MinRounds)
                return;
            if (typeof(THistory) == typeof(LockStep.Shallow))
                rounds = Math.Min(rounds, ShallowRounds);
            var careful = None;
            do
            {
                if (!TCodec.Step<THistory>(table, ref i0, ref o0, h0))
                {
                    careful = 0;
                    break;
                }

                if (!TCodec.Step<THistory>(table, ref i1, ref o1, h1))
                {
                    careful = 1;
                    break;
                }

                if (!TCodec.Step<THistory>(table, ref i2, ref o2, h2))
                {
                    careful = 2;
                    break;
                }
            }
            while (--rounds > 0);

            streams[0]->Input = i0;
            streams[0]->Output = o0;
            streams[1]->Input = i1;
            streams[1]->Output = o1;
            streams[2]->Input = i2;
            streams[2]->Output = o2;
            if ((careful != None && !TCodec.TakeCare(streams[careful]))
                || (typeof(THistory) == typeof(LockStep.Shallow) && IsHistoryDeep(streams, 3)))
                return;
        }
    }
}
