using IdExtractor.Core.History;
using IdExtractor.Core.Job;
using IdExtractor.Core.Plan;
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
        var tiles = new List<Tile>();
        if (report.Result?.Plan is { } plan)
            AddPlan(page, plan, tiles);
        else if (report.Result?.History is { } listing)
            AddFiles(page, listing, tiles);
        else if (report.Result?.Pruned is { } pruned)
            tiles.Add(PrunedOf(page, pruned));
        else if (report.Command is not ("history" or "prune"))
            AddIds(page, tiles);
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
            requests == 0 ? words.NoRequests : Usd(locale, RequestPrices.Of(report.Progress))));
        Tiles.Write(page.Html, tiles);
    }

    private static void AddIds(PageContext page, List<Tile> tiles)
    {
        var (report, words) = (page.Report, page.Words);
        var ids = report.Result?.File?.TotalIds ?? report.Count(RunCount.DistinctIds);
        tiles.Add(new Tile(words.Ids, page.Count(ids), ids is null ? words.NotReached : null));
        if (report.Command is not ("plan" or "verify"))
            tiles.Add(ChangeOf(page));
        if (report.Facts.Inputs.Any(input => input.Role == TableRole.A))
            tiles.Add(KeysOf(page));
    }

    /// <summary>
    /// What a run would read, and what it would cost where requests are paid for.
    /// </summary>
    private static void AddPlan(PageContext page, PlannedWork plan, List<Tile> tiles)
    {
        var (words, locale) = (page.Words, page.Locale);
        tiles.Add(new Tile(
            words.ToRead, locale.Bytes(plan.BytesToRead), PageContext.Fill(words.ToReadRequests, locale.Count(plan.Requests))));
        if (plan is not { IsRemote: true, Forecast: { } forecast })
            return;
        var (requests, compute) = (RequestPrices.Of(forecast), ComputeEstimate.Of(plan.BytesToRead).Usd);
        tiles.Add(new Tile(
            words.Cost, Usd(locale, requests + compute), PageContext.Fill(words.CostParts, Usd(locale, requests), Usd(locale, compute))));
    }

    private static void AddFiles(PageContext page, StageListing listing, List<Tile> tiles)
    {
        var (words, locale) = (page.Words, page.Locale);
        var active = listing.Active?.Metadata;
        tiles.Add(new Tile(
            words.ActiveIds, page.Count(active?.TotalIds),
            active is null ? null : $"{words.Partition} {page.Clip(active.SourcePartition)}"));
        tiles.Add(new Tile(
            words.StageFiles, locale.Count(listing.Entries.Count), locale.Bytes(listing.Entries.Sum(entry => entry.Object.Size))));
    }

    private static Tile PrunedOf(PageContext page, PruneOutcome pruned)
    {
        var (words, locale) = (page.Words, page.Locale);
        var kept = PageContext.Fill(words.Kept, locale.Count(pruned.Kept), locale.Count(pruned.Found));
        return new Tile(
            pruned.IsDryRun ? words.ToRemove : words.Removed, locale.Count(pruned.Removed.Count),
            $"{locale.Bytes(pruned.RemovedBytes)} \u00B7 {kept}");
    }

    private static string Usd(Locale locale, decimal sum) => $"USD {locale.Number((double)sum, 6)}";

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
