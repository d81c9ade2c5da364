using System.Globalization;
using IdExtractor.Html.Blocks;

namespace IdExtractor.Html.RunPage;

/// <summary>Warnings, and the error with its place.</summary>
internal static class ProblemsSection
{
    /// <summary>Appends the error; nothing when there is none.</summary>
    public static void WriteError(PageContext page)
    {
        if (page.Report.Error is not { } error)
            return;
        var (html, words, place) = (page.Html, page.Words, error.Place);
        PageShell.BeginSection(html, "error", words.Error);
        html.Element("p", page.Say(error.Message));
        DataTable.WriteFacts(html,
        [
            (words.Kind, error.Kind),
            (words.Advice, page.Say(error.Advice)),
            (words.Object, page.Clip(place.Object)),
            (words.RowGroup, place.RowGroup is { } group ? page.Locale.Count(group) : null),
            (words.ColumnName, page.Clip(place.Column)),
            (words.Offset, place.Offset?.ToString(CultureInfo.InvariantCulture)),
            (words.Expected, page.Say(place.Expected)),
            (words.Actual, page.Say(place.Actual)),
        ]);
        PageShell.EndSection(html);
    }

    /// <summary>Appends the warnings; nothing when there are none.</summary>
    public static void WriteWarnings(PageContext page)
    {
        var facts = page.Report.Facts;
        if (facts.WarningCount == 0)
            return;
        var (html, words) = (page.Html, page.Words);
        PageShell.BeginSection(html, "warnings", $"{words.Warnings} ({page.Locale.Count(facts.WarningCount)})");
        html.Markup("<ul class=\"list\">\n");
        var listed = facts.Warnings.Take(page.Limits.Warnings).ToList();
        foreach (var warning in listed)
            html.Element("li", page.Say(warning));
        if (facts.WarningCount > listed.Count)
            html.Element("li", PageContext.Fill(words.MoreWarnings, page.Locale.Count(facts.WarningCount - listed.Count)));
        html.Close("ul");
        PageShell.EndSection(html);
    }
}
