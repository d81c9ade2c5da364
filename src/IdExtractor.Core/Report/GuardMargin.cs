using IdExtractor.Core.Job;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Core.Report;

/// <summary>What a guard demands.</summary>
public enum GuardRule
{
    /// <summary>The value is at least the limit.</summary>
    AtLeast,

    /// <summary>The value is at most the limit.</summary>
    AtMost,

    /// <summary>The file is not older than the active one.</summary>
    NotOlder,
}

/// <summary>What came of a guard.</summary>
public enum GuardState
{
    /// <summary>It is not set.</summary>
    Off,

    /// <summary>It allowed the run to go on.</summary>
    Passed,

    /// <summary>It stopped the run.</summary>
    Stopped,

    /// <summary>The run ended before it.</summary>
    NotReached,

    /// <summary>There was nothing to compare with.</summary>
    NotCompared,
}

/// <summary>A guard, its limit and how far the run was from it.</summary>
/// <param name="Name">The option that sets or lifts it, without dashes.</param>
/// <param name="Rule">What it demands.</param>
/// <param name="Limit">The limit; null when it is off or has none.</param>
/// <param name="Actual">The value; null when it is not known.</param>
/// <param name="Unit">Of both: <c>ids</c>, <c>percent</c>, <c>seconds</c> or <c>none</c>.</param>
/// <param name="State">What came of it.</param>
public sealed record GuardMargin(string Name, GuardRule Rule, double? Limit, double? Actual, string Unit, GuardState State)
{
    private const string Ids = "ids", Percent = "percent", Seconds = "seconds", None = "none";

    /// <summary>
    /// The guards of a run in the order in which they are checked; none for commands that publish
    /// nothing.
    /// </summary>
    public static IReadOnlyList<GuardMargin> Of(RunReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (report.Facts.Limits is not { } limits)
            return [];
        var (guards, counts) = (limits.Publish, report.Facts.Counts);
        double? ids = counts.TryGetValue(RunCount.DistinctIds, out var known) ? known : null;
        List<GuardMargin> margins = [];
        if (limits.MaxRejectedPercent is { } rejected)
        {
            margins.Add(
                Compare("max-partition-age", GuardRule.AtMost, limits.MaxPartitionAge?.TotalSeconds, AgeOf(report)?.TotalSeconds, Seconds));
            margins.Add(Compare("max-rejected-percent", GuardRule.AtMost, rejected, RejectedOf(counts), Percent));
        }

        margins.Add(Compare("allow-empty", GuardRule.AtLeast, guards.AllowEmpty ? null : 1, ids, Ids));
        margins.Add(Compare("min-ids", GuardRule.AtLeast, guards.MinIds, ids, Ids));
        margins.Add(Compare("max-ids", GuardRule.AtMost, guards.MaxIds, ids, Ids));
        var drop = Compare("max-drop-percent", GuardRule.AtMost, guards.MaxDropPercent, report.DropPercent, Percent);
        var isPublished = report.Result is { Outcome: RunOutcome.Published };
        margins.Add(drop.State == GuardState.NotReached && isPublished ? drop with { State = GuardState.NotCompared } : drop);
        margins.Add(new GuardMargin("allow-older", GuardRule.NotOlder, null, null, None, StateOfAge(report, guards, isPublished, margins)));
        return margins;
    }

    private static GuardMargin Compare(string name, GuardRule rule, double? limit, double? actual, string unit)
    {
        var state = limit is null ? GuardState.Off
            : actual is null ? GuardState.NotReached
            : (rule == GuardRule.AtLeast ? actual >= limit : actual <= limit) ? GuardState.Passed
            : GuardState.Stopped;
        return new GuardMargin(name, rule, limit, actual, unit, state);
    }

    /// <summary>
    /// The guard of age is the last: it stopped the run when a guard did and none before it.
    /// </summary>
    private static GuardState StateOfAge(RunReport report, PublishGuards guards, bool isPublished, List<GuardMargin> before)
    {
        if (guards.AllowOlder)
            return GuardState.Off;
        if (isPublished)
            return report.Facts.Previous is null ? GuardState.NotCompared : GuardState.Passed;
        var hasPromoteBegun = report.Facts.Phases.Any(phase => phase.Phase == RunPhase.Promote);
        return report.ExitCode == ExitCode.Guard && hasPromoteBegun && before.TrueForAll(guard => guard.State != GuardState.Stopped)
            ? GuardState.Stopped
            : GuardState.NotReached;
    }

    private static TimeSpan? AgeOf(RunReport report) =>
        report.Facts.Inputs.FirstOrDefault(input => input.Role == TableRole.B)?.PartitionTime is { } time
            ? report.StartedAt.UtcDateTime - time
            : null;

    private static double? RejectedOf(IReadOnlyDictionary<RunCount, long> counts) =>
        counts.TryGetValue(RunCount.KeyRows, out var rows) && rows > 0 && counts.TryGetValue(RunCount.KeysRejected, out var rejected)
            ? 100.0 * rejected / rows
            : null;
}

/// <summary>The names of rules and states in reports.</summary>
public static class GuardNames
{
    private static readonly string[] s_rules = ["at_least", "at_most", "not_older"];
    private static readonly string[] s_states = ["off", "passed", "stopped", "not_reached", "not_compared"];

    /// <summary>In lower case with underscores.</summary>
    public static string ToName(this GuardRule rule) => s_rules[(int)rule];

    /// <summary>In lower case with underscores.</summary>
    public static string ToName(this GuardState state) => s_states[(int)state];
}
