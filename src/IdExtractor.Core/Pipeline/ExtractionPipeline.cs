using System.Security.Cryptography;
using IdExtractor.Core.Catalog;
using IdExtractor.Core.Collect;
using IdExtractor.Core.Job;
using IdExtractor.Core.Keys;
using IdExtractor.Core.Plan;
using IdExtractor.Core.Recheck;
using IdExtractor.Core.Report;
using IdExtractor.Core.Scan;
using IdExtractor.Core.Storage;
using IdExtractor.Core.Verify;
using IdExtractor.Foundation.Errors;
using IdExtractor.Foundation.Memory;
using IdExtractor.Parquet;

namespace IdExtractor.Core.Pipeline;

/// <summary>
/// The job as a list of its steps, in the order in which they run (<see cref="RunPhase"/>), and the
/// commands that are parts of it. Errors come as <see cref="IdExtractorException"/>; whatever
/// happens, the active file is the old or the new one, whole.
/// </summary>
/// <remarks>
/// The last step, report, has to follow a failure too. The program therefore runs it on what the
/// observer recorded and, after a success, on the <see cref="RunResult"/>.
/// </remarks>
public sealed class ExtractionPipeline(PipelineServices services)
{
    private readonly StepClock _steps = new(services.Observer, services.Clock);
    private readonly KeysStep _keys = new(services.Observer, services.Progress);

    /// <summary>The whole job.</summary>
    public async Task<RunResult> ExtractAsync(ExtractionSettings settings, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settings);
        services.Observer.LimitsKnown(GuardLimits.Of(settings));
        var output = services.Stores.OpenOutput(settings.Output ?? throw new ArgumentException("No output is set.", nameof(settings)));
        var publication = new Publication(services, output, settings.Layout, settings.Threads);

        // The first digest loads the system's cryptography, which takes milliseconds. Do that while
        // the inputs are searched.
        _ = Task.Run(static () => SHA256.HashData([]), CancellationToken.None);
        await publication.EnsureWritableAsync(cancellationToken).ConfigureAwait(false);

        var input = await FindAndPlanAsync(settings, cancellationToken).ConfigureAwait(false);
        publication.Order = input.PartitionsOfB.Order;
        OutputOverlap.Check(publication.Writes, input);
        if (settings.SkipIfCurrent
            && await publication.FindCurrentAsync(input.B.SourcePartition, input.Fingerprint, cancellationToken).ConfigureAwait(false)
                is { } current)
            return current;

        var keys = await _steps.RunAsync(RunPhase.Keys, () => _keys.RunAsync(input.A, settings, cancellationToken)).ConfigureAwait(false);
        var memory = new MemoryShares(settings.MaxMemory);
        var threads = ThreadsFor(memory, settings.Threads);
        using var collector = NewCollector(memory.IdsBeside(keys.MemoryBytes), threads);
        await _steps.RunAsync(
            RunPhase.Scan,
            () => ScanAsync(input.B, keys, collector, settings with { Threads = threads }, cancellationToken)).ConfigureAwait(false);
        await _steps.RunAsync(RunPhase.Recheck, () => RecheckStep.RunAsync(input, cancellationToken)).ConfigureAwait(false);
        using var ids = await _steps.RunAsync(RunPhase.Collect, () => CollectAsync(collector)).ConfigureAwait(false);
        var staged = await _steps.RunAsync(
            RunPhase.Stage,
            () => publication.StageAsync(
                ids, RequestOf(input.B.SourcePartition, input.Fingerprint), cancellationToken)).ConfigureAwait(false);
        var verified = await _steps.RunAsync(
            RunPhase.Verify, () => publication.VerifyAsync(staged, cancellationToken)).ConfigureAwait(false);
        var promotion = await _steps.RunAsync(
            RunPhase.Promote,
            () => publication.PromoteAsync(verified, settings.Guards, isOfThisRun: true, cancellationToken)).ConfigureAwait(false);
        return publication.Report(verified, promotion);
    }

    /// <summary>
    /// Finds and plans as <see cref="ExtractAsync"/> does, checks the output when there is one, and
    /// says what that would read.
    /// </summary>
    public async Task<RunResult> PlanAsync(ExtractionSettings settings, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var publication = settings.Output is { } root
            ? new Publication(services, services.Stores.OpenOutput(root), settings.Layout, settings.Threads)
            : null;
        if (publication is not null)
            await publication.EnsureWritableAsync(cancellationToken).ConfigureAwait(false);
        var input = await FindAndPlanAsync(settings, cancellationToken).ConfigureAwait(false);
        if (publication is not null)
            OutputOverlap.Check(publication.Writes, input);
        var a = input.A.Table is { } table ? PlanSummary.Of(table) : null;
        var b = PlanSummary.Of(input.B);
        var (keys, scan) = RequestForecaster.ReadsOf(input);
        return new RunResult
        {
            Outcome = RunOutcome.Planned,
            Plan = new PlannedWork
            {
                Inputs =
                [
                    InputPlanning.SummaryOf(input.A) with { Columns = a?.Columns() ?? [] },
                    InputSummary.Of(TableRole.B, input.B) with { Columns = b.Columns() },
                ],
                BytesToRead = keys.Bytes + scan.Bytes,
                Requests = keys.Requests + scan.Requests,
                Forecast = RequestForecaster.Of(input),
                IsRemote = IsRemote(settings.TableA) || IsRemote(settings.TableB),
            },
        };
    }

    /// <summary>Checks an active or stage file against its metadata.</summary>
    public async Task<RunResult> VerifyAsync(VerifySettings settings, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var output = services.Stores.OpenFolder(settings.Output).Store;
        var publication = new Publication(services, output, settings.Layout, Environment.ProcessorCount);
        var verified = await _steps.RunAsync(
            RunPhase.Verify, () => publication.VerifyAsync(settings.Key, cancellationToken)).ConfigureAwait(false);
        return new RunResult
        {
            Outcome = RunOutcome.Verified,
            Checks = VerifyStep.ChecksOf(verified.Metadata),
            File = Publication.Facts(
                verified.Object, verified.Metadata, settings.IsStage ? null : output.Describe(settings.Key),
                settings.IsStage ? output.Describe(settings.Key) : null),
        };
    }

    /// <summary>Verifies an existing stage file and makes it the active one.</summary>
    public async Task<RunResult> PromoteAsync(PromoteSettings settings, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settings);
        services.Observer.LimitsKnown(new GuardLimits(settings.Guards));
        var output = services.Stores.OpenFolder(settings.Output).Store;
        var publication = new Publication(services, output, settings.Layout, Environment.ProcessorCount);
        var verified = await _steps.RunAsync(
            RunPhase.Verify, () => publication.VerifyAsync(settings.StageKey, cancellationToken)).ConfigureAwait(false);
        services.Observer.Counted(RunCount.DistinctIds, verified.Metadata.TotalIds);
        var promotion = await _steps.RunAsync(
            RunPhase.Promote,
            () => publication.PromoteAsync(verified, settings.Guards, isOfThisRun: false, cancellationToken)).ConfigureAwait(false);
        return publication.Report(verified, promotion);
    }

    /// <summary>Publishes ids that another engine found.</summary>
    public async Task<RunResult> PublishAsync(PublishSettings settings, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settings);
        services.Observer.LimitsKnown(new GuardLimits(settings.Guards));
        var publication = new Publication(services, services.Stores.OpenOutput(settings.Output), settings.Layout, settings.Threads);
        var memory = new MemoryShares(settings.MaxMemory);
        await publication.EnsureWritableAsync(cancellationToken).ConfigureAwait(false);
        var parts = await _steps.RunAsync(RunPhase.Plan, () => new PartsPlanner(ParquetLimits.Default, memory.FootersOfB)
            .PlanAsync(services.Stores, settings.From, settings.IdColumn, cancellationToken)).ConfigureAwait(false);
        services.Observer.InputPlanned(InputSummary.Of(parts));
        foreach (var warning in SkippedWarnings.Of(parts.Name, parts.Skipped))
            services.Observer.Warn(warning);
        var partition = SourcePartition.Format(settings.Partition?.Values ?? []);
        var fingerprint = InputFingerprint.Compute(settings, parts);
        if (settings.SkipIfCurrent
            && await publication.FindCurrentAsync(partition, fingerprint, cancellationToken).ConfigureAwait(false) is { } current)
            return current;

        using var collector = NewCollector(memory.IdsAndKeys, threads: 1);
        await _steps.RunAsync(RunPhase.Scan, () => PartsScan.RunAsync(
            parts, collector.CreateShard(), settings.OnNullId, services.Progress, new MemoryBudget(memory.Pages),
            cancellationToken)).ConfigureAwait(false);
        using var ids = await _steps.RunAsync(RunPhase.Collect, () => CollectAsync(collector)).ConfigureAwait(false);
        var staged = await _steps.RunAsync(
            RunPhase.Stage, () => publication.StageAsync(ids, RequestOf(partition, fingerprint), cancellationToken)).ConfigureAwait(false);
        var verified = await _steps.RunAsync(
            RunPhase.Verify, () => publication.VerifyAsync(staged, cancellationToken)).ConfigureAwait(false);
        var promotion = await _steps.RunAsync(
            RunPhase.Promote,
            () => publication.PromoteAsync(verified, settings.Guards, isOfThisRun: true, cancellationToken)).ConfigureAwait(false);
        return publication.Report(verified, promotion);
    }

    private async Task<PlannedInput> FindAndPlanAsync(ExtractionSettings settings, CancellationToken cancellationToken)
    {
        var planning = new InputPlanning(services);
        var found = await _steps.RunAsync(RunPhase.Catalog, () => planning.FindAsync(settings, cancellationToken)).ConfigureAwait(false);
        return await _steps.RunAsync(RunPhase.Plan, () => planning.PlanAsync(found, settings, cancellationToken)).ConfigureAwait(false);
    }

    private static bool IsRemote(string reference) => AddressScheme.IsS3(reference) || AddressScheme.IsGlue(reference);

    private Task ScanAsync(
        TablePlan table, KeySet keys, IdCollector collector, ExtractionSettings settings, CancellationToken cancellationToken)
    {
        var options = new ScanOptions(settings.OnNullId, settings.Threads) { PageMemory = new MemoryShares(settings.MaxMemory).Pages };
        return new TableScan(table, keys, collector, services.Progress, options).RunAsync(cancellationToken);
    }

    private Task<ISortedIds> CollectAsync(IdCollector collector)
    {
        var ids = collector.Complete();
        services.Observer.Counted(RunCount.SpilledBytes, collector.SpilledBytes);
        return Task.FromResult(ids);
    }

    /// <summary>
    /// As many threads as were asked for, or as the memory for their buffers allows.
    /// </summary>
    private int ThreadsFor(MemoryShares memory, int wanted)
    {
        var threads = ScanMemory.ThreadsFor(memory.Pages, wanted);
        if (threads < wanted)
            services.Observer.Warn($"--max-memory has room for the buffers of {threads} of {wanted} scanning threads");
        return threads;
    }

    private IdCollector NewCollector(long bytes, int threads) => new(new IdCollectorOptions
    {
        MemoryBudget = Math.Max(bytes, threads * IdCollectorOptions.MinBytesPerShard),
        Shards = threads,
        TempRoot = services.TempRoot,
    });

    private StageRequest RequestOf(string sourcePartition, string fingerprint) => new()
    {
        SourcePartition = sourcePartition,
        RunId = services.RunId,
        ToolVersion = services.ToolVersion,
        InputFingerprint = fingerprint,
        Phases = _steps.Finished,
    };
}
