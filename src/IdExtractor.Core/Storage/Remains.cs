namespace IdExtractor.Core.Storage;

/// <summary>Unfinished files or uploads that dead processes left in a store.</summary>
/// <param name="Removed">How many were found and removed.</param>
/// <param name="Left">
/// How many were found and kept, because a process may still be working on them.
/// </param>
public readonly record struct Remains(int Removed, int Left)
{
    /// <summary>Those of two folders.</summary>
    public static Remains operator +(Remains first, Remains second) => Add(first, second);

    /// <summary>Those of two folders.</summary>
    public static Remains Add(Remains first, Remains second) => new(first.Removed + second.Removed, first.Left + second.Left);
}
