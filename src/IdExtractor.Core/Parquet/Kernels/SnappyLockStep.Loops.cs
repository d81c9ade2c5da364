using System.Runtime.CompilerServices;

namespace IdExtractor.Core.Parquet.Kernels;

/// <content>
/// The loops for one to three streams. They differ in nothing but their number: the positions of every stream have to live in locals, hence in registers, which neither arrays nor generics give. All
/// else stays in memory, and the table comes as an argument: a constant would be loaded anew at every use.
/// </content>
internal static unsafe partial class SnappyLockStep
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Run1<THistory>(PageStream** streams, byte* table)
        where THistory : struct
    {
        while (true)
        {
            byte* i0 = streams[0]->Input, o0 = streams[0]->Output, h0 = streams[0]->History;
            var rounds = Rounds(streams[0], i0, o0);
            if (rounds < MinRounds)
                return;
            var careful = None;
            do
            {
                if (!Step<THistory>(table, ref i0, ref o0, h0))
                {
                    careful = 0;
                    break;
                }
            }
            while (--rounds > 0);

            streams[0]->Input = i0;
            streams[0]->Output = o0;
            if (careful != None && !TakeCare(streams[careful]))
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
            var rounds = Rounds(streams[0], i0, o0);
            rounds = Math.Min(rounds, Rounds(streams[1], i1, o1));
            if (rounds < MinRounds)
                return;
            var careful = None;
            do
            {
                if (!Step<THistory>(table, ref i0, ref o0, h0))
                {
                    careful = 0;
                    break;
                }

                if (!Step<THistory>(table, ref i1, ref o1, h1))
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
            if (careful != None && !TakeCare(streams[careful]))
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
            var rounds = Rounds(streams[0], i0, o0);
            rounds = Math.Min(rounds, Rounds(streams[1], i1, o1));
            rounds = Math.Min(rounds, Rounds(streams[2], i2, o2));
            if (rounds < MinRounds)
                return;
            var careful = None;
            do
            {
                if (!Step<THistory>(table, ref i0, ref o0, h0))
                {
                    careful = 0;
                    break;
                }

                if (!Step<THistory>(table, ref i1, ref o1, h1))
                {
                    careful = 1;
                    break;
                }

                if (!Step<THistory>(table, ref i2, ref o2, h2))
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
            if (careful != None && !TakeCare(streams[careful]))
                return;
        }
    }
}
