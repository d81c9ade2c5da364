using IdExtractor.Core.Job;
using IdExtractor.Core.Report;
using IdExtractor.Foundation.Errors;
using IdExtractor.Html.Blocks;

namespace IdExtractor.Html.RunPage;

/// <summary>The outcome, and the command to run next.</summary>
internal static class HeadlineSection
{
    /// <summary>Appends it.</summary>
    public static void Write(PageContext page)
    {
        var (report, words) = (page.Report, page.Words);
        var leads = new List<string>();
        if (report.Error is { } error)
            leads.Add(page.Say(error.Message)!);
        if (report.Facts.PromoteCommand is not null)
            leads.Add(words.StageKept);
        var partition = report.Result?.File?.SourcePartition
            ?? report.Facts.Inputs.FirstOrDefault(input => input.Role != TableRole.A)?.SourcePartition;
        string?[] facts =
        [
            partition is null ? null : $"{words.Partition} {page.Clip(partition)}",
            $"{words.Started} {page.Locale.Moment(report.StartedAt)}",
            $"{words.ExitCode} {(int)report.ExitCode}",
        ];
        leads.Add(string.Join(" \u00B7 ", facts.OfType<string>()));
        Banner.Write(page.Html, ToneOf(report), $"IdExtractor {report.Command}", HeadingOf(page), leads, NextCommand.Of(report, words));
    }

    private static Tone ToneOf(RunReport report) => report switch
    {
        { Outcome: RunOutcome.Failed, ExitCode: ExitCode.Guard } or { Outcome: RunOutcome.Cancelled } => Tone.Warn,
        { Outcome: RunOutcome.Failed } => Tone.Bad,
        { Outcome: RunOutcome.Planned or RunOutcome.Listed } or { Result.Pruned.IsDryRun: true } => Tone.Plain,
        _ => Tone.Good,
    };

    private static string HeadingOf(PageContext page) => page.Report switch
    {
        { Outcome: RunOutcome.Published } report => PageContext.Fill(page.Words.Published, page.Count(report.Result?.File?.TotalIds)),
        { Outcome: RunOutcome.Current } => page.Words.Current,
        { Outcome: RunOutcome.Verified } => page.Words.Verified,
        { Outcome: RunOutcome.Planned } => page.Words.Planned,
        { Outcome: RunOutcome.Listed } => page.Words.Listed,
        { Result.Pruned: { } pruned } => pruned.IsDryRun ? page.Words.WouldPrune : page.Words.Pruned,
        { Outcome: RunOutcome.Cancelled } => page.Words.Cancelled,
        { ExitCode: ExitCode.Guard } => page.Words.StoppedByGuard,
        _ => page.Words.Failed,
    };
}
