using System.Runtime.CompilerServices;
using IdExtractor.Core.Keys;
using IdExtractor.Foundation.Kernels;
using IdExtractor.Foundation.Memory;
using IdExtractor.Parquet.Kernels;
using IdExtractor.Parquet.Pages;

namespace IdExtractor.Core.Scan.Match;

/// <summary>
/// Looks up numbers of a fixed width in the keys, in place. The first pass lists the values that
/// the filter lets through, without a branch per value; the second pass looks them up exactly.
/// Numbers are compared as numbers and never formatted. Immutable.
/// </summary>
/// <remarks>
/// Kernel <c>probe-numbers</c>. Preconditions: values of one fixed width, contiguous; room for a
/// hit per value. Over-read: up to 7 bytes past the last value. Aliasing: values and hits must not
/// overlap; hits behind the last one are overwritten. Benchmark: <c>KernelBenchmarks</c>.
/// </remarks>
internal sealed unsafe class NumberKeyProbe
{
    private static readonly bool s_filters = !KernelRegistry.ProbeNumbers.Uses(Kernel.Scalar);

    private readonly NumberKeySet _keys;
    private readonly KeyMatcher _matcher;
    private readonly ulong[] _filter;
    private readonly int _shift;
    private readonly int _lead;

    /// <summary>Creates the probe of a matcher.</summary>
    /// <param name="keys">The keys as numbers.</param>
    /// <param name="matcher">Decides exactly whether a value is a key.</param>
    public NumberKeyProbe(NumberKeySet keys, KeyMatcher matcher)
    {
        _keys = keys;
        _matcher = matcher;
        _filter = keys.Filter;
        _shift = keys.FilterShift;
        _lead = PlainKeyProbe.FilterLead(_filter);
    }

    /// <summary>Finds the keys among values with the variant that this process uses.</summary>
    /// <typeparam name="TNumber">How the values are stored.</typeparam>
    /// <param name="values">The values, all of one width.</param>
    /// <param name="hits">Receives the positions of the keys, ascending; at least as long as
    /// <paramref name="values"/>.</param>
    /// <returns>The number of keys among them.</returns>
    public int Probe<TNumber>(in ValueView values, Span<int> hits)
        where TNumber : struct, IStoredNumber => s_filters ? ProbeByFilter<TNumber>(values, hits) : ProbeEach(values, hits);

    /// <summary>Applies the filter, then checks its candidates exactly.</summary>
    internal int ProbeByFilter<TNumber>(in ValueView values, Span<int> hits)
        where TNumber : struct, IStoredNumber
    {
        var candidates = hits[..Filter<TNumber>(values, hits)];
        foreach (var candidate in candidates)
            _keys.PrefetchSlot(TNumber.Load(values.Data + ((nint)candidate * values.Width), values.Width));
        var count = 0;
        foreach (var candidate in candidates)
        {
            hits[count] = candidate;
            count += _matcher.IsKey(values[candidate]) ? 1 : 0;
        }

        return count;
    }

    /// <summary>The reference implementation: looks up value by value.</summary>
    internal int ProbeEach(in ValueView values, Span<int> hits)
    {
        var count = 0;
        for (var i = 0; i < values.Count; i++)
        {
            hits[count] = i;
            count += _matcher.IsKey(values[i]) ? 1 : 0;
        }

        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private int Filter<TNumber>(in ValueView values, Span<int> hits)
        where TNumber : struct, IStoredNumber
    {
        fixed (int* list = hits[..values.Count])
        fixed (ulong* filter = _filter)
        {
            var shift = _shift;
            nint width = values.Width;
            var at = values.Data;
            nint found = 0;
            var lead = (nint)_lead * width;
            var ahead = lead > 0 ? values.Count - _lead : 0;
            for (var i = 0; i < values.Count; i++)
            {
                if (i < ahead)
                    Prefetch.Near(in filter[NumberKeySet.Hash(TNumber.Load(at + lead, width)) >> shift]);

                // Always write the position, but keep it only for a candidate: candidates are too
                // rare and too random for a branch.
                var hash = NumberKeySet.Hash(TNumber.Load(at, width));
                var word = filter[hash >> shift];
                list[found] = i;
                found += (nint)(word >> (int)(hash >> (shift - 6)) & word >> (int)(hash >> (shift - 12))) & 1;
                at += width;
            }

            return (int)found;
        }
    }
}
