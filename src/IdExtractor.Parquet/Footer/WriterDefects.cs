namespace IdExtractor.Parquet.Footer;

/// <summary>
/// Writers and versions that are known to write bounds that leave values out, by type of column, or
/// chunk sizes that leave pages out. ADR 6 names the defect reports. Versions are those of the fix;
/// what a writer did correctly before it is not worth a longer list, since an ignored bound only
/// costs time.
/// </summary>
internal static class WriterDefects
{
    /// <summary>
    /// False when the bounds that this writer gives for a column, in the footer and in the column
    /// index, are not to be used.
    /// </summary>
    public static bool WritesTrueBounds(WriterVersion writer, ColumnDescriptor column)
    {
        var isBytes = column.Physical is PhysicalType.ByteArray or PhysicalType.FixedLenByteArray;
        if (isBytes && column.Logical.Kind == LogicalKind.Decimal)
            return ComparesDecimalBytesAsNumbers(writer);
        if (column.Logical is { Kind: LogicalKind.Integer, IsSigned: false })
            return !ComparedAllAsSigned(writer) && !writer.IsBefore("parquet-rs", 13, 0, 0);
        return !isBytes || (!ComparedAllAsSigned(writer) && !writer.IsBefore("parquet-rs", 5, 2, 0));
    }

    /// <summary>
    /// True when the sizes of chunks may leave out the dictionary page (fastparquet) or its header
    /// (parquet-mr before 1.2.9, PARQUET-816). A file that does not name its writer may be as old.
    /// </summary>
    public static bool LeavesDictionaryOutOfSizes(WriterVersion writer) =>
        writer.Application is "" or "fastparquet-python" || writer.IsBefore("parquet-mr", 1, 2, 9);

    /// <summary>
    /// Decimals in byte arrays are big-endian two's complement. Most writers have compared them as
    /// unsigned bytes, or with a sign but misaligned (parquet-rs, parquet-go and Polars up to this
    /// day), so here the few that are known to do it correctly are listed.
    /// </summary>
    private static bool ComparesDecimalBytesAsNumbers(WriterVersion writer) =>
        writer.IsSince("parquet-mr", 1, 10, 0) || writer.IsSince("parquet-cpp-arrow", 4, 0, 0);

    /// <summary>
    /// These compared bytes and unsigned integers as signed ones; before 1.8.0, parquet-mr also
    /// kept references to buffers that had changed since.
    /// </summary>
    private static bool ComparedAllAsSigned(WriterVersion writer) =>
        writer.IsBefore("parquet-mr", 1, 10, 0) || writer.IsBefore("parquet-cpp", 1, 3, 0);
}
