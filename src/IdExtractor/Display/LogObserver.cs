using IdExtractor.Core.Job;

namespace IdExtractor.Display;

/// <summary>Writes the events of a run to the log.</summary>
internal sealed class LogObserver(RunLog log) : IRunObserver
{
    /// <inheritdoc/>
    public void PhaseStarted(RunPhase phase) => log.Write(LogLevel.Debug, "phase.started", null, new RunField("phase", phase.ToName()));

    /// <inheritdoc/>
    public void PhaseFinished(RunPhase phase, TimeSpan elapsed) => log.Write(
        LogLevel.Info, "phase.finished", null,
        new RunField("phase", phase.ToName()), new RunField("seconds", Math.Round(elapsed.TotalSeconds, 3)));

    /// <inheritdoc/>
    public void InputPlanned(InputSummary input)
    {
        if (!log.Takes(LogLevel.Info))
            return;
        log.Write(
            LogLevel.Info, "input.planned", null,
            new RunField("table", input.Table), new RunField("partition", input.SourcePartition ?? ""),
            new RunField("files", input.Files.Count),
            new RunField("bytes", input.Bytes), new RunField("rows", input.Rows ?? -1), new RunField("skipped", input.Skipped.Count));
        foreach (var item in input.Skipped)
            log.Write(LogLevel.Debug, "input.skipped", null, new RunField("name", item.Name), new RunField("reason", item.Reason));
    }

    /// <inheritdoc/>
    public void Counted(RunCount count, long value) =>
        log.Write(LogLevel.Info, "counted", null, new RunField("count", count.ToName()), new RunField("value", value));

    /// <inheritdoc/>
    public void LimitsKnown(GuardLimits limits)
    {
        // The settings are in the report; a log line would repeat them.
    }

    /// <inheritdoc/>
    public void PreviousFound(PreviousFile previous) => log.Write(
        LogLevel.Info, "promote.previous", null,
        new RunField("source_partition", previous.SourcePartition), new RunField("total_ids", previous.TotalIds));

    /// <inheritdoc/>
    public void Warn(string message) => log.Write(LogLevel.Warn, "warning", message);

    /// <inheritdoc/>
    public void Note(string name, params ReadOnlySpan<RunField> fields) => log.Write(LogLevel.Info, name, null, fields);
}
