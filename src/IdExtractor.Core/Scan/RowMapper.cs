using IdExtractor.Core.Parquet.Pages;

namespace IdExtractor.Core.Scan;

/// <summary>Turns positions among the non-null values of a batch into rows.</summary>
internal static class RowMapper
{
    /// <summary>Adds the rows of the values at <paramref name="hits"/>, which ascend.</summary>
    public static void AddRows(ColumnBatch batch, ReadOnlySpan<int> hits, RowSet rows)
    {
        if (batch.ValueCount == batch.RowCount)
        {
            foreach (var hit in hits)
                rows.Add(batch.FirstRow + hit);
            return;
        }

        var validity = batch.Validity;
        var row = 0;
        var values = 0;
        foreach (var hit in hits)
        {
            // On to the row of value number `hit`.
            while (values <= hit)
                values += validity[row++];
            rows.Add(batch.FirstRow + row - 1);
        }
    }
}
