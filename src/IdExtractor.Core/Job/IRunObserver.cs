namespace IdExtractor.Core.Job;

/// <summary>
/// Receives the events of a run, for displays, logs and the report. Members may be called from any
/// thread, return quickly and never throw. No event holds a document or an ID (specification,
/// section 8), only names of tables, files and columns, counts, sizes and times.
/// </summary>
public interface IRunObserver
{
    /// <summary>A step begins.</summary>
    void PhaseStarted(RunPhase phase);

    /// <summary>A step is over. A step that failed is not.</summary>
    /// <param name="phase">The step.</param>
    /// <param name="elapsed">Wall time, or for steps that overlap the time that was spent in this
    /// one.</param>
    void PhaseFinished(RunPhase phase, TimeSpan elapsed);

    /// <summary>It is known what will be read of a table.</summary>
    void InputPlanned(InputSummary input);

    /// <summary>A count is known; a later one replaces an earlier one.</summary>
    void Counted(RunCount count, long value);

    /// <summary>The limits of the run are known.</summary>
    void LimitsKnown(GuardLimits limits);

    /// <summary>
    /// The file that this run's is compared with is known; a later one replaces an earlier one.
    /// </summary>
    void PreviousFound(PreviousFile previous);

    /// <summary>Something that an operator should look at, though the run goes on.</summary>
    /// <param name="message">One sentence without a full stop.</param>
    void Warn(string message);

    /// <summary>Something that happened, for the log.</summary>
    /// <param name="name">What, in lower case with dots: <c>promote.current</c>.</param>
    /// <param name="fields">Its circumstances.</param>
    void Note(string name, params ReadOnlySpan<RunField> fields);
}

/// <summary>One circumstance of a <see cref="IRunObserver.Note"/>.</summary>
public readonly record struct RunField
{
    /// <summary>A field with a text value.</summary>
    public RunField(string name, string text) => (Name, Text) = (name, text);

    /// <summary>A field with a numeric value.</summary>
    public RunField(string name, double number) => (Name, Number) = (name, number);

    /// <summary>Its name in lower case with underscores.</summary>
    public string Name { get; }

    /// <summary>Its words; null when it is a number.</summary>
    public string? Text { get; }

    /// <summary>Its number, when <see cref="Text"/> is null.</summary>
    public double Number { get; }
}

/// <summary>Ignores all events. Also the base of observers that handle only some of them.</summary>
public class SilentObserver : IRunObserver
{
    /// <summary>Only for observers that listen to something.</summary>
    protected SilentObserver()
    {
    }

    /// <summary>One that listens to nothing.</summary>
    public static SilentObserver Instance { get; } = new();

    /// <inheritdoc/>
    public virtual void PhaseStarted(RunPhase phase)
    {
    }

    /// <inheritdoc/>
    public virtual void PhaseFinished(RunPhase phase, TimeSpan elapsed)
    {
    }

    /// <inheritdoc/>
    public virtual void InputPlanned(InputSummary input)
    {
    }

    /// <inheritdoc/>
    public virtual void Counted(RunCount count, long value)
    {
    }

    /// <inheritdoc/>
    public virtual void LimitsKnown(GuardLimits limits)
    {
    }

    /// <inheritdoc/>
    public virtual void PreviousFound(PreviousFile previous)
    {
    }

    /// <inheritdoc/>
    public virtual void Warn(string message)
    {
    }

    /// <inheritdoc/>
    public virtual void Note(string name, params ReadOnlySpan<RunField> fields)
    {
    }
}
