using IdExtractor.Core.Job;

namespace IdExtractor.Core.Pipeline;

/// <summary>Notifies the observer when steps begin and end.</summary>
internal sealed class StepClock(IRunObserver observer, TimeProvider clock)
{
    private readonly List<(RunPhase Phase, TimeSpan Elapsed)> _finished = [];

    /// <summary>
    /// The steps that have ended, and how long they took. Steps run one after another.
    /// </summary>
    public IReadOnlyList<(RunPhase Phase, TimeSpan Elapsed)> Finished => [.. _finished];

    /// <summary>Runs one step.</summary>
    public async Task<T> RunAsync<T>(RunPhase phase, Func<Task<T>> step)
    {
        observer.PhaseStarted(phase);
        var started = clock.GetTimestamp();
        var result = await step().ConfigureAwait(false);
        var elapsed = clock.GetElapsedTime(started);
        _finished.Add((phase, elapsed));
        observer.PhaseFinished(phase, elapsed);
        return result;
    }

    /// <summary>Runs one step that gives nothing.</summary>
    public Task RunAsync(RunPhase phase, Func<Task> step) => RunAsync(phase, async () =>
    {
        await step().ConfigureAwait(false);
        return true;
    });
}
