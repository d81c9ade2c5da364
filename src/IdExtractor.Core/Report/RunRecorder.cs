using IdExtractor.Core.Job;

namespace IdExtractor.Core.Report;

/// <summary>Collects the events of a run, for the report and the metrics.</summary>
/// <param name="clock">Measures when steps start, and steps that do not finish. The run starts when
/// this object is made.</param>
public sealed class RunRecorder(TimeProvider clock) : IRunObserver
{
    /// <summary>More warnings are counted but not kept.</summary>
    public const int MostWarnings = 1000;

    private readonly long _origin = clock.GetTimestamp();
    private readonly Lock _gate = new();
    private readonly List<PhaseClock> _phases = [];
    private readonly List<InputSummary> _inputs = [];
    private readonly long?[] _counts = new long?[RunCountNames.Total];
    private readonly List<string> _warnings = [];
    private long _warningCount;
    private GuardLimits? _limits;
    private PreviousFile? _previous;
    private string? _promote;

    /// <summary>What has been recorded so far.</summary>
    public RunFacts Snapshot()
    {
        lock (_gate)
        {
            return new RunFacts
            {
                Phases = [.. _phases.Select(entry => TimeOf(entry))],
                Inputs = [.. _inputs],
                Counts = Enum.GetValues<RunCount>()
                    .Where(count => _counts[(int)count] is not null)
                    .ToDictionary(count => count, count => _counts[(int)count]!.Value),
                Warnings = [.. _warnings],
                WarningCount = _warningCount,
                Limits = _limits,
                Previous = _previous,
                PromoteCommand = _promote,
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
    public void LimitsKnown(GuardLimits limits)
    {
        lock (_gate)
            _limits = limits;
    }

    /// <inheritdoc/>
    public void PreviousFound(PreviousFile previous)
    {
        lock (_gate)
            _previous = previous;
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
        if (name != RunEvents.StageKept)
            return;
        foreach (var field in fields)
        {
            if (field.Name == RunEvents.PromoteCommand)
            {
                lock (_gate)
                    _promote = field.Text;
            }
        }
    }

    private PhaseTime TimeOf(PhaseClock entry) => new(
        entry.Phase, clock.GetElapsedTime(_origin, entry.Started), entry.Elapsed ?? clock.GetElapsedTime(entry.Started),
        entry.Elapsed is not null);

    private sealed class PhaseClock(RunPhase phase, long started)
    {
        public RunPhase Phase => phase;

        public long Started => started;

        public TimeSpan? Elapsed { get; set; }
    }
}
