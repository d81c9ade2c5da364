namespace IdExtractor.Parquet.Footer;

/// <summary>
/// Writers and versions with known defects: bounds that do not cover all values, by type of column,
/// or chunk sizes that omit pages. ADR 6 cites the defect reports. Versions are those of the fix.
/// What a writer did correctly before it is not worth a longer list, because an ignored bound only
/// costs time.
/// </summary>
internal static class WriterDefects
{
    /// <summary>
    /// False when this writer's bounds for a column must not be used, neither from the footer nor
    /// from the column index.
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
    /// True when chunk sizes may omit the dictionary page (fastparquet) or its header (parquet-mr
    /// before 1.2.9, PARQUET-816). A file that does not name its writer may be just as old.
    /// </summary>
    public static bool LeavesDictionaryOutOfSizes(WriterVersion writer) =>
        writer.Application is "" or "fastparquet-python" || writer.IsBefore("parquet-mr", 1, 2, 9);

    /// <summary>
    /// Decimals in byte arrays are big-endian two's complement. Most writers have compared them as
    /// unsigned bytes, or signed but misaligned (parquet-rs, parquet-go and Polars still do). The
    /// list therefore names the few that are known to be correct.
    /// </summary>
    private static bool ComparesDecimalBytesAsNumbers(WriterVersion writer) =>
        writer.IsSince("parquet-mr", 1, 10, 0) || writer.IsSince("parquet-cpp-arrow", 4, 0, 0);

    /// <summary>
    /// These writers compared bytes and unsigned integers as signed; before 1.8.0, parquet-mr also
    /// kept references to buffers that had since changed.
    /// </summary>
    private static bool ComparedAllAsSigned(WriterVersion writer) =>
        writer.IsBefore("parquet-mr", 1, 10, 0) || writer.IsBefore("parquet-cpp", 1, 3, 0);
}
