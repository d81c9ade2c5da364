namespace IdExtractor.Core.Parquet.Encodings;

/// <summary>Which of the next values are wanted: all of them, unless said otherwise. Decoders may leave out the others, but still count and check them.</summary>
internal readonly ref struct ValueSelection
{
    private ValueSelection(ReadOnlySpan<int> positions)
    {
        IsSome = true;
        Positions = positions;
    }

    /// <summary>Only <see cref="Positions"/> are wanted.</summary>
    internal bool IsSome { get; }

    /// <summary>The wanted values when <see cref="IsSome"/>, ascending, counted from the next value.</summary>
    internal ReadOnlySpan<int> Positions { get; }

    /// <summary>Only some values are wanted, or none.</summary>
    /// <param name="positions">Positions counted from the next value, each above the one before.</param>
    internal static ValueSelection Of(ReadOnlySpan<int> positions) => new(positions);
}
