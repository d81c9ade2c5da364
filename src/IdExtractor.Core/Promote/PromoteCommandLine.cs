using IdExtractor.Core.Job;

namespace IdExtractor.Core.Promote;

/// <summary>
/// The command that makes a stage file active, as messages and listings give it: ready for a shell.
/// </summary>
public static class PromoteCommandLine
{
    private const string Harmless = "/._-:=+@";

    /// <summary>The command line.</summary>
    /// <param name="output">The output root, as a path or URI.</param>
    /// <param name="stageKey">Key of the stage file below the root.</param>
    /// <param name="activeKey">Key of the active file.</param>
    /// <param name="remedy">The option that lifts a guard; null for none.</param>
    public static string Of(string output, string stageKey, string activeKey, string? remedy)
    {
        var words = new List<string> { "idextractor promote --stage", Quoted(stageKey), "--output", Quoted(output) };
        if (activeKey != new OutputSettings().ActiveKey)
            words.AddRange(["--active-key", Quoted(activeKey)]);
        if (remedy is not null)
            words.Add(remedy);
        return string.Join(' ', words);
    }

    /// <summary>A word as a POSIX shell takes it.</summary>
    public static string Quoted(string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        return word.All(letter => char.IsAsciiLetterOrDigit(letter) || Harmless.Contains(letter, StringComparison.Ordinal))
            ? word
            : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }
}
