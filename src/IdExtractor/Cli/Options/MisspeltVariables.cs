using IdExtractor.Foundation.Errors;

namespace IdExtractor.Cli.Options;

/// <summary>
/// Environment variables that look like misspelt options. A guard that is not set by mistake must
/// not go unseen, so they are refused like an unknown entry of a config file. Names that
/// resemble no option belong to other programs, and are left alone.
/// </summary>
internal static class MisspeltVariables
{
    /// <summary>
    /// Fewest words that two names must share to be alike: one is in the names of many things.
    /// </summary>
    private const int FewestWords = 2;

    /// <summary>
    /// Fewest letters of an abbreviation, as MIN for MINIMUM and ID for IDS.
    /// </summary>
    private const int FewestLetters = 2;

    /// <summary>
    /// Letters of a name for each change that it may differ by. A guess that ends a run has to be
    /// surer than one in a message.
    /// </summary>
    private const int LettersPerChange = 4;

    /// <summary>
    /// How names with a misspelt prefix begin, as IDEXTRATOR_MIN_IDS and ID_EXTRACTOR_MIN_IDS.
    /// </summary>
    private const string PrefixStart = "ID";

    /// <summary>Changes that a name with a misspelt prefix may differ by.</summary>
    private const int PrefixChanges = 2;

    /// <summary>Refuses the first such variable that has a value.</summary>
    /// <param name="variables">All environment variables.</param>
    /// <exception cref="UsageException">There is one.</exception>
    public static void Refuse(IReadOnlyDictionary<string, string> variables)
    {
        foreach (var (name, value) in variables.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (value.Length > 0 && MeantBy(name) is { } meant)
                throw new UsageException($"The environment variable {name} is not an option", $"did you mean {meant}?");
        }
    }

    /// <summary>
    /// The variable of the option that a name was meant to be; null when it is an option, or
    /// resembles none.
    /// </summary>
    public static string? MeantBy(string name)
    {
        var prefix = OptionDefinition.VariablePrefix;
        if (!name.StartsWith(PrefixStart, StringComparison.OrdinalIgnoreCase))
            return null;
        var known = OptionTable.All.Select(option => option.Variable).Distinct().ToArray();
        if (known.Contains(name))
            return null;
        if (!name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            return Spelling.Nearest(name.ToUpperInvariant(), known, PrefixChanges);
        // Names of variables are compared as written, so that one in lower case sets nothing.
        var rest = name[prefix.Length..].ToUpperInvariant();
        var names = known.Select(option => option[prefix.Length..]).ToArray();
        var meant = Longer(rest, names)
            ?? Spelling.Nearest(rest, names, Math.Max(1, rest.Length / LettersPerChange))
            ?? MostAlike(rest, names);
        return meant is null ? null : prefix + meant;
    }

    /// <summary>
    /// The shortest name that has all words of another and more, as MAX_PARTITION_AGE for
    /// PARTITION_AGE, which has fewer letters to change to become PARTITION_A.
    /// </summary>
    private static string? Longer(string name, string[] options)
    {
        var words = name.Split('_');
        return words.Length < FewestWords
            ? null
            : options.Where(option => !words.Except(option.Split('_')).Any()).MinBy(option => option.Length);
    }

    /// <summary>
    /// The name that shares most words with another, as MAX_DROP_PERCENT with DROP_PERCENT,
    /// MAX_DROP_PCT and MAXIMUM_DROP; null when all share fewer than two.
    /// </summary>
    private static string? MostAlike(string name, string[] options)
    {
        var words = name.Split('_');
        return options.Select(option => (Option: option, Shared: option.Split('_').Count(word => words.Any(other => IsSame(word, other)))))
            .Where(pair => pair.Shared >= FewestWords)
            .OrderByDescending(pair => pair.Shared).ThenBy(pair => pair.Option.Length)
            .Select(pair => pair.Option)
            .FirstOrDefault();
    }

    /// <summary>A word, or the beginning of it.</summary>
    private static bool IsSame(string word, string other) =>
        word == other
        || (Math.Min(word.Length, other.Length) >= FewestLetters
            && (word.StartsWith(other, StringComparison.Ordinal) || other.StartsWith(word, StringComparison.Ordinal)));
}
