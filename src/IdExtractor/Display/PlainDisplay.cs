using System.Globalization;
using IdExtractor.Core.Job;
using IdExtractor.Phrases;

namespace IdExtractor.Display;

/// <summary>
/// Lines at intervals, for logs and pipes. A run that is over before the first interval shows none.
/// </summary>
internal sealed class PlainDisplay : IDisplay
{
    /// <summary>Time to the first line.</summary>
    public static readonly TimeSpan First = TimeSpan.FromSeconds(2);

    /// <summary>Time between lines.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly ITimer _timer;
    private bool _over;

    /// <param name="clock">Measures the intervals.</param>
    /// <param name="meter">How far the run is.</param>
    /// <param name="write">Writes a line.</param>
    public PlainDisplay(TimeProvider clock, ProgressMeter meter, Action<ProgressSample> write)
    {
        void Tick(object? state)
        {
            lock (_gate)
            {
                if (!_over)
                    write(meter.Sample());
            }
        }

        _timer = clock.CreateTimer(Tick, null, First, Interval);
    }

    /// <summary>A line for people.</summary>
    public static string ToLine(ProgressSample sample, Speech speech)
    {
        var share = sample.RowsTotal > 0 ? speech.Number(string.Create(CultureInfo.InvariantCulture, $" {sample.Percent:0.0}%")) : "";
        return $"{speech.Of(sample.Phase.ToName())}{share}: {string.Join(", ", sample.DetailParts.Select(speech.Of))}";
    }

    /// <summary>A line for machines.</summary>
    public static void Write(RunLog log, ProgressSample sample) => log.Write(
        LogLevel.Info, "progress", null,
        new RunField("phase", sample.Phase.ToName()), new RunField("rows", sample.Rows), new RunField("rows_total", sample.RowsTotal),
        new RunField("bytes", sample.Bytes), new RunField("rows_per_second", (long)sample.RowsPerSecond),
        new RunField("seconds_left", (long)(sample.Left?.TotalSeconds ?? -1)));

    /// <inheritdoc/>
    public void Abandon()
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
            _over = true;
        _timer.Dispose();
    }
}
