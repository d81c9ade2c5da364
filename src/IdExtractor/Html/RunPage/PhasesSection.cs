using IdExtractor.Core.Job;
using IdExtractor.Html.Blocks;

namespace IdExtractor.Html.RunPage;

/// <summary>The phases as a Gantt chart.</summary>
internal static class PhasesSection
{
    /// <summary>Appends it; nothing when no phase has begun.</summary>
    public static void Write(PageContext page)
    {
        // The report's own phase has no length yet when the page is written.
        var phases = page.Report.Facts.Phases.Where(phase => phase.Phase != RunPhase.Report).ToList();
        if (phases.Count == 0)
            return;
        var (html, words, locale) = (page.Html, page.Words, page.Locale);
        var whole = Math.Max(page.Report.Elapsed.TotalSeconds, phases.Max(phase => (phase.Start + phase.Elapsed).TotalSeconds));
        PageShell.BeginSection(html, "phases", words.Phases, words.PhasesNote);
        BarRows.Begin(html, "wide");
        foreach (var phase in phases)
        {
            var bar = new Bar(phase.Start.TotalSeconds / whole, phase.Elapsed.TotalSeconds / whole, phase.Finished ? "bar" : "bar open");
            BarRows.Write(html, phase.Phase.ToName(), words.PhaseNotes[(int)phase.Phase], [bar],
                locale.Time(phase.Elapsed), phase.Finished ? $"+{locale.Time(phase.Start)}" : words.Unfinished);
        }

        BarRows.WriteAxis(html, locale.Time(TimeSpan.Zero),
            locale.Time(TimeSpan.FromSeconds(whole / 2)), locale.Time(TimeSpan.FromSeconds(whole)));
        BarRows.End(html);
        PageShell.EndSection(html);
    }
}
