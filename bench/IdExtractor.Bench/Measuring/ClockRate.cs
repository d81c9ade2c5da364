using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace IdExtractor.Bench.Measuring;

/// <summary>
/// The clock rate of this processor, which virtual machines do not report. It is measured by a
/// chain of 64-bit multiplications: each takes three cycles on every x86 core of the last decade.
/// </summary>
internal static class ClockRate
{
    private const int MultiplicationCycles = 3;
    private const int Multiplications = 8;
    private const int Rounds = 20_000;
    private const int Attempts = 200;

    private static readonly Lazy<double> s_cyclesPerNanosecond = new(Measure);

    /// <summary>
    /// Cycles per nanosecond: the fastest of many short attempts. Long ones are interrupted.
    /// </summary>
    public static double CyclesPerNanosecond => s_cyclesPerNanosecond.Value;

    private static double Measure()
    {
        var best = TimeSpan.MaxValue;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var started = Stopwatch.GetTimestamp();
            var product = Chain((ulong)started | 1);
            var elapsed = Stopwatch.GetElapsedTime(started);
            GC.KeepAlive(product);
            best = elapsed < best ? elapsed : best;
        }

        return (double)Rounds * Multiplications * MultiplicationCycles / best.TotalNanoseconds;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static ulong Chain(ulong value)
    {
        var factor = value;
        for (var i = 0; i < Rounds; i++)
        {
            value *= factor;
            value *= factor;
            value *= factor;
            value *= factor;
            value *= factor;
            value *= factor;
            value *= factor;
            value *= factor;
        }

        return value;
    }
}
