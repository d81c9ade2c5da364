using IdExtractor.Core.Report;
using IdExtractor.Html.Blocks;

namespace IdExtractor.Html.RunPage;

/// <summary>Throughput and memory over time.</summary>
internal static class OverTimeSection
{
    /// <summary>Rates of shorter intervals jump up and down too much to be read.</summary>
    private const int MostRates = 60;

    private const int FewestSamples = 4;

    /// <summary>Appends it; nothing when the run was not sampled.</summary>
    public static void Write(PageContext page)
    {
        var (samples, html, words, locale) = (page.Report.Samples, page.Html, page.Words, page.Locale);
        if (samples.Count == 0)
            return;
        PageShell.BeginSection(html, "time", words.OverTime, samples.Count < FewestSamples ? words.NotMeasured : null);
        if (samples.Count >= FewestSamples)
        {
            var whole = Math.Max(samples[^1].At.TotalSeconds, 1e-6);
            string[] marks = [locale.Time(TimeSpan.Zero), locale.Time(TimeSpan.FromSeconds(whole / 2)),
                locale.Time(TimeSpan.FromSeconds(whole))];
            var memory = samples.Select(sample => (sample.At.TotalSeconds / whole, (double)sample.MemoryBytes)).ToList();
            html.Markup("<div class=\"charts\">\n");
            if (page.Report.Progress.RowsTotal > 0)
                Chart(words.Throughput, Rates(samples, whole), locale.Short, isSecond: false);
            Chart(words.Memory, memory, locale.Bytes, isSecond: true);
            html.Close("div");

            void Chart(string title, List<(double At, double Value)> points, Func<double, string> format, bool isSecond) => new LineChart
            {
                Title = title,
                Description = $"{title}; {PageContext.Fill(words.Peak, format(points.Max(point => point.Value)))}",
                Lines = [new Series(title, points, isSecond)],
                Format = format,
                IsBinary = isSecond,
                Marks = marks,
            }.Write(html);
        }

        PageShell.EndSection(html);
    }

    private static List<(double At, double Value)> Rates(IReadOnlyList<RunSample> samples, double whole)
    {
        var step = Math.Max(1, (samples.Count - 1 + MostRates - 1) / MostRates);
        List<(double At, double Value)> rates = [];
        for (var i = 0; i < samples.Count - 1; i += step)
        {
            var (from, to) = (samples[i], samples[Math.Min(i + step, samples.Count - 1)]);
            var seconds = (to.At - from.At).TotalSeconds;
            if (seconds > 0)
                rates.Add(((from.At + ((to.At - from.At) / 2)).TotalSeconds / whole, Math.Max(0, to.Rows - from.Rows) / seconds));
        }

        return rates;
    }
}
