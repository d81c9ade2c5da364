using IdExtractor.Core.Keys;
using IdExtractor.Parquet.Footer;

namespace IdExtractor.Core.Scan.Match;

/// <summary>
/// What is needed to rule out documents of one column type without reading them: the order of their
/// bounds, the keys in that order, and the keys' hashes. Immutable.
/// </summary>
internal sealed class ColumnKeys
{
    /// <summary>
    /// With more keys, a typical filter with 1% false positives lets some key pass anyway.
    /// </summary>
    private const int MaxKeysForBloomFilter = 256;

    private readonly BoundOrder _order;
    private readonly IKeyBounds _bounds;

    private ColumnKeys(BoundOrder order, IKeyBounds bounds, ulong[]? hashes) => (_order, _bounds, Hashes) = (order, bounds, hashes);

    /// <summary>The order of bounds.</summary>
    public BoundOrder Order => _order;

    /// <summary>Hashes of the keys for a bloom filter; null when it would not help.</summary>
    public ulong[]? Hashes { get; }

    /// <summary>
    /// Creates the keys for a column; null when the order of its values is undefined.
    /// </summary>
    public static ColumnKeys? For(ColumnDescriptor column, KeySet keys)
    {
        if (BoundOrder.Of(column) is not { } order)
            return null;
        IKeyBounds bounds = order.IsNumeric ? new NumberKeyBounds(keys, column) : new KeyBounds(keys);
        return new ColumnKeys(order, bounds, keys.Count <= MaxKeysForBloomFilter ? KeyBloomHashes.Of(keys, column) : null);
    }

    /// <summary>True when the bounds are valid and no key is between them.</summary>
    public bool IsRuledOut(ReadOnlySpan<byte> min, ReadOnlySpan<byte> max) => _order.ArePair(min, max) && !_bounds.AnyBetween(min, max);

    /// <summary>True when no value of a chunk with these statistics can be a key.</summary>
    public bool IsRuledOut(ColumnStatistics? statistics) => Bounds(statistics) is var (min, max) && IsRuledOut(min.Span, max.Span);

    /// <summary>
    /// Maximum number of keys in a chunk with these statistics; <see cref="int.MaxValue"/> when
    /// there are too many to count.
    /// </summary>
    public int CountIn(ColumnStatistics? statistics) => Bounds(statistics) is var (min, max) && _order.ArePair(min.Span, max.Span)
        ? _bounds.CountBetween(min.Span, max.Span)
        : _bounds.Count;

    private (ReadOnlyMemory<byte> Min, ReadOnlyMemory<byte> Max)? Bounds(ColumnStatistics? statistics) =>
        statistics is { Min: { } min, Max: { } max } && (!statistics.IsLegacy || _order.IsTrueOfLegacyFields) ? (min, max) : null;
}
