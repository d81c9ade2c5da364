using IdExtractor.Core.Keys;
using IdExtractor.Parquet.Footer;

namespace IdExtractor.Core.Scan.Match;

/// <summary>What can rule documents of one type of column out unread: the order of their bounds, the keys in that order, and the keys' hashes. Immutable.</summary>
internal sealed class ColumnKeys
{
    /// <summary>With more keys a filter of the usual one in a hundred false answers lets some key pass anyway.</summary>
    private const int MaxKeysForBloomFilter = 256;

    private readonly BoundOrder _order;
    private readonly IKeyBounds _bounds;

    private ColumnKeys(BoundOrder order, IKeyBounds bounds, ulong[]? hashes) => (_order, _bounds, Hashes) = (order, bounds, hashes);

    /// <summary>How bounds compare.</summary>
    public BoundOrder Order => _order;

    /// <summary>Hashes of the keys for a bloom filter; null when it would not help.</summary>
    public ulong[]? Hashes { get; }

    /// <summary>What is known of the keys for a column; null when the order of its values is not defined.</summary>
    public static ColumnKeys? For(ColumnDescriptor column, KeySet keys)
    {
        if (BoundOrder.Of(column) is not { } order)
            return null;
        IKeyBounds bounds = order.IsNumeric ? new NumberKeyBounds(keys, column) : new KeyBounds(keys);
        return new ColumnKeys(order, bounds, keys.Count <= MaxKeysForBloomFilter ? KeyBloomHashes.Of(keys, column) : null);
    }

    /// <summary>True when the bounds are sound, and no key lies between them.</summary>
    public bool IsRuledOut(ReadOnlySpan<byte> min, ReadOnlySpan<byte> max) => _order.ArePair(min, max) && !_bounds.AnyBetween(min, max);

    /// <summary>True when no value of a chunk with these statistics can be a key.</summary>
    public bool IsRuledOut(ColumnStatistics? statistics) => Bounds(statistics) is var (min, max) && IsRuledOut(min.Span, max.Span);

    /// <summary>How many keys may be in a chunk with these statistics; <see cref="int.MaxValue"/> when there are too many to be counted.</summary>
    public int CountIn(ColumnStatistics? statistics) => Bounds(statistics) is var (min, max) && _order.ArePair(min.Span, max.Span)
        ? _bounds.CountBetween(min.Span, max.Span)
        : _bounds.Count;

    private (ReadOnlyMemory<byte> Min, ReadOnlyMemory<byte> Max)? Bounds(ColumnStatistics? statistics) =>
        statistics is { Min: { } min, Max: { } max } && (!statistics.IsLegacy || _order.IsTrueOfLegacyFields) ? (min, max) : null;
}
