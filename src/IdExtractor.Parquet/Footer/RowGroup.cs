namespace IdExtractor.Parquet.Footer;

/// <summary>One row group with the chunks of the requested columns.</summary>
/// <param name="Index">Position in the file, from 0.</param>
/// <param name="RowCount">Rows, 0 or more.</param>
/// <param name="Chunks">In the order in which the columns were requested.</param>
public sealed record RowGroup(int Index, long RowCount, IReadOnlyList<ColumnChunk> Chunks);
