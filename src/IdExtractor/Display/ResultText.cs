using System.Globalization;
using IdExtractor.Core.Job;
using IdExtractor.Core.Plan;
using IdExtractor.Core.Report;
using IdExtractor.Html;
using IdExtractor.Phrases;

namespace IdExtractor.Display;

/// <summary>A result as people read it, on stdout.</summary>
internal static class ResultText
{
    private const int MostSkipped = 20;

    private static readonly (RunCount Count, string Words)[] s_reasons =
    [
        (RunCount.KeysRejectedEmpty, "{0} empty"), (RunCount.KeysRejectedNotDigits, "{0} not digits"),
        (RunCount.KeysRejectedFloat, "{0} with a decimal point or exponent"),
        (RunCount.KeysRejectedPunctuation, "{0} with punctuation"), (RunCount.KeysRejectedTooLong, "{0} too long"),
    ];

    /// <summary>A few lines, without a newline at the end.</summary>
    /// <param name="report">A run that ended well.</param>
    /// <param name="speech">The language.</param>
    public static string Of(RunReport report, Speech speech)
    {
        var (result, progress, elapsed) = (report.Result!, report.Progress, report.Elapsed);
        var text = new SpokenText(speech);
        if (result.Plan is { } plan)
            AppendPlan(text, plan);
        if (result.History is { } listing)
            HistoryText.Append(text, listing);
        if (result.Pruned is { } pruned)
            HistoryText.Append(text, pruned);
        if (result.File is { } file)
            AppendFile(text, report, file);
        if (result.Checks.Count > 0)
            text.Line($"  checked    {string.Join(", ", result.Checks)}");
        if (result.Outcome == RunOutcome.Published)
            AppendWork(text, report);
        text.Line(
            progress.BytesRead > 0
                ? $"  took       {Units.Time(elapsed)}, {Units.Bytes(progress.BytesRead)} read"
                : $"  took       {Units.Time(elapsed)}");
        return text.ToString();
    }

    private static void AppendFile(SpokenText text, RunReport report, OutputFacts file)
    {
        var (ids, partition) = (Units.Exact(file.TotalIds, "{0} ID", "{0} IDs"), Printable.Of(file.SourcePartition));
        text.Line(report.Outcome switch
        {
            RunOutcome.Published => $"Published {ids} of partition {partition}",
            RunOutcome.Current => $"Already current: {ids} of partition {partition}",
            _ => $"Verified {ids} of partition {partition}",
        });
        if (report.Facts.Previous is { } previous)
        {
            var percent = report.DropPercent is { } drop ? string.Create(CultureInfo.InvariantCulture, $"{-drop:+0.##;-0.##;0}%, ") : "";
            var change = string.Concat(percent, report.Change?.ToString("+#,0;-#,0;0", CultureInfo.InvariantCulture));
            text.Line(
                $"  change     {change} against {Units.Exact(previous.TotalIds)} of partition {Printable.Of(previous.SourcePartition)}");
        }

        text.Line($"  md5        {file.Md5Checksum}");
        if (file.GzSha256 is not null)
            text.Line($"  sha256     {file.GzSha256}");
        if (file.Active is not null)
            text.Line($"  active     {Printable.Of(file.Active)} ({Units.Bytes(file.GzipBytes)})");
        if (file.Stage is not null)
            text.Line(
                file.Active is null
                    ? $"  stage      {Printable.Of(file.Stage)} ({Units.Bytes(file.GzipBytes)})"
                    : $"  stage      {Printable.Of(file.Stage)}");
    }

    /// <summary>What was read and how long each phase took.</summary>
    private static void AppendWork(SpokenText text, RunReport report)
    {
        string Count(long? count) => Units.Exact(count ?? 0);

        if (report.Count(RunCount.KeyRows) is { } read)
        {
            var reasons = s_reasons.Where(reason => report.Count(reason.Count) > 0)
                .Select(reason => Units.Exact(report.Count(reason.Count) ?? 0, reason.Words, reason.Words))
                .ToArray();
            var (valid, duplicate, rejected) = (
                Count(report.KeysValid), Count(report.KeysDuplicate), Count(report.Count(RunCount.KeysRejected)));
            text.Line(reasons.Length == 0
                ? $"  CPFs       {Count(read)} read, {valid} valid, {duplicate} duplicate, {rejected} rejected"
                : $"  CPFs       {Count(read)} read, {valid} valid, {duplicate} duplicate, {rejected} rejected ({string.Join(", ", reasons)})");
        }

        if (report.Progress.RowsTotal > 0)
            text.Line($"  rows       {Count(report.Progress.RowsScanned)} scanned, {Count(report.Progress.RowsMatched)} matched");
        if (report.Progress.NullDocuments > 0)
            text.Line($"  skipped    at least {Units.Exact(report.Progress.NullDocuments, "{0} row", "{0} rows")} without a document");
        var (groups, pages) = (report.Progress.RowGroupsSkipped, report.Progress.PagesSkipped);
        if (groups + pages > 0)
            text.Line(
                $"  ruled out  {Units.Exact(groups, "{0} row group", "{0} row groups")}, {Units.Exact(pages, "{0} page", "{0} pages")}");
        if (report.Progress.NullIdsDropped > 0)
            text.Line($"  dropped    {Units.Exact(report.Progress.NullIdsDropped, "{0} matched row", "{0} matched rows")} without an ID");
        var phases = report.Facts.Phases.Where(phase => phase is { Finished: true, Phase: not RunPhase.Report })
            .Select(phase => $"{text.Speech.Of(phase.Phase.ToName())} {text.Speech.Number(Units.Time(phase.Elapsed))}");
        text.Line($"  phases     {string.Join(", ", phases)}");
        if (report.Progress.Requests > 0)
            text.Line(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"  requests   {Count(report.Progress.Requests)}, USD {RequestPrices.Of(report.Progress):0.000000} by list prices"));
        if (report.Progress.Retries > 0)
            text.Line($"  repeated   {Units.Exact(report.Progress.Retries, "{0} request", "{0} requests")}");
    }

    private static void AppendPlan(SpokenText text, PlannedWork plan)
    {
        foreach (var input in plan.Inputs)
        {
            text.Line($"Table {input.Role}: {Printable.Of(input.Table)}");
            if (input.SourcePartition is not null)
                text.Line($"  partition  {Printable.Of(input.SourcePartition)}");
            var (files, bytes, groups) = (
                Units.Exact(input.Files.Count), Units.Bytes(input.Bytes), Units.Exact(input.RowGroups, "{0} row group", "{0} row groups"));
            text.Line(input.Rows is { } rows
                ? $"  files      {files}, {bytes}, {Units.Exact(rows, "{0} row", "{0} rows")} in {groups}"
                : $"  files      {files}, {bytes}");
            foreach (var column in input.Columns)
                text.Line($"  column     {Printable.Of(column.Name)}, {Printable.Of(column.Type)}, {Units.Bytes(column.Bytes)}");
            AppendSkipped(text, input.Skipped);
        }

        text.Line($"To read: {Units.Bytes(plan.BytesToRead)} in {Units.Exact(plan.Requests, "{0} request", "{0} requests")}");
        if (plan is { IsRemote: true, Forecast: { } forecast })
            AppendForecast(text, forecast);
        if (plan.IsRemote)
            AppendCompute(text, ComputeEstimate.Of(plan.BytesToRead));
    }

    /// <summary>
    /// What was skipped and why: what caused a warning comes first, and the list is limited to a
    /// readable length.
    /// </summary>
    private static void AppendSkipped(SpokenText text, IReadOnlyList<SkippedItem> skipped)
    {
        foreach (var item in skipped.OrderByDescending(item => item.IsWarning).Take(MostSkipped))
            text.Line($"  skipped    {Printable.Of(item.Name)}: {Printable.Of(item.Reason)}");
        if (skipped.Count > MostSkipped)
            text.Line($"  skipped    {Units.Exact(skipped.Count - MostSkipped)} more, which --json lists");
    }

    private static void AppendForecast(SpokenText text, RequestForecast forecast)
    {
        string Line(IEnumerable<StepRequests> requests) =>
            string.Join(
                ", ",
                requests.Select(request => $"{text.Speech.Number(Units.Exact(request.Count))} {request.Kind.ToName().ToUpperInvariant()}"));

        text.Line("Requests of a run, when nothing is tried again:");
        foreach (var step in forecast.Steps.GroupBy(request => request.Step))
            AppendFact(text, step.Key.ToName(), Line(step));
        var all = forecast.Steps.GroupBy(
            request => request.Kind, (kind, requests) => new StepRequests(RunPhase.Report, kind, requests.Sum(request => request.Count)));
        AppendFact(text, "in all", Line(all.OrderBy(request => request.Kind)));
        AppendFact(
            text, "cost",
            text.Speech.Of(
                string.Create(CultureInfo.InvariantCulture, $"USD {RequestPrices.Of(forecast):0.000000}, by {RequestPrices.Basis}")));
    }

    private static void AppendCompute(SpokenText text, ComputeEstimate estimate) => AppendFact(
        text, "compute", text.Speech.Of(string.Create(
        CultureInfo.InvariantCulture,
        $"USD {estimate.Usd:0.000000}, about {estimate.Seconds:0} s on Fargate with {ComputeEstimate.VirtualCpus} vCPU, by {ComputeEstimate.Basis}")));

    private static void AppendFact(SpokenText text, string name, string fact)
    {
        // The longest name of a step has a letter more in Portuguese.
        var width = text.Speech.Language == PageLanguage.Portuguese ? 11 : 10;
        text.AsItIs($"  {text.Speech.Of(name).PadRight(width)} {fact}");
    }
}
