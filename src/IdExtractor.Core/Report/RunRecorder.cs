using IdExtractor.Core.Job;

namespace IdExtractor.Core.Report;

/// <summary>Collects the events of a run, for the report and the metrics.</summary>
/// <param name="clock">Measures steps that do not finish.</param>
public sealed class RunRecorder(TimeProvider clock) : IRunObserver
{
    /// <summary>More warnings are counted but not kept.</summary>
    public const int MostWarnings = 1000;

    private readonly Lock _gate = new();
    private readonly List<PhaseClock> _phases = [];
    private readonly List<InputSummary> _inputs = [];
    private readonly long?[] _counts = new long?[RunCountNames.Total];
    private readonly List<string> _warnings = [];
    private long _warningCount;

    /// <summary>What has been recorded so far.</summary>
    public RunFacts Snapshot()
    {
        lock (_gate)
        {
            return new RunFacts
            {
                Phases = [.. _phases.Select(entry => new PhaseTime(entry.Phase, entry.Elapsed ?? clock.GetElapsedTime(entry.Started), entry.Elapsed is not null))],
                Inputs = [.. _inputs],
                Counts = Enum.GetValues<RunCount>().Where(count => _counts[(int)count] is not null).ToDictionary(count => count, count => _counts[(int)count]!.Value),
                Warnings = [.. _warnings],
                WarningCount = _warningCount,
            };
        }
    }

    /// <inheritdoc/>
    public void PhaseStarted(RunPhase phase)
    {
        lock (_gate)
        {
            if (!_phases.Exists(entry => entry.Phase == phase))
                _phases.Add(new PhaseClock(phase, clock.GetTimestamp()));
        }
    }

    /// <inheritdoc/>
    public void PhaseFinished(RunPhase phase, TimeSpan elapsed)
    {
        lock (_gate)
        {
            var entry = _phases.Find(entry => entry.Phase == phase);
            if (entry is null)
                _phases.Add(entry = new PhaseClock(phase, clock.GetTimestamp()));
            entry.Elapsed = (entry.Elapsed ?? TimeSpan.Zero) + elapsed;
        }
    }

    /// <inheritdoc/>
    public void InputPlanned(InputSummary input)
    {
        lock (_gate)
            _inputs.Add(input);
    }

    /// <inheritdoc/>
    public void Counted(RunCount count, long value)
    {
        lock (_gate)
            _counts[(int)count] = value;
    }

    /// <inheritdoc/>
    public void Warn(string message)
    {
        lock (_gate)
        {
            if (_warnings.Count < MostWarnings)
                _warnings.Add(message);
            _warningCount++;
        }
    }

    /// <inheritdoc/>
    public void Note(string name, params ReadOnlySpan<RunField> fields)
    {
    }

    private sealed class PhaseClock(RunPhase phase, long started)
    {
        public RunPhase Phase => phase;

        public long Started => started;

        public TimeSpan? Elapsed { get; set; }
    }
}
