namespace IdExtractor.Parquet.Footer;

/// <summary>What the file says about the bounds of one column.</summary>
/// <param name="HasOrder">The file declares that they have the order of the column's
/// type.</param>
/// <param name="HasTrueBounds">The writer is not known to write incorrect ones.</param>
internal readonly record struct ColumnTrust(bool HasOrder, bool HasTrueBounds);
