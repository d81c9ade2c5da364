using IdExtractor.Parquet.Kernels;
using IdExtractor.Parquet.Pages;

namespace IdExtractor.Core.Scan.Lanes;

/// <summary>Turns positions among the non-null values of a batch into rows.</summary>
internal static class RowMapper
{
    private const int Part = 256;

    /// <summary>
    /// Adds the rows of the values at <paramref name="hits"/>, which are ascending.
    /// </summary>
    public static void AddRows(ColumnBatch batch, ReadOnlySpan<int> hits, RowSet rows)
    {
        if (batch.ValueCount == batch.RowCount)
        {
            foreach (var hit in hits)
                rows.Add(batch.FirstRow + hit);
            return;
        }

        if (hits.IsEmpty)
            return;
        Span<ulong> bits = stackalloc ulong[ColumnBatch.MaxRows / LevelPacking.BitsInWord];
        Span<int> found = stackalloc int[Part];
        LevelPacking.Pack(batch.Validity, bits);
        for (int row = 0, value = 0; !hits.IsEmpty;)
        {
            var part = hits[..Math.Min(hits.Length, Part)];
            NullExpansion.RowsOf(bits, batch.RowCount, ref row, ref value, part, found);
            foreach (var one in found[..part.Length])
                rows.Add(batch.FirstRow + one);
            hits = hits[part.Length..];
        }
    }
}
