using IdExtractor.Core.Job;

namespace IdExtractor.Core.Pipeline;

/// <summary>Notifies the observer when steps begin and end.</summary>
internal sealed class StepClock(IRunObserver observer, TimeProvider clock)
{
    /// <summary>Runs one step.</summary>
    public async Task<T> RunAsync<T>(RunPhase phase, Func<Task<T>> step)
    {
        observer.PhaseStarted(phase);
        var started = clock.GetTimestamp();
        var result = await step().ConfigureAwait(false);
        observer.PhaseFinished(phase, clock.GetElapsedTime(started));
        return result;
    }

    /// <summary>Runs one step that gives nothing.</summary>
    public Task RunAsync(RunPhase phase, Func<Task> step) => RunAsync(phase, async () =>
    {
        await step().ConfigureAwait(false);
        return true;
    });
}
