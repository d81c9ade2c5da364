using System.Text;

namespace IdExtractor.Cli.Options;

/// <summary>Given text as messages repeat it.</summary>
internal static class Quoted
{
    private const int Longest = 80;

    /// <summary>
    /// Fewest digits of a document. Something pasted into the wrong option must not end in a log
    /// (specification, section 8).
    /// </summary>
    private const int DocumentDigits = 11;

    /// <summary>
    /// The text in quotes: cut when long, without control characters, with <c>#</c> for the digits
    /// of anything that could be a document.
    /// </summary>
    public static string Of(string text) => $"'{Mask(text.Length <= Longest ? text : text[..Longest] + "...")}'";

    private static string Mask(string text)
    {
        var masked = new StringBuilder(text.Length);
        for (var start = 0; start < text.Length;)
        {
            var (end, digits) = DigitRun(text, start);
            if (end == start)
            {
                masked.Append(char.IsControl(text[start]) ? ' ' : text[start]);
                start++;
                continue;
            }

            foreach (var letter in text.AsSpan(start, end - start))
                masked.Append(digits >= DocumentDigits && char.IsAsciiDigit(letter) ? '#' : letter);
            start = end;
        }

        return masked.ToString();
    }

    /// <summary>
    /// Where the digits that begin at <paramref name="start"/> end, with the punctuation of
    /// documents between them, and how many there are.
    /// </summary>
    private static (int End, int Digits) DigitRun(string text, int start)
    {
        var (end, digits) = (start, 0);
        for (var at = start; at < text.Length && (char.IsAsciiDigit(text[at]) || (digits > 0 && text[at] is '.' or '-' or '/')); at++)
        {
            if (!char.IsAsciiDigit(text[at]))
                continue;
            digits++;
            end = at + 1;
        }

        return (end, digits);
    }
}
