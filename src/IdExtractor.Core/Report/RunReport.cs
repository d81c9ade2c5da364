using IdExtractor.Core.Job;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Core.Report;

/// <summary>
/// Everything that is reported about one run, successful or not: the content of <c>--report</c>
/// (specification, section 7) and the source of the metrics (section 9).
/// <c>docs/use/report.md</c> describes every field. It holds counts, names, sizes and times,
/// never a document or an ID.
/// </summary>
public sealed record RunReport
{
    /// <summary>
    /// The version of what <see cref="RunReportWriter"/> writes. It changes when a field is removed
    /// or changes its meaning, not when one is added.
    /// </summary>
    public const string Schema = "idextractor.report/2";

    /// <summary>The command's name.</summary>
    public required string Command { get; init; }

    /// <summary>Names this run in logs, metadata and file names.</summary>
    public required string RunId { get; init; }

    /// <summary>Version of this program.</summary>
    public required string ToolVersion { get; init; }

    /// <summary>The scheduler's job, when there is one.</summary>
    public BatchJob? Batch { get; init; }

    /// <summary>Start, UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Wall time from the reading of the options to the end of the work.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>How it ended.</summary>
    public required RunOutcome Outcome { get; init; }

    /// <summary>What the process ends with.</summary>
    public required ExitCode ExitCode { get; init; }

    /// <summary>
    /// All options of the command with what they came to. None of them is a secret.
    /// </summary>
    public required IReadOnlyList<ReportSetting> Settings { get; init; }

    /// <summary>What was learnt on the way.</summary>
    public required RunFacts Facts { get; init; }

    /// <summary>Counters of the run.</summary>
    public required RunProgress Progress { get; init; }

    /// <summary>Most memory that the process has held, in bytes.</summary>
    public required long PeakMemoryBytes { get; init; }

    /// <summary>
    /// How the run went over time, at most <see cref="RunSampler.MostSamples"/>; empty when it was
    /// not sampled.
    /// </summary>
    public IReadOnlyList<RunSample> Samples { get; init; } = [];

    /// <summary>What there is to show; null after a failure.</summary>
    public RunResult? Result { get; init; }

    /// <summary>What went wrong; null when nothing did.</summary>
    public ReportError? Error { get; init; }

    /// <summary>
    /// By how much the IDs dropped against the active file, in percent; below zero when they grew.
    /// Null until both counts are known, and when there was nothing before.
    /// </summary>
    /// <remarks>Subtracted from 0, because a minus sign would make -0 of no change.</remarks>
    public double? DropPercent => 0 - IdChange.Percent(Count(RunCount.PreviousIds), Count(RunCount.DistinctIds));

    /// <summary>
    /// By how many the IDs grew against the active file, below zero when they dropped; null until
    /// both counts are known.
    /// </summary>
    public long? Change => Count(RunCount.DistinctIds) - Count(RunCount.PreviousIds);

    /// <summary>
    /// Values of A that made a key, duplicates included; null until A has been read.
    /// </summary>
    public long? KeysValid => Count(RunCount.KeyRows) - Count(RunCount.KeysRejected);

    /// <summary>
    /// Values of A that made a key that another value had made already; null until A has been read.
    /// </summary>
    public long? KeysDuplicate => KeysValid - Count(RunCount.Keys);

    /// <summary>A count; null when it never became known.</summary>
    public long? Count(RunCount count) => Facts.Counts.TryGetValue(count, out var value) ? value : null;
}

/// <summary>An option and what it came to.</summary>
/// <param name="Name">Its name without dashes.</param>
/// <param name="Value">Its text; null when it was not given and has no default.</param>
/// <param name="From"><c>command line</c>, <c>environment</c>, <c>config</c> or
/// <c>default</c>.</param>
public sealed record ReportSetting(string Name, string? Value, string From)
{
    /// <summary>
    /// The option as words for a shell, without what may be a secret; none for a default.
    /// </summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>Every command needs it to find the same active file below the root.</summary>
    public bool FindsActiveFile { get; init; }
}

/// <summary>A job of AWS Batch.</summary>
/// <param name="JobId">Its id.</param>
/// <param name="Attempt">Which attempt, from 1; null when unknown.</param>
public sealed record BatchJob(string JobId, int? Attempt);

/// <summary>What ended a run.</summary>
public sealed record ReportError
{
    /// <summary>
    /// What kind of error, in lower case with underscores: <c>corrupt_file</c>, <c>guard</c>,
    /// <c>bug</c>.
    /// </summary>
    public required string Kind { get; init; }

    /// <summary>What the process ends with.</summary>
    public required ExitCode ExitCode { get; init; }

    /// <summary>The problem as one sentence.</summary>
    public required string Message { get; init; }

    /// <summary>What to do about it; null when nothing is known to help.</summary>
    public string? Advice { get; init; }

    /// <summary>Where.</summary>
    public ErrorPlace Place { get; init; } = new();
}

/// <summary>What a run's observer has gathered.</summary>
public sealed record RunFacts
{
    /// <summary>The steps that began, in the order in which they did.</summary>
    public required IReadOnlyList<PhaseTime> Phases { get; init; }

    /// <summary>What was or would be read.</summary>
    public required IReadOnlyList<InputSummary> Inputs { get; init; }

    /// <summary>Counts that became known.</summary>
    public required IReadOnlyDictionary<RunCount, long> Counts { get; init; }

    /// <summary>Warnings, at most <see cref="RunRecorder.MostWarnings"/>.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>How many warnings there were.</summary>
    public required long WarningCount { get; init; }

    /// <summary>The limits of a run that publishes; null until they are known.</summary>
    public GuardLimits? Limits { get; init; }

    /// <summary>
    /// The command that publishes the stage file which a guard stopped; null when none did.
    /// </summary>
    public string? PromoteCommand { get; init; }

    /// <summary>
    /// The active file before this run; null when there was none, or none with metadata.
    /// </summary>
    public PreviousFile? Previous { get; init; }
}

/// <summary>A step and its time.</summary>
/// <param name="Phase">The step.</param>
/// <param name="Start">When it started, from the start of the run.</param>
/// <param name="Elapsed">Its time; up to the end of the run for one that did not finish.</param>
/// <param name="Finished">It came to its end.</param>
public sealed record PhaseTime(RunPhase Phase, TimeSpan Start, TimeSpan Elapsed, bool Finished);
