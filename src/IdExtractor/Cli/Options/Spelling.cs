namespace IdExtractor.Cli.Options;

/// <summary>Guesses what a misspelt name was meant to be.</summary>
internal static class Spelling
{
    /// <summary>
    /// The nearest of <paramref name="names"/>, when it is near enough to be meant; else null.
    /// </summary>
    public static string? Nearest(string typed, IEnumerable<string> names) => Nearest(typed, names, Math.Max(2, typed.Length / 3));

    /// <summary>
    /// The nearest of <paramref name="names"/>, when it differs by no more than
    /// <paramref name="most"/> changes; else null.
    /// </summary>
    public static string? Nearest(string typed, IEnumerable<string> names, int most)
    {
        string? nearest = null;
        var least = 1 + most;
        foreach (var name in names)
        {
            var distance = Distance(typed, name);
            if (distance < least)
                (nearest, least) = (name, distance);
        }

        return nearest;
    }

    /// <summary>
    /// Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours.
    /// </summary>
    private static int Distance(string one, string other)
    {
        const int LongestName = 64;
        if (one.Length > LongestName || other.Length > LongestName)
            return int.MaxValue;
        var rows = new int[one.Length + 1, other.Length + 1];
        for (var i = 0; i <= one.Length; i++)
            rows[i, 0] = i;
        for (var j = 0; j <= other.Length; j++)
            rows[0, j] = j;
        for (var i = 1; i <= one.Length; i++)
        {
            for (var j = 1; j <= other.Length; j++)
            {
                var cost = one[i - 1] == other[j - 1] ? 0 : 1;
                var least = Math.Min(Math.Min(rows[i - 1, j] + 1, rows[i, j - 1] + 1), rows[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
                    least = Math.Min(least, rows[i - 2, j - 2] + 1);
                rows[i, j] = least;
            }
        }

        return rows[one.Length, other.Length];
    }
}
