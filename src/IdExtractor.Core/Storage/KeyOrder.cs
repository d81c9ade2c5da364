namespace IdExtractor.Core.Storage;

/// <summary>
/// The order of keys in listings: that of their UTF-8 bytes, in which S3 lists. It is the order of
/// code points, and differs from .NET's ordinal one, that of UTF-16, where a character beyond
/// U+FFFF meets one between U+E000 and U+FFFF: its surrogates are smaller numbers than these.
/// </summary>
public sealed class KeyOrder : IComparer<string>
{
    private const int LowSurrogates = 0x2000, AfterSurrogates = 0x0800;

    private KeyOrder()
    {
    }

    /// <summary>The one comparer.</summary>
    public static KeyOrder Instance { get; } = new();

    /// <inheritdoc/>
    public int Compare(string? x, string? y)
    {
        if (x is null || y is null)
            return string.CompareOrdinal(x, y);
        var same = x.AsSpan().CommonPrefixLength(y);
        return same == x.Length || same == y.Length ? x.Length.CompareTo(y.Length) : Rank(x[same]).CompareTo(Rank(y[same]));
    }

    // Moves surrogates (D800 to DFFF) behind the rest of the plane (E000 to FFFF).
    private static int Rank(char unit) => unit < '\uD800' ? unit : char.IsSurrogate(unit) ? unit + LowSurrogates : unit - AfterSurrogates;
}
