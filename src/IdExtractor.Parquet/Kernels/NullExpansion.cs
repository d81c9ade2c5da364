using System.Numerics;
using IdExtractor.Foundation.Kernels;

namespace IdExtractor.Parquet.Kernels;

/// <summary>Rows from values and values from rows, where some rows are null: a bit a row, set where there is a value.</summary>
/// <remarks>
/// Kernel <c>rows</c>. Preconditions: the wanted values ascend, the first is not below the cursor's; the bits cover all rows, those past the last row are clear. Over-read: none. Aliasing: the
/// wanted values and the rows may be the same span, nothing else may overlap. Benchmark: <c>KernelBenchmarks</c>.
/// <para>
/// Kernel <c>ranks</c>. Preconditions: the bits cover all rows. Over-read: none. Aliasing: reads only. Benchmark: <c>KernelBenchmarks</c>.
/// </para>
/// </remarks>
internal static class NullExpansion
{
    private const int BitsInWord = LevelPacking.BitsInWord;

    private static readonly bool s_findsByWord = !KernelRegistry.Rows.Uses(Kernel.Scalar);
    private static readonly bool s_countsByWord = !KernelRegistry.Ranks.Uses(Kernel.Scalar);

    /// <summary>Finds the rows of some values by the fastest variant that this machine has.</summary>
    /// <param name="bits">A bit a row.</param>
    /// <param name="rowCount">Rows that the bits stand for.</param>
    /// <param name="row">Where the search begins; moves behind the last row that is found, or to the end.</param>
    /// <param name="value">The values before <paramref name="row"/>; moves along.</param>
    /// <param name="wanted">The values, by their numbers.</param>
    /// <param name="rows">Receives the row of each.</param>
    /// <returns>How many were found before the rows ended.</returns>
    public static int RowsOf(ReadOnlySpan<ulong> bits, int rowCount, ref int row, ref int value, ReadOnlySpan<int> wanted, Span<int> rows) => s_findsByWord
        ? RowsByWord(bits, rowCount, ref row, ref value, wanted, rows)
        : RowsScalar(bits, rowCount, ref row, ref value, wanted, rows);

    /// <summary>Counts the values of a range of rows by the fastest variant that this machine has.</summary>
    /// <param name="bits">A bit a row.</param>
    /// <param name="from">The first row.</param>
    /// <param name="to">The row behind the last.</param>
    public static int ValuesBetween(ReadOnlySpan<ulong> bits, int from, int to) => s_countsByWord ? ValuesByWord(bits, from, to) : ValuesScalar(bits, from, to);

    /// <summary>Passes over words whose values are all too low, then over the lower values of the word that is left.</summary>
    internal static int RowsByWord(ReadOnlySpan<ulong> bits, int rowCount, ref int row, ref int value, ReadOnlySpan<int> wanted, Span<int> rows)
    {
        var (at, before) = (row, value);
        var found = 0;
        for (; found < wanted.Length; found++)
        {
            var target = wanted[found];
            var word = at < rowCount ? bits[at / BitsInWord] & (ulong.MaxValue << at) : 0;
            for (var ones = BitOperations.PopCount(word); before + ones <= target; ones = BitOperations.PopCount(word))
            {
                before += ones;
                at = (at | (BitsInWord - 1)) + 1;
                if (at >= rowCount)
                {
                    (row, value) = (rowCount, before);
                    return found;
                }

                word = bits[at / BitsInWord];
            }

            for (; before < target; before++)
                word &= word - 1;
            at = (at & -BitsInWord) + BitOperations.TrailingZeroCount(word);
            rows[found] = at++;
            before++;
        }

        (row, value) = (at, before);
        return found;
    }

    /// <summary>The plain twin of <see cref="RowsOf"/>: row after row.</summary>
    internal static int RowsScalar(ReadOnlySpan<ulong> bits, int rowCount, ref int row, ref int value, ReadOnlySpan<int> wanted, Span<int> rows)
    {
        for (var found = 0; found < wanted.Length; found++)
        {
            var target = wanted[found];
            while (value <= target)
            {
                if (row >= rowCount)
                    return found;
                value += IsSet(bits, row++);
            }

            rows[found] = row - 1;
        }

        return wanted.Length;
    }

    /// <summary>Counts a word at a time, of which the first and the last are cut to the range.</summary>
    internal static int ValuesByWord(ReadOnlySpan<ulong> bits, int from, int to)
    {
        var count = 0;
        for (var at = from; at < to; at += BitsInWord - (at % BitsInWord))
        {
            var word = bits[at / BitsInWord] & (ulong.MaxValue << at);
            var beyond = (((at / BitsInWord) + 1) * BitsInWord) - to;
            if (beyond > 0)
                word &= ulong.MaxValue >> beyond;
            count += BitOperations.PopCount(word);
        }

        return count;
    }

    /// <summary>The plain twin of <see cref="ValuesBetween"/>: row after row.</summary>
    internal static int ValuesScalar(ReadOnlySpan<ulong> bits, int from, int to)
    {
        var count = 0;
        for (var row = from; row < to; row++)
            count += IsSet(bits, row);
        return count;
    }

    private static int IsSet(ReadOnlySpan<ulong> bits, int row) => (int)(bits[row / BitsInWord] >> row) & 1;
}
