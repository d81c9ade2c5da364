using IdExtractor.Parquet.Footer;

namespace IdExtractor.Parquet.Pages;

/// <summary>Decides which columns can be read at all (specification, section 4).</summary>
internal static class ColumnSupport
{
    /// <summary>
    /// The most digits of a decimal: several times what <see cref="DecimalBytes.MaxBytes"/> can
    /// hold.
    /// </summary>
    private const int MaxPrecision = 1000;

    /// <summary>
    /// Rejects nested and repeated columns, and physical types that neither keys nor ids have.
    /// </summary>
    public static void Check(ChunkContext context)
    {
        var column = context.Column;
        if (!column.IsFlat)
            context.ThrowUnsupported($"A column that is not flat ({column.TypeText})");
        if (column.Physical is not (PhysicalType.ByteArray or PhysicalType.FixedLenByteArray or PhysicalType.Int32 or PhysicalType.Int64))
            context.ThrowUnsupported($"A column of type {column.TypeText}");
        if (column.Physical == PhysicalType.FixedLenByteArray
            && (column.TypeLength < 0 || column.TypeLength > context.Limits.MaxValueBytes))
            context.ThrowCorrupt(
                "An impossible type length", expected: $"0..{context.Limits.MaxValueBytes}", actual: $"{column.TypeLength}");
        var logical = column.Logical;
        if (logical.Kind == LogicalKind.Decimal
            && (logical.Precision is < 1 or > MaxPrecision || logical.Scale < 0 || logical.Scale > logical.Precision))
            context.ThrowCorrupt(
                "An impossible decimal", expected: $"a precision of 1 to {MaxPrecision} and a scale up to it", actual: column.TypeText);
    }
}
