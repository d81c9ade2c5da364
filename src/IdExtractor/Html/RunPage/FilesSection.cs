using IdExtractor.Core.Report;
using IdExtractor.Html.Blocks;

namespace IdExtractor.Html.RunPage;

/// <summary>The files that were read for IDs, those with most matches first.</summary>
internal static class FilesSection
{
    /// <summary>Appends it; nothing when no file is known.</summary>
    public static void Write(PageContext page)
    {
        var matches = FileMatches.Of(page.Report, page.Limits.Files);
        if (matches.Files.Count == 0)
            return;
        var (html, words, locale) = (page.Html, page.Words, page.Locale);
        Column[] columns =
            [new(words.File, "name"), new(words.Size, "num"), new(words.RowGroups, "num"),
                new(words.Rows, "num"), new(words.Matches, "num"), new(words.MatchRate, "num")];
        var note = matches.OtherFiles > 0 ? PageContext.Fill(
            words.FilesNote, locale.Count(matches.Files.Count), locale.Count(matches.Files.Count + matches.OtherFiles)) : null;
        PageShell.BeginSection(html, "files", words.Files, note);
        DataTable.Begin(html, words.Files, columns);
        var wasRead = page.Report.Outcome != RunOutcome.Planned;
        foreach (var file in matches.Files)
        {
            var rate = wasRead && file.Rows is > 0 and var rows ? locale.Percent(100.0 * file.Matched / rows) : words.Unknown;
            DataTable.WriteRow(
                html, columns, null, page.Clip(file.Name), locale.Bytes(file.Bytes), file.RowGroups == 0
                    ? words.Unknown : locale.Count(file.RowGroups), page.Count(file.Rows),
                wasRead ? locale.Count(file.Matched) : words.Unknown, rate);
        }

        if (matches.OtherFiles > 0)
            DataTable.WriteRow(html, columns, "quiet", PageContext.Fill(words.OtherFiles, locale.Count(matches.OtherFiles)),
                "", "", "", locale.Count(matches.OtherMatched), "");
        DataTable.End(html);
        PageShell.EndSection(html);
    }
}
