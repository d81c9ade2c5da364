namespace IdExtractor.Core.Scan.Match;

/// <summary>The keys in the order of a column's values, to be held against bounds of a chunk or a page. Immutable.</summary>
internal interface IKeyBounds
{
    /// <summary>Keys that a value can be; <see cref="int.MaxValue"/> when there are too many to be held against pages one by one.</summary>
    int Count { get; }

    /// <summary>False when no key lies between the bounds, both included.</summary>
    /// <param name="min">A lower bound, as the column stores values.</param>
    /// <param name="max">An upper bound that is not below it.</param>
    bool AnyBetween(ReadOnlySpan<byte> min, ReadOnlySpan<byte> max);

    /// <summary>How many keys lie between the bounds at most; <see cref="int.MaxValue"/> when there are too many to be counted.</summary>
    /// <inheritdoc cref="AnyBetween"/>
    int CountBetween(ReadOnlySpan<byte> min, ReadOnlySpan<byte> max);
}
