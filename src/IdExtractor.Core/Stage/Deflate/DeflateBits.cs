namespace IdExtractor.Core.Stage.Deflate;

/// <summary>Some bits that are written together.</summary>
/// <param name="Value">Their value, the first bit lowest; none beyond <paramref name="Count"/> is
/// set.</param>
/// <param name="Count">How many, 0 to <see cref="DeflateWriter.MaxBits"/>.</param>
internal readonly record struct DeflateBits(ulong Value, int Count)
{
    /// <summary>These and others behind them.</summary>
    public DeflateBits Then(DeflateBits next) => new(Value | next.Value << Count, Count + next.Count);
}
