using System.Globalization;
using System.Text;
using IdExtractor.Core.Job;
using IdExtractor.Core.Report;
using IdExtractor.Foundation.Privacy;

namespace IdExtractor.Display;

/// <summary>A result as people read it, on stdout.</summary>
internal static class ResultText
{
    private const int MostSkipped = 20;

    /// <summary>A few lines, without a newline at the end.</summary>
    public static string Of(RunResult result, RunProgress progress, TimeSpan elapsed)
    {
        var text = new StringBuilder();
        if (result.Plan is { } plan)
            AppendPlan(text, plan);
        if (result.File is { } file)
            AppendFile(text, result.Outcome, file);
        if (result.Outcome == RunOutcome.Published && progress.RowsTotal > 0)
            text.Append($"  rows       {Units.Exact(progress.RowsScanned)} scanned, {Units.Exact(progress.RowsMatched)} matched\n");
        text.Append($"  took       {Units.Time(elapsed)}");
        if (progress.BytesRead > 0)
            text.Append($", {Units.Bytes(progress.BytesRead)} read");
        return Confidential.Mask(text.ToString());
    }

    private static void AppendFile(StringBuilder text, RunOutcome outcome, OutputFacts file)
    {
        var what = outcome switch
        {
            RunOutcome.Published => "Published",
            RunOutcome.Current => "Already current:",
            _ => "Verified",
        };
        text.Append($"{what} {Units.Exact(file.TotalIds, "ID")} of partition {Printable.Of(file.SourcePartition)}\n");
        text.Append($"  md5        {file.Md5Checksum}\n");
        if (file.Active is not null)
            text.Append($"  active     {Printable.Of(file.Active)} ({Units.Bytes(file.GzipBytes)})\n");
        if (file.Stage is not null)
            text.Append($"  stage      {Printable.Of(file.Stage)}{(file.Active is null ? $" ({Units.Bytes(file.GzipBytes)})" : "")}\n");
    }

    private static void AppendPlan(StringBuilder text, PlannedWork plan)
    {
        foreach (var input in plan.Inputs)
        {
            text.Append($"Table {input.Role}: {Printable.Of(input.Table)}\n");
            if (input.SourcePartition is not null)
                text.Append($"  partition  {Printable.Of(input.SourcePartition)}\n");
            var rows = input.Rows is { } known ? $", {Units.Exact(known, "row")} in {Units.Exact(input.RowGroups, "row group")}" : "";
            text.Append($"  files      {Units.Exact(input.Files.Count)}, {Units.Bytes(input.Bytes)}{rows}\n");
            foreach (var column in input.Columns)
                text.Append($"  column     {Printable.Of(column.Name)}, {Printable.Of(column.Type)}, {Units.Bytes(column.Bytes)}\n");
            AppendSkipped(text, input.Skipped);
        }

        text.Append($"To read: {Units.Bytes(plan.BytesToRead)} in {Units.Exact(plan.Requests, "request")}\n");
        if (plan is { IsRemote: true, Forecast: { } forecast })
            AppendForecast(text, forecast);
    }

    /// <summary>
    /// What was skipped and why: what caused a warning comes first, and the list is limited to a
    /// readable length.
    /// </summary>
    private static void AppendSkipped(StringBuilder text, IReadOnlyList<SkippedItem> skipped)
    {
        foreach (var item in skipped.OrderByDescending(item => item.IsWarning).Take(MostSkipped))
            text.Append($"  skipped    {Printable.Of(item.Name)}: {Printable.Of(item.Reason)}\n");
        if (skipped.Count > MostSkipped)
            text.Append($"  skipped    {Units.Exact(skipped.Count - MostSkipped)} more, which --json lists\n");
    }

    private static void AppendForecast(StringBuilder text, RequestForecast forecast)
    {
        static string Line(IEnumerable<StepRequests> requests) => string.Join(", ", requests.Select(request => $"{Units.Exact(request.Count)} {request.Kind.ToName().ToUpperInvariant()}"));

        text.Append("Requests of a run, when nothing is tried again:\n");
        foreach (var step in forecast.Steps.GroupBy(request => request.Step))
            text.Append($"  {step.Key.ToName(),-10} {Line(step)}\n");
        var all = forecast.Steps.GroupBy(request => request.Kind, (kind, requests) => new StepRequests(RunPhase.Report, kind, requests.Sum(request => request.Count)));
        text.Append($"  {"in all",-10} {Line(all.OrderBy(request => request.Kind))}\n");
        text.Append(CultureInfo.InvariantCulture, $"  {"cost",-10} USD {RequestPrices.Of(forecast):0.000000}, by {RequestPrices.Basis}\n");
    }
}
