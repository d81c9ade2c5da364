using IdExtractor.Core.Report;
using IdExtractor.Html.Blocks;

namespace IdExtractor.Html.RunPage;

/// <summary>The guards as bullet charts; those that are off are shown as off.</summary>
internal static class GuardsSection
{
    /// <summary>Appends it; nothing for commands that publish nothing.</summary>
    public static void Write(PageContext page)
    {
        var guards = GuardMargin.Of(page.Report);
        if (guards.Count == 0)
            return;
        PageShell.BeginSection(page.Html, "guards", page.Words.Guards, page.Words.GuardsNote);
        Bullets.Write(page.Html, guards.Select(guard => ToBullet(page, guard)));
        PageShell.EndSection(page.Html);
    }

    private static Bullet ToBullet(PageContext page, GuardMargin guard)
    {
        var words = page.Words;
        var actual = guard.Actual is { } value ? Format(page, value, guard.Unit) : words.Unknown;
        var amount = guard switch
        {
            { Rule: GuardRule.NotOlder } => words.NotOlder,
            { Limit: null } => actual,
            { Rule: GuardRule.AtLeast } => PageContext.Fill(words.AtLeast, actual, Format(page, guard.Limit.Value, guard.Unit)),
            _ => PageContext.Fill(words.AtMost, actual, Format(page, guard.Limit.Value, guard.Unit)),
        };
        var tone = guard.State switch { GuardState.Passed => Tone.Good, GuardState.Stopped => Tone.Bad, _ => Tone.Plain };
        var (shown, limit) = guard switch
        {
            { Rule: not GuardRule.NotOlder } => (guard.Actual, guard.Limit),
            { State: GuardState.Passed } => (1.0, 1.0),
            { State: GuardState.Stopped } => (0.0, 1.0),
            _ => ((double?)null, (double?)null),
        };
        return new Bullet("--" + guard.Name, shown, limit, guard.Rule != GuardRule.AtMost,
            amount, words.GuardStates[(int)guard.State], tone);
    }

    private static string Format(PageContext page, double value, string unit) => unit switch
    {
        "percent" => page.Locale.Percent(value),
        "seconds" => page.Locale.Time(TimeSpan.FromSeconds(Math.Min(Math.Max(value, 0), TimeSpan.MaxValue.TotalSeconds / 2))),
        _ => page.Locale.Count((long)value),
    };
}
