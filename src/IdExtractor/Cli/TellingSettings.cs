using IdExtractor.Cli.Options;
using IdExtractor.Display;
using IdExtractor.Html;
using IdExtractor.Phrases;

namespace IdExtractor.Cli;

/// <summary>What a run reports, and how.</summary>
internal sealed record TellingSettings
{
    /// <summary>Form of logs and results.</summary>
    public LogFormat Format { get; init; }

    /// <summary>The least that is worth a log line.</summary>
    public LogLevel Level { get; init; } = LogLevel.Warn;

    /// <summary>No progress.</summary>
    public bool Quiet { get; init; }

    /// <summary>The result is one line of JSON.</summary>
    public bool JsonResult { get; init; }

    /// <summary>Where the run report goes; null for nowhere.</summary>
    public string? ReportFile { get; init; }

    /// <summary>Where the run report goes as a page; null for nowhere.</summary>
    public string? ReportPage { get; init; }

    /// <summary>The language of text for people.</summary>
    public PageLanguage Language { get; init; }

    /// <summary>Metrics on stdout.</summary>
    public MetricsFormat Metrics { get; init; } = MetricsFormat.None;

    /// <summary>When text for people is coloured.</summary>
    public ColorMode Color { get; init; }

    /// <summary>Reads them from options.</summary>
    public static TellingSettings From(OptionValues values)
    {
        var format = (LogFormat)values.Get(OptionTable.Log, LogFormat.Text);
        return new TellingSettings
        {
            Format = format,
            Level = (LogLevel)values.Get(OptionTable.LogLevel, format == LogFormat.Json ? LogLevel.Info : LogLevel.Warn),
            Quiet = values.Flag(OptionTable.Quiet),
            Color = (ColorMode)values.Get(OptionTable.Color, ColorMode.Auto),
            JsonResult = format == LogFormat.Json || values.Flag(OptionTable.Json),
            ReportFile = values.Find(OptionTable.Report) as string,
            ReportPage = values.Find(OptionTable.ReportHtml) as string,
            Language = (PageLanguage)values.Get(OptionTable.Lang, Speech.OfSystem(Environment.GetEnvironmentVariable)),
            Metrics = (MetricsFormat)values.Get(OptionTable.Metrics, MetricsFormat.None),
        };
    }
}
