using IdExtractor.Core.Job;

namespace IdExtractor.Display;

/// <summary>Passes each event to several observers, in order.</summary>
internal sealed class ObserverChain(params IRunObserver[] observers) : IRunObserver
{
    /// <inheritdoc/>
    public void PhaseStarted(RunPhase phase) => Array.ForEach(observers, observer => observer.PhaseStarted(phase));

    /// <inheritdoc/>
    public void PhaseFinished(RunPhase phase, TimeSpan elapsed) =>
        Array.ForEach(observers, observer => observer.PhaseFinished(phase, elapsed));

    /// <inheritdoc/>
    public void InputPlanned(InputSummary input) => Array.ForEach(observers, observer => observer.InputPlanned(input));

    /// <inheritdoc/>
    public void Counted(RunCount count, long value) => Array.ForEach(observers, observer => observer.Counted(count, value));

    /// <inheritdoc/>
    public void LimitsKnown(GuardLimits limits) => Array.ForEach(observers, observer => observer.LimitsKnown(limits));

    /// <inheritdoc/>
    public void PreviousFound(PreviousFile previous) => Array.ForEach(observers, observer => observer.PreviousFound(previous));

    /// <inheritdoc/>
    public void Warn(string message) => Array.ForEach(observers, observer => observer.Warn(message));

    /// <inheritdoc/>
    public void Note(string name, params ReadOnlySpan<RunField> fields)
    {
        foreach (var observer in observers)
            observer.Note(name, fields);
    }
}
