namespace IdExtractor.Parquet.Footer;

/// <summary>
/// Which hints of one file can be trusted: which columns have a defined order of bounds, and
/// whether the writer is known to write incorrect bounds. Immutable.
/// </summary>
/// <param name="Writer">The writer of the file.</param>
/// <param name="TypeOrders">One entry per leaf: whether its bounds have the order that the format
/// defines for its type. Empty when the file declares no orders.</param>
internal sealed record HintTrust(WriterVersion Writer, IReadOnlyList<bool> TypeOrders)
{
    /// <summary>What holds for the bounds of a column.</summary>
    public ColumnTrust Of(ColumnDescriptor column) =>
        new(column.Index < TypeOrders.Count && TypeOrders[column.Index], WriterDefects.WritesTrueBounds(Writer, column));
}
