namespace IdExtractor.Parquet.Footer;

/// <summary>
/// Bounds of the values of one chunk, PLAIN-encoded without a length prefix. They may be wider than
/// the values (truncated), never narrower, when the writer is correct. Bounds that are absent,
/// contradict each other or come from a writer that is known to write them incorrectly are null.
/// </summary>
/// <param name="Min">Lower bound; null when unknown.</param>
/// <param name="Max">Upper bound; null when unknown.</param>
/// <param name="NullCount">Nulls in the chunk; null when unknown.</param>
/// <param name="IsLegacy">The bounds are from the deprecated fields, whose order is only known for
/// signed integers.</param>
public sealed record ColumnStatistics(ReadOnlyMemory<byte>? Min, ReadOnlyMemory<byte>? Max, long? NullCount, bool IsLegacy)
{
    /// <summary>
    /// True when the lower bound is a value of the chunk, false when it may be truncated, null when
    /// the writer does not state it.
    /// </summary>
    public bool? IsMinExact { get; init; }

    /// <summary>The same for the upper bound.</summary>
    public bool? IsMaxExact { get; init; }

    /// <summary>A copy of these statistics without bounds.</summary>
    public ColumnStatistics WithoutBounds() => this with { Min = null, Max = null };

    /// <summary>
    /// True for the placeholders that some writers store for omitted bounds: an empty string, or
    /// zeros, as both bounds. A chunk or page that really holds only empty documents or zeros has
    /// the same bounds. It is read too, which costs little.
    /// </summary>
    public static bool IsPlaceholder(ReadOnlySpan<byte> min, ReadOnlySpan<byte> max) =>
        !min.ContainsAnyExcept((byte)0) && min.SequenceEqual(max);
}
