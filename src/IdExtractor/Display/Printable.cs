using System.Globalization;

namespace IdExtractor.Display;

/// <summary>
/// Makes text from outside, above all file names, safe to show in a terminal or a line of a log.
/// </summary>
internal static class Printable
{
    private const char Stand = '\uFFFD';

    /// <summary>
    /// The text with a stand-in for everything that moves a cursor, breaks a line or turns the
    /// direction of writing.
    /// </summary>
    public static string Of(string text)
    {
        if (text.All(IsHarmless))
            return text;
        return string.Create(text.Length, text, (letters, source) =>
        {
            for (var i = 0; i < letters.Length; i++)
                letters[i] = IsHarmless(source[i]) ? source[i] : Stand;
        });
    }

    private static bool IsHarmless(char letter) =>
        letter is >= ' ' and <= '~'
        || char.GetUnicodeCategory(letter)
            is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator);
}
