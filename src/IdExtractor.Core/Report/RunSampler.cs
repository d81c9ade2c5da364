using IdExtractor.Core.Job;

namespace IdExtractor.Core.Report;

/// <summary>A moment of a run.</summary>
/// <param name="At">Time since its start.</param>
/// <param name="Rows">Rows of B that were scanned.</param>
/// <param name="Bytes">Bytes that were read.</param>
/// <param name="MemoryBytes">Memory that the process held then.</param>
public sealed record RunSample(TimeSpan At, long Rows, long Bytes, long MemoryBytes);

/// <summary>
/// Samples a run at even intervals. When there are too many samples, every second one is dropped
/// and the interval doubles, so that any run leaves between half and all of
/// <see cref="MostSamples"/>.
/// </summary>
public sealed class RunSampler : IDisposable
{
    /// <summary>
    /// Most samples in a report. When there are more, every second one is dropped and the interval
    /// doubles.
    /// </summary>
    public const int MostSamples = 240;

    private readonly Lock _gate = new();
    private readonly TimeProvider _clock;
    private readonly RunProgress _progress;
    private readonly Func<long> _memory;
    private readonly long _started;
    private readonly List<RunSample> _samples = [];
    private readonly ITimer _timer;
    private TimeSpan _interval = FirstInterval;

    /// <summary>Starts to sample.</summary>
    /// <param name="clock">Measures time and wakes the sampler.</param>
    /// <param name="progress">The run's counters.</param>
    /// <param name="memory">Bytes that the process holds now.</param>
    /// <param name="started">When the run started, by the clock's timestamps.</param>
    public RunSampler(TimeProvider clock, RunProgress progress, Func<long> memory, long started)
    {
        ArgumentNullException.ThrowIfNull(clock);
        (_clock, _progress, _memory, _started) = (clock, progress, memory, started);
        _timer = clock.CreateTimer(_ => Take(), null, TimeSpan.Zero, FirstInterval);
    }

    /// <summary>Time between samples until there are too many.</summary>
    public static TimeSpan FirstInterval { get; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Takes a last sample and returns all of them, in order.</summary>
    public IReadOnlyList<RunSample> Finish()
    {
        _timer.Dispose();
        Take();
        lock (_gate)
            return [.. _samples];
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Take()
    {
        lock (_gate)
        {
            if (_samples.Count == MostSamples)
            {
                for (var i = 0; i < MostSamples / 2; i++)
                    _samples[i] = _samples[2 * i];
                _samples.RemoveRange(MostSamples / 2, MostSamples / 2);
                _interval *= 2;
                _timer.Change(_interval, _interval);
            }

            _samples.Add(new RunSample(_clock.GetElapsedTime(_started), _progress.RowsScanned, _progress.BytesRead, _memory()));
        }
    }
}
