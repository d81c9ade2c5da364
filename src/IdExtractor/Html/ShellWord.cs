namespace IdExtractor.Html;

/// <summary>A word of a command line that a reader will paste into a shell.</summary>
internal static class ShellWord
{
    /// <summary>The word, in quotes where it needs them.</summary>
    public static string Of(string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        return word.Length > 0
            && word.All(letter => char.IsAsciiLetterOrDigit(letter) || "/._-:=+@%,".Contains(letter, StringComparison.Ordinal))
            ? word
            : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }
}
