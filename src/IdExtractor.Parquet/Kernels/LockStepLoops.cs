using System.Runtime.CompilerServices;

namespace IdExtractor.Parquet.Kernels;

/// <summary>
/// Decodes up to three independent streams of one codec in one thread, a step of each in turn: the latency of one stream's chain of steps is hidden behind the others.
/// </summary>
/// <remarks>
/// The loops differ in nothing but the number of streams: the positions of every stream have to live in locals, hence in registers, which neither arrays nor generics give. All else stays in memory.
/// With a fourth stream registers run out.
/// </remarks>
internal static unsafe class LockStepLoops<TCodec>
    where TCodec : struct, ILockStepCodec
{
    /// <summary>Fewer rounds than this are left to the twin.</summary>
    private const int MinRounds = 8;

    /// <summary>Rounds of a shallow loop, which is slower, before it is asked again whether it has to be one.</summary>
    private const int ShallowRounds = 1 << 10;

    /// <summary>No stream.</summary>
    private const int None = -1;

    /// <summary>Advances the streams until at least one of them needs its owner: its output is full, its input is used up, or it has failed.</summary>
    /// <param name="streams">The streams.</param>
    /// <param name="count">How many, 1 up to <see cref="LockStep.MaxStreams"/>.</param>
    public static void Run(PageStream** streams, int count)
    {
        while (!AnyNeedsOwner(streams, count))
        {
            if (IsHistoryDeep(streams, count))
                Loop<LockStep.Deep>(streams, count);
            else
                Loop<LockStep.Shallow>(streams, count);
        }
    }

    /// <summary>Goes on until a stream cannot, or until a shallow loop need not be one any more.</summary>
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

    /// <summary>Takes the streams that the kernel cannot go on with, step by step, until it can, or as far as they go. True when one needs its owner.</summary>
    private static bool AnyNeedsOwner(PageStream** streams, int count)
    {
        var any = false;
        for (var i = 0; i < count; i++)
        {
            var stream = streams[i];
            while (!TCodec.IsSupported || !TCodec.IsBetweenSteps(stream) || stream->Status != DecodeStatus.Ok || TCodec.Rounds(stream, stream->Input, stream->Output) < MinRounds)
            {
                if (stream->Output < stream->OutputEnd && TCodec.StepPlainly(stream))
                    continue;
                any = true;
                break;
            }
        }

        return any;
    }

    /// <summary>Every stream has so much history that no offset of the kernel's steps can leave it.</summary>
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
            if ((careful != None && !TCodec.TakeCare(streams[careful])) || (typeof(THistory) == typeof(LockStep.Shallow) && IsHistoryDeep(streams, 1)))
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
            if ((careful != None && !TCodec.TakeCare(streams[careful])) || (typeof(THistory) == typeof(LockStep.Shallow) && IsHistoryDeep(streams, 2)))
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
            if ((careful != None && !TCodec.TakeCare(streams[careful])) || (typeof(THistory) == typeof(LockStep.Shallow) && IsHistoryDeep(streams, 3)))
                return;
        }
    }
}
