using IdExtractor.Core.Job;
using IdExtractor.Core.Promote;
using IdExtractor.Core.Report;

namespace IdExtractor.Html.RunPage;

/// <summary>The command to run next, with a caption.</summary>
internal static class NextCommand
{
    private const string Output = "output", DryRun = "dry-run", Json = "json", Default = "default";

    /// <summary>The command; null when nothing is left to do.</summary>
    public static (string Caption, string Line)? Of(RunReport report, Words words)
    {
        if (report.Facts.PromoteCommand is { } promote)
            return (words.NextPromote, promote);
        return report.Outcome switch
        {
            RunOutcome.Published or RunOutcome.Current => VerifyOf(report) is { } verify ? (words.NextVerify, verify) : null,
            RunOutcome.Planned => (words.NextRun, PlannedOf(report)),
            RunOutcome.Pruned => report.Result?.Pruned is { IsDryRun: true } ? (words.NextRun, WorkOf(report.Command, report)) : null,
            RunOutcome.Failed or RunOutcome.Cancelled => (words.NextAgain, Line(report.Command, Typed(report))),
            _ => null,
        };
    }

    /// <summary>
    /// The check of the active file, for any folder and any environment: the root is a whole path,
    /// and options are given wherever they came from.
    /// </summary>
    private static string? VerifyOf(RunReport report)
    {
        if (report.Result?.File?.Active is not { } active)
            return null;
        var key = report.Settings.FirstOrDefault(setting => setting.Name == "active-key")?.Value ?? new OutputSettings().ActiveKey;
        if (!active.EndsWith("/" + key, StringComparison.Ordinal))
            return null;
        var root = PromoteCommandLine.Quoted(active[..^key.Length]);
        return Line("verify", report.Settings.Where(setting => setting.FindsActiveFile), "--output", root);
    }

    private static string PlannedOf(RunReport report)
    {
        var extract = WorkOf("extract", report);
        return report.Settings.Any(setting => setting.Name == Output && setting.From != Default) ? extract : $"{extract} --output ROOT";
    }

    /// <summary>The work instead of its rehearsal.</summary>
    private static string WorkOf(string command, RunReport report) =>
        Line(command, Typed(report).Where(setting => setting.Name != DryRun));

    private static IEnumerable<ReportSetting> Typed(RunReport report) =>
        report.Settings.Where(setting => setting.From == "command line" && setting.Name != Json);

    private static string Line(string command, IEnumerable<ReportSetting> settings, params string[] first) =>
        string.Join(' ', ["idextractor", command, .. first, .. settings.SelectMany(setting => setting.Words)]);
}
