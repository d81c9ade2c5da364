using IdExtractor.Core.Job;
using IdExtractor.Core.Report;
using IdExtractor.Html.Blocks;

namespace IdExtractor.Html.RunPage;

/// <summary>The numbers that readers look for first.</summary>
internal static class NumbersSection
{
    /// <summary>Appends them.</summary>
    public static void Write(PageContext page)
    {
        var (report, words, locale) = (page.Report, page.Words, page.Locale);
        var ids = report.Result?.File?.TotalIds ?? report.Count(RunCount.DistinctIds);
        var tiles = new List<Tile> { new(words.Ids, page.Count(ids), ids is null ? words.NotReached : null) };
        if (report.Command is not ("plan" or "verify"))
            tiles.Add(ChangeOf(page));
        if (report.Facts.Inputs.Any(input => input.Role == TableRole.A))
            tiles.Add(KeysOf(page));
        if (report.Progress.RowsTotal > 0)
        {
            var (scanned, matched) = (report.Progress.RowsScanned, report.Progress.RowsMatched);
            var rate = scanned > 0 ? locale.Percent(100.0 * matched / scanned) : words.Unknown;
            tiles.Add(new Tile(words.RowsScanned, locale.Count(scanned), PageContext.Fill(words.Matched, locale.Count(matched), rate)));
        }

        var speed = report.Elapsed > TimeSpan.Zero && report.Progress.RowsScanned > 0
            ? PageContext.Fill(words.RowsPerSecond, locale.Short(report.Progress.RowsScanned / report.Elapsed.TotalSeconds))
            : null;
        tiles.Add(new Tile(words.Duration, locale.Time(report.Elapsed), speed));
        var requests = report.Progress.Requests;
        tiles.Add(new Tile(words.Requests, locale.Count(requests),
            requests == 0 ? words.NoRequests : $"USD {locale.Number((double)RequestPrices.Of(report.Progress), 6)}"));
        Tiles.Write(page.Html, tiles);
    }

    private static Tile ChangeOf(PageContext page)
    {
        var (report, words, locale) = (page.Report, page.Words, page.Locale);
        if (report.Facts.Previous is not { } previous)
            return new Tile(words.Change, words.Unknown,
                report.Result is { Outcome: RunOutcome.Published } ? words.NoPrevious : words.NotReached);
        var hasStopped = GuardMargin.Of(report).Any(guard => guard is { Name: "max-drop-percent", State: GuardState.Stopped });
        var value = report.DropPercent is { } drop ? locale.Change(-drop) : words.Unknown;
        var difference = report.Change is { } change ? locale.Difference(change) : words.Unknown;
        return new Tile(
            words.Change, value,
            PageContext.Fill(words.Against, difference, locale.Count(previous.TotalIds), page.Clip(previous.SourcePartition)),
            hasStopped ? Tone.Warn : Tone.Plain);
    }

    private static Tile KeysOf(PageContext page)
    {
        var (report, words) = (page.Report, page.Words);
        if (report.KeysValid is not { } valid)
            return new Tile(words.ValidCpfs, words.Unknown, words.NotReached);
        var rejected = report.Count(RunCount.KeysRejected) ?? 0;
        var detail =
            $"{PageContext.Fill(words.Rejected, page.Count(rejected))} \u00B7 {PageContext.Fill(words.Duplicate, page.Count(report.KeysDuplicate))}";
        return new Tile(words.ValidCpfs, page.Count(valid), detail);
    }
}
