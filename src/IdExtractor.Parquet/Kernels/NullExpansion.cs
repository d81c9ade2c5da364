using System.Diagnostics;
using System.Numerics;
using IdExtractor.Foundation.Kernels;

namespace IdExtractor.Parquet.Kernels;

/// <summary>
/// Maps values to rows and rows to values where some rows are null. There is one bit per row, set
/// where there is a value.
/// </summary>
/// <remarks>
/// Kernel <c>rows</c>. Preconditions: the wanted values ascend, the first is not below the
/// cursor's; the bits cover all rows, those past the last row are clear. Over-read: none. Aliasing:
/// the wanted values and the rows may be the same span, nothing else may overlap. Benchmark:
/// <c>KernelBenchmarks</c>.
/// <para>
/// Kernel <c>ranks</c>. Preconditions: the bits cover all rows. Over-read: none. Aliasing: reads
/// only. Benchmark: <c>KernelBenchmarks</c>.
/// </para>
/// </remarks>
internal static class NullExpansion
{
    private const int BitsInWord = LevelPacking.BitsInWord;

    private static readonly bool s_findsByWord = !KernelRegistry.Rows.Uses(Kernel.Scalar);
    private static readonly bool s_countsByWord = !KernelRegistry.Ranks.Uses(Kernel.Scalar);

    /// <summary>
    /// Finds the rows of some values with the fastest variant that this machine supports.
    /// </summary>
    /// <param name="bits">One bit per row.</param>
    /// <param name="rowCount">Rows that the bits cover.</param>
    /// <param name="row">
    /// The row where the search starts; moves past the last row found, or to the end.
    /// </param>
    /// <param name="value">The number of values before <paramref name="row"/>; moves along.</param>
    /// <param name="wanted">The values, by their numbers.</param>
    /// <param name="rows">Receives the row of each.</param>
    /// <returns>How many were found before the rows ended.</returns>
    public static int RowsOf(ReadOnlySpan<ulong> bits, int rowCount, ref int row, ref int value, ReadOnlySpan<int> wanted, Span<int> rows)
    {
        Debug.Assert(bits.Length * (long)BitsInWord >= rowCount, "The bits do not cover all rows.");
        Debug.Assert(rows.Length >= wanted.Length, "There is no place for some rows.");
        Debug.Assert(wanted.IsEmpty || wanted[0] >= value, "The first wanted value has already been passed.");
        return s_findsByWord
            ? RowsByWord(bits, rowCount, ref row, ref value, wanted, rows)
            : RowsScalar(bits, rowCount, ref row, ref value, wanted, rows);
    }

    /// <summary>
    /// Counts the values of a range of rows with the fastest variant that this machine supports.
    /// </summary>
    /// <param name="bits">One bit per row.</param>
    /// <param name="from">The first row.</param>
    /// <param name="to">The row after the last.</param>
    public static int ValuesBetween(ReadOnlySpan<ulong> bits, int from, int to)
    {
        Debug.Assert(from >= 0 && bits.Length * (long)BitsInWord >= to, "The bits do not cover all rows.");
        return s_countsByWord ? ValuesByWord(bits, from, to) : ValuesScalar(bits, from, to);
    }

    /// <summary>
    /// Skips words whose values are all too low, then the lower values of the word that remains.
    /// </summary>
    internal static int RowsByWord(
        ReadOnlySpan<ulong> bits, int rowCount, ref int row, ref int value, ReadOnlySpan<int> wanted, Span<int> rows)
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

    /// <summary>The reference implementation of <see cref="RowsOf"/>: one row at a time.</summary>
    internal static int RowsScalar(
        ReadOnlySpan<ulong> bits, int rowCount, ref int row, ref int value, ReadOnlySpan<int> wanted, Span<int> rows)
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

    /// <summary>Counts one word at a time; the first and the last are cut to the range.</summary>
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

    /// <summary>
    /// The reference implementation of <see cref="ValuesBetween"/>: one row at a time.
    /// </summary>
    internal static int ValuesScalar(ReadOnlySpan<ulong> bits, int from, int to)
    {
        var count = 0;
        for (var row = from; row < to; row++)
            count += IsSet(bits, row);
        return count;
    }

    private static int IsSet(ReadOnlySpan<ulong> bits, int row) => (int)(bits[row / BitsInWord] >> row) & 1;
}
