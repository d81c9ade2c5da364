using IdExtractor.Core.Job;
using IdExtractor.Html.Blocks;

namespace IdExtractor.Html.RunPage;

/// <summary>From rows to IDs, and from lines to keys.</summary>
internal static class FunnelSection
{
    private static readonly RunCount[] s_reasons =
        [RunCount.KeysRejectedEmpty, RunCount.KeysRejectedNotDigits, RunCount.KeysRejectedFloat,
            RunCount.KeysRejectedPunctuation, RunCount.KeysRejectedTooLong];

    /// <summary>Appends the funnels whose first number is known.</summary>
    public static void Write(PageContext page)
    {
        var (progress, hasKeys) = (page.Report.Progress, page.Report.Count(RunCount.KeyRows) > 0);
        if (progress.RowsTotal == 0 && !hasKeys)
            return;
        page.Html.Markup("<div class=\"pair\">\n");
        if (progress.RowsTotal > 0)
            WriteRows(page);
        if (hasKeys)
            WriteKeys(page);
        page.Html.Close("div");
    }

    private static void WriteRows(PageContext page)
    {
        var (words, progress, html) = (page.Words, page.Report.Progress, page.Html);
        PageShell.BeginSection(html, "rows", words.RowsToIds, words.RowsToIdsNote);
        BarRows.Begin(html);
        var total = progress.RowsTotal;
        WriteStep(page, words.RowsOfPartition, total, total);
        WriteStep(page, words.RowsScanned, progress.RowsScanned, total);
        WriteStep(page, words.RowsMatched, progress.RowsMatched, total);
        WriteStep(page, words.RowsWithId, progress.RowsMatched - progress.NullIdsDropped, total);
        WriteStep(page, words.DistinctIds, page.Report.Count(RunCount.DistinctIds), total);
        BarRows.End(html);
        PageShell.EndSection(html);
    }

    private static void WriteKeys(PageContext page)
    {
        var (words, report, html) = (page.Words, page.Report, page.Html);
        var total = report.Count(RunCount.KeyRows)!.Value;
        PageShell.BeginSection(html, "keys", words.LinesToKeys, words.LinesToKeysNote);
        BarRows.Begin(html);
        WriteStep(page, words.ValuesRead, total, total);
        WriteStep(page, words.ValidCpfs, report.KeysValid, total);
        WriteStep(page, words.DistinctKeys, report.Count(RunCount.Keys), total);
        for (var i = 0; i < s_reasons.Length; i++)
        {
            if (report.Count(s_reasons[i]) is > 0 and var rejected)
                WriteStep(page, words.RejectReasons[i], rejected, total, "bar warn");
        }

        BarRows.End(html);
        PageShell.EndSection(html);
    }

    private static void WriteStep(PageContext page, string label, long? count, long total, string style = "bar")
    {
        var share = count is { } known ? (double)known / total : 0;
        BarRows.Write(page.Html, label, [new Bar(0, share, style)], page.Count(count),
            count is null ? page.Words.NotReached : page.Locale.Percent(100 * share));
    }
}
