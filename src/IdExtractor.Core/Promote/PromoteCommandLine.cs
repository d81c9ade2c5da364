using System.Globalization;
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
    /// <param name="layout">Names of stage and active files.</param>
    /// <param name="guards">
    /// The guards that the file passes. Each limit is given, so that no other one from the
    /// environment takes its place.
    /// </param>
    /// <param name="options">Options that the output needs, as words of a shell.</param>
    public static string Of(
        string output, string stageKey, OutputSettings layout, PublishGuards guards, IReadOnlyList<string> options)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(guards);
        var words = new List<string> { "idextractor promote --stage", Quoted(stageKey), "--output", Quoted(output) };
        if (layout.ActiveKey != new OutputSettings().ActiveKey && !options.Contains("--active-key"))
            words.AddRange(["--active-key", Quoted(layout.ActiveKey)]);
        words.AddRange(options);
        Add("--min-ids", guards.MinIds);
        Add("--max-ids", guards.MaxIds);
        Add("--max-drop-percent", (decimal?)guards.MaxDropPercent);
        if (guards.AllowEmpty)
            words.Add("--allow-empty");
        if (guards.AllowOlder)
            words.Add("--allow-older");
        return string.Join(' ', words);

        void Add(string option, decimal? limit)
        {
            if (limit is { } number)
                words.AddRange([option, number.ToString(CultureInfo.InvariantCulture)]);
        }
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
