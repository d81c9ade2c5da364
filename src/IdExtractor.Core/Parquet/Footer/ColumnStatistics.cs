namespace IdExtractor.Core.Parquet.Footer;

/// <summary>
/// Bounds of the values of one chunk, PLAIN-encoded without a length prefix. They may be wider than the values (truncated), never narrower, when the writer is honest.
/// </summary>
/// <param name="Min">Lower bound; null when unknown.</param>
/// <param name="Max">Upper bound; null when unknown.</param>
/// <param name="NullCount">Nulls in the chunk; null when unknown.</param>
/// <param name="IsLegacy">From the deprecated fields, whose order is only known for signed integers.</param>
public sealed record ColumnStatistics(ReadOnlyMemory<byte>? Min, ReadOnlyMemory<byte>? Max, long? NullCount, bool IsLegacy);
