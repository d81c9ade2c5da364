namespace IdExtractor.Core.Storage;

/// <summary>What processes that died have left unfinished in a store.</summary>
/// <param name="Removed">How many were found and removed.</param>
/// <param name="Left">How many were found and left, as it is not shown that nobody works on them any more.</param>
public readonly record struct Remains(int Removed, int Left)
{
    /// <summary>Those of two folders.</summary>
    public static Remains operator +(Remains first, Remains second) => Add(first, second);

    /// <summary>Those of two folders.</summary>
    public static Remains Add(Remains first, Remains second) => new(first.Removed + second.Removed, first.Left + second.Left);
}
