namespace IdExtractor.Parquet.Footer;

/// <summary>
/// What may be used of the hints of one file: which columns have a defined order of bounds, and
/// whether the writer is known to write bounds incorrectly. Immutable.
/// </summary>
/// <param name="Writer">Who wrote the file.</param>
/// <param name="TypeOrders">One entry per leaf: its bounds have the order that the format defines
/// for its type. Empty when the file declares no orders.</param>
internal sealed record HintTrust(WriterVersion Writer, IReadOnlyList<bool> TypeOrders)
{
    /// <summary>The file declares that bounds of the column have the order of its type.</summary>
    public bool HasOrder(ColumnDescriptor column) => column.Index < TypeOrders.Count && TypeOrders[column.Index];

    /// <summary>The writer is not known to write bounds of such a column incorrectly.</summary>
    public bool HasTrueBounds(ColumnDescriptor column) => WriterDefects.WritesTrueBounds(Writer, column);
}
