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
    /// Letters of a name for each change that it may differ by. A guess that ends a run has to be
    /// surer than one in a message.
    /// </summary>
    private const int LettersPerChange = 4;

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
        if (!name.StartsWith(OptionDefinition.VariablePrefix, StringComparison.Ordinal))
            return null;
        var known = OptionTable.All.Select(option => option.Variable[OptionDefinition.VariablePrefix.Length..]).Distinct().ToArray();
        var rest = name[OptionDefinition.VariablePrefix.Length..];
        if (known.Contains(rest))
            return null;
        var meant = Spelling.Nearest(rest, known, Math.Max(1, rest.Length / LettersPerChange))
            ?? known.FirstOrDefault(option => IsAlike(rest, option));
        return meant is null ? null : OptionDefinition.VariablePrefix + meant;
    }

    /// <summary>
    /// One name begins with all words of the other, as MAX_DROP and MAX_DROP_PERCENT, or both have
    /// the same words.
    /// </summary>
    private static bool IsAlike(string name, string option)
    {
        var (words, others) = (name.Split('_'), option.Split('_'));
        var shared = Math.Min(words.Length, others.Length);
        return shared >= FewestWords
            && (words.Take(shared).SequenceEqual(others.Take(shared))
                || (words.Length == others.Length && words.Order(StringComparer.Ordinal)
                    .SequenceEqual(others.Order(StringComparer.Ordinal))));
    }
}
