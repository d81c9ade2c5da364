namespace IdExtractor.Core.Scan.Match;

/// <summary>
/// The keys in the order of a column's values, for comparison with the bounds of a chunk or a page.
/// Thread safe.
/// </summary>
internal interface IKeyBounds
{
    /// <summary>
    /// Number of keys that a value can equal; <see cref="int.MaxValue"/> when there are too many to
    /// compare with pages one by one.
    /// </summary>
    int Count { get; }

    /// <summary>False when no key is between the bounds, both inclusive.</summary>
    /// <param name="min">A lower bound, as the column stores values.</param>
    /// <param name="max">An upper bound that is not less than the lower bound.</param>
    bool AnyBetween(ReadOnlySpan<byte> min, ReadOnlySpan<byte> max);

    /// <summary>
    /// Maximum number of keys between the bounds; <see cref="int.MaxValue"/> when there are too
    /// many to count.
    /// </summary>
    /// <inheritdoc cref="AnyBetween"/>
    int CountBetween(ReadOnlySpan<byte> min, ReadOnlySpan<byte> max);
}
