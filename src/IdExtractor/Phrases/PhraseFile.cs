using System.Text;

namespace IdExtractor.Phrases;

/// <summary>
/// Sentences in the format of gettext, which the programs of translators read: <c>msgid</c> and
/// <c>msgstr</c>, one line each, and comments.
/// </summary>
internal static class PhraseFile
{
    private const string Id = "msgid \"", Text = "msgstr \"";

    /// <summary>The entries, without the header, whose <c>msgid</c> is empty.</summary>
    /// <exception cref="FormatException">A line belongs to no entry.</exception>
    public static IEnumerable<(string English, string Other)> Read(TextReader file)
    {
        string? english = null;
        while (file.ReadLine() is { } line)
        {
            if (line.Length == 0 || line[0] is '#' or '"')
                continue;
            if (english is null && line.StartsWith(Id, StringComparison.Ordinal))
            {
                english = Unescaped(line, Id.Length);
                continue;
            }

            if (english is null || !line.StartsWith(Text, StringComparison.Ordinal))
                throw new FormatException($"A line of no entry: {line}");
            if (english.Length > 0)
                yield return (english, Unescaped(line, Text.Length));
            english = null;
        }
    }

    /// <summary>
    /// The text between the quotes, in which a backslash stands before a quote or another one.
    /// </summary>
    private static string Unescaped(string line, int start)
    {
        var text = new StringBuilder();
        for (var at = start; at < line.Length - 1; at++)
        {
            if (line[at] == '\\')
                at++;
            text.Append(line[at]);
        }

        return text.ToString();
    }
}
