using System.Globalization;
using IdExtractor.Core.Report;
using IdExtractor.Phrases;

namespace IdExtractor.Html.RunPage;

/// <summary>What the sections of a run's page share.</summary>
/// <param name="Html">Takes the page.</param>
/// <param name="Report">The run.</param>
/// <param name="Words">The words of the page's language.</param>
/// <param name="Locale">Its numbers.</param>
/// <param name="Speech">Its messages.</param>
/// <param name="Limits">How much is listed.</param>
internal sealed record PageContext(HtmlText Html, RunReport Report, Words Words, Locale Locale, Speech Speech, PageLimits Limits)
{
    /// <summary>A count, or a dash when it is not known.</summary>
    public string Count(long? count) => count is { } known ? Locale.Count(known) : Words.Unknown;

    /// <summary>A sentence with its gaps filled.</summary>
    public static string Fill(string sentence, params object?[] gaps) => string.Format(CultureInfo.InvariantCulture, sentence, gaps);

    /// <summary>
    /// A message of the program in the page's language, of at most the length that the page has
    /// room for.
    /// </summary>
    public string? Say(string? message) => Clip(message is null ? null : Speech.Line(message));

    /// <summary>
    /// Text of at most the length that the page has room for; its middle gives way.
    /// </summary>
    public string? Clip(string? text)
    {
        if (text is null || text.Length <= Limits.TextLength)
            return text;
        var half = (Limits.TextLength - 1) / 2;
        return $"{text[..half]}\u2026{text[^half..]}";
    }
}

/// <summary>How much a page lists.</summary>
/// <param name="Files">Most files.</param>
/// <param name="Warnings">Most warnings.</param>
/// <param name="TextLength">Most characters of a name, value or message.</param>
internal sealed record PageLimits(int Files, int Warnings, int TextLength);
