using IdExtractor.Parquet.Footer;

namespace IdExtractor.Core.Job;

/// <summary>
/// The chunks of a planned row group by what they hold: of the key column and, where one is read,
/// of the ID column.
/// </summary>
internal static class PlannedColumns
{
    extension(RowGroup rowGroup)
    {
        /// <summary>
        /// The chunk of the column that was planned first: documents, or the only column that is
        /// read.
        /// </summary>
        public ColumnChunk KeyChunk => rowGroup.Chunks[0];

        /// <summary>The chunk of IDs. Only where an ID column was planned.</summary>
        public ColumnChunk IdChunk => rowGroup.Chunks[1];

        /// <summary>The row group with other chunks.</summary>
        public RowGroup With(long rowCount, ColumnChunk key, ColumnChunk id) => rowGroup with { RowCount = rowCount, Chunks = [key, id] };
    }
}
