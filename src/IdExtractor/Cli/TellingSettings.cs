using IdExtractor.Cli.Options;
using IdExtractor.Display;

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

    /// <summary>Metrics on stdout.</summary>
    public MetricsFormat Metrics { get; init; } = MetricsFormat.None;

    /// <summary>Reads them from options.</summary>
    public static TellingSettings From(OptionValues values)
    {
        var format = (LogFormat)values.Get(OptionTable.Log, LogFormat.Text);
        return new TellingSettings
        {
            Format = format,
            Level = (LogLevel)values.Get(OptionTable.LogLevel, format == LogFormat.Json ? LogLevel.Info : LogLevel.Warn),
            Quiet = values.Flag(OptionTable.Quiet),
            JsonResult = format == LogFormat.Json || values.Flag(OptionTable.Json),
            ReportFile = values.Find(OptionTable.Report) as string,
            Metrics = (MetricsFormat)values.Get(OptionTable.Metrics, MetricsFormat.None),
        };
    }
}
