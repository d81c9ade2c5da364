using System.Runtime.CompilerServices;

namespace IdExtractor.Core.Parquet.Kernels;

/// <content>
/// The loops for one to four streams. They differ in nothing but their number: the state of every stream has to live in locals, hence in registers, which neither arrays nor generics give.
/// </content>
internal static unsafe partial class SnappyLockStep
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Run1<THistory>(SnappyStream* s0)
        where THistory : struct
    {
        var table = SnappyTagTable.Block;
        byte* i0 = s0->Input, o0 = s0->Output, h0 = s0->History;
        while (true)
        {
            var rounds = Rounds(s0, i0, o0);
            if (rounds < MinRounds)
                break;
            var isFine = true;
            do
            {
                if (!Step<THistory>(table, ref i0, ref o0, h0))
                {
                    isFine = Care(s0, ref i0, ref o0);
                    break;
                }
            }
            while (--rounds > 0);
            if (!isFine)
                break;
        }

        s0->Input = i0;
        s0->Output = o0;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Run2<THistory>(SnappyStream* s0, SnappyStream* s1)
        where THistory : struct
    {
        var table = SnappyTagTable.Block;
        byte* i0 = s0->Input, o0 = s0->Output, h0 = s0->History;
        byte* i1 = s1->Input, o1 = s1->Output, h1 = s1->History;
        while (true)
        {
            var rounds = Rounds(s0, i0, o0);
            rounds = Math.Min(rounds, Rounds(s1, i1, o1));
            if (rounds < MinRounds)
                break;
            var isFine = true;
            do
            {
                if (!Step<THistory>(table, ref i0, ref o0, h0))
                {
                    isFine = Care(s0, ref i0, ref o0);
                    break;
                }

                if (!Step<THistory>(table, ref i1, ref o1, h1))
                {
                    isFine = Care(s1, ref i1, ref o1);
                    break;
                }
            }
            while (--rounds > 0);
            if (!isFine)
                break;
        }

        s0->Input = i0;
        s0->Output = o0;
        s1->Input = i1;
        s1->Output = o1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Run3<THistory>(SnappyStream* s0, SnappyStream* s1, SnappyStream* s2)
        where THistory : struct
    {
        var table = SnappyTagTable.Block;
        byte* i0 = s0->Input, o0 = s0->Output, h0 = s0->History;
        byte* i1 = s1->Input, o1 = s1->Output, h1 = s1->History;
        byte* i2 = s2->Input, o2 = s2->Output, h2 = s2->History;
        while (true)
        {
            var rounds = Rounds(s0, i0, o0);
            rounds = Math.Min(rounds, Rounds(s1, i1, o1));
            rounds = Math.Min(rounds, Rounds(s2, i2, o2));
            if (rounds < MinRounds)
                break;
            var isFine = true;
            do
            {
                if (!Step<THistory>(table, ref i0, ref o0, h0))
                {
                    isFine = Care(s0, ref i0, ref o0);
                    break;
                }

                if (!Step<THistory>(table, ref i1, ref o1, h1))
                {
                    isFine = Care(s1, ref i1, ref o1);
                    break;
                }

                if (!Step<THistory>(table, ref i2, ref o2, h2))
                {
                    isFine = Care(s2, ref i2, ref o2);
                    break;
                }
            }
            while (--rounds > 0);
            if (!isFine)
                break;
        }

        s0->Input = i0;
        s0->Output = o0;
        s1->Input = i1;
        s1->Output = o1;
        s2->Input = i2;
        s2->Output = o2;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Run4<THistory>(SnappyStream* s0, SnappyStream* s1, SnappyStream* s2, SnappyStream* s3)
        where THistory : struct
    {
        var table = SnappyTagTable.Block;
        byte* i0 = s0->Input, o0 = s0->Output, h0 = s0->History;
        byte* i1 = s1->Input, o1 = s1->Output, h1 = s1->History;
        byte* i2 = s2->Input, o2 = s2->Output, h2 = s2->History;
        byte* i3 = s3->Input, o3 = s3->Output, h3 = s3->History;
        while (true)
        {
            var rounds = Rounds(s0, i0, o0);
            rounds = Math.Min(rounds, Rounds(s1, i1, o1));
            rounds = Math.Min(rounds, Rounds(s2, i2, o2));
            rounds = Math.Min(rounds, Rounds(s3, i3, o3));
            if (rounds < MinRounds)
                break;
            var isFine = true;
            do
            {
                if (!Step<THistory>(table, ref i0, ref o0, h0))
                {
                    isFine = Care(s0, ref i0, ref o0);
                    break;
                }

                if (!Step<THistory>(table, ref i1, ref o1, h1))
                {
                    isFine = Care(s1, ref i1, ref o1);
                    break;
                }

                if (!Step<THistory>(table, ref i2, ref o2, h2))
                {
                    isFine = Care(s2, ref i2, ref o2);
                    break;
                }

                if (!Step<THistory>(table, ref i3, ref o3, h3))
                {
                    isFine = Care(s3, ref i3, ref o3);
                    break;
                }
            }
            while (--rounds > 0);
            if (!isFine)
                break;
        }

        s0->Input = i0;
        s0->Output = o0;
        s1->Input = i1;
        s1->Output = o1;
        s2->Input = i2;
        s2->Output = o2;
        s3->Input = i3;
        s3->Output = o3;
    }
}
