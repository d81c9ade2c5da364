using System.Globalization;
using IdExtractor.Core.Job;

namespace IdExtractor.Display;

/// <summary>
/// Turns a run's counters into what a display shows. Samples are taken by one thread at a time.
/// </summary>
internal sealed class ProgressMeter(TimeProvider clock, RunProgress progress) : SilentObserver
{
    /// <summary>
    /// The rate is that of the last few seconds, so that it follows the network but does not
    /// flicker.
    /// </summary>
    private static readonly TimeSpan s_window = TimeSpan.FromSeconds(10);

    private readonly Queue<Moment> _past = new();
    private volatile RunPhase _phase = RunPhase.Catalog;

    /// <inheritdoc/>
    public override void PhaseStarted(RunPhase phase) => _phase = phase;

    /// <summary>How far the run is now.</summary>
    public ProgressSample Sample()
    {
        var (now, rows, total) = (clock.GetTimestamp(), progress.RowsScanned, progress.RowsTotal);
        while (_past.Count > 1 && clock.GetElapsedTime(_past.Peek().At, now) > s_window)
            _past.Dequeue();
        var rate = 0.0;
        if (_past.TryPeek(out var first))
        {
            var seconds = clock.GetElapsedTime(first.At, now).TotalSeconds;
            rate = seconds > 0 ? (rows - first.Rows) / seconds : 0;
        }

        _past.Enqueue(new Moment(now, rows));
        TimeSpan? left = rate >= 1 && total >= rows ? TimeSpan.FromSeconds((total - rows) / rate) : null;
        return new ProgressSample(_phase, rows, total, progress.BytesRead, rate, left) { Retries = progress.Retries };
    }

    private sealed record Moment(long At, long Rows);
}

/// <summary>How far a run is.</summary>
/// <param name="Phase">The step that began last.</param>
/// <param name="Rows">Rows of B that were scanned.</param>
/// <param name="RowsTotal">Rows to scan; 0 until known.</param>
/// <param name="Bytes">Bytes read.</param>
/// <param name="RowsPerSecond">Over the last few seconds; 0 when unknown.</param>
/// <param name="Left">Time to the end of the scan; null when unknown.</param>
internal sealed record ProgressSample(RunPhase Phase, long Rows, long RowsTotal, long Bytes, double RowsPerSecond, TimeSpan? Left)
{
    private const double Nearly = 99.9;

    /// <summary>Requests that were sent again.</summary>
    public long Retries { get; init; }

    /// <summary>
    /// Share of the rows, in percent. Below 100: after the last row there is still work to do.
    /// </summary>
    public double Percent => RowsTotal > 0 ? Math.Min(Nearly, 100.0 * Rows / RowsTotal) : 0;

    /// <summary>
    /// The share in whole percent, rounded down, so that it never is 100%; empty until the rows are
    /// known.
    /// </summary>
    public string Share => RowsTotal > 0 ? string.Create(CultureInfo.InvariantCulture, $"{(int)Percent}%") : "";

    /// <summary>Rows, bytes, rate, time left: those that are known.</summary>
    public string Details => string.Join(", ", DetailParts);

    /// <summary>The parts of <see cref="Details"/>, those that matter most first.</summary>
    public IReadOnlyList<string> DetailParts
    {
        get
        {
            var parts = new List<string>(5);
            if (RowsTotal > 0)
                parts.Add($"{Units.Short(Rows)} of {Units.Short(RowsTotal)} rows");
            parts.Add(Units.Bytes(Bytes));
            if (RowsPerSecond >= 1)
                parts.Add($"{Units.Short(RowsPerSecond)} rows/s");
            if (Left is { } left && Rows < RowsTotal)
                parts.Add($"{Units.Time(left)} left");
            if (Retries > 0)
                parts.Add($"{Units.Exact(Retries)} repeated requests");
            return parts;
        }
    }
}
