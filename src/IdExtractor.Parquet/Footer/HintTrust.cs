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
    /// <summary>
    /// True when the file declares that bounds of the column have the order of its type.
    /// </summary>
    public bool HasOrder(ColumnDescriptor column) => column.Index < TypeOrders.Count && TypeOrders[column.Index];

    /// <summary>
    /// True unless the writer is known to write incorrect bounds for such a column.
    /// </summary>
    public bool HasTrueBounds(ColumnDescriptor column) => WriterDefects.WritesTrueBounds(Writer, column);
}
