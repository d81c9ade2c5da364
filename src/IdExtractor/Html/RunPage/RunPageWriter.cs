using System.Text;
using IdExtractor.Core.Report;
using IdExtractor.Html.Blocks;
using IdExtractor.Phrases;

namespace IdExtractor.Html.RunPage;

/// <summary>
/// A run's report as a page: the same record that <c>--report</c> writes as JSON, for people. The
/// page is below <see cref="MostBytes"/> whatever the run was given.
/// </summary>
internal static class RunPageWriter
{
    /// <summary>No page is larger.</summary>
    public const int MostBytes = 150_000;

    /// <summary>Tried in turn until the page is small enough; the last one always is.</summary>
    private static readonly PageLimits[] s_limits = [new(25, 50, 400), new(15, 20, 160), new(5, 5, 60)];

    /// <summary>The page, in UTF-8.</summary>
    public static byte[] Write(RunReport report, PageLanguage language)
    {
        var page = Array.Empty<byte>();
        foreach (var limits in s_limits)
        {
            page = Encoding.UTF8.GetBytes(Of(report, language, limits));
            if (page.Length < MostBytes)
                break;
        }

        return page;
    }

    private static string Of(RunReport report, PageLanguage language, PageLimits limits)
    {
        var (words, locale) = (Words.Of(language), Locale.Of(language));
        var html = PageShell.Begin(locale, $"{words.Title} {report.RunId}");
        var page = new PageContext(html, report, words, locale, Speech.Of(language), limits);
        HeadlineSection.Write(page);
        NumbersSection.Write(page);
        ProblemsSection.WriteError(page);
        FunnelSection.Write(page);
        PhasesSection.Write(page);
        GuardsSection.Write(page);
        OverTimeSection.Write(page);
        FilesSection.Write(page);
        ProblemsSection.WriteWarnings(page);
        ChecksumsSection.Write(page);
        SettingsSection.Write(page);
        return PageShell.End(html, $"IdExtractor {report.ToolVersion} \u00B7 {words.Run} {report.RunId} \u00B7 {RunReport.Schema}");
    }
}
