using System.Security.Cryptography;
using IdExtractor.Core.Catalog;
using IdExtractor.Core.Collect;
using IdExtractor.Core.Job;
using IdExtractor.Core.Keys;
using IdExtractor.Core.Plan;
using IdExtractor.Core.Report;
using IdExtractor.Core.Scan;
using IdExtractor.Core.Storage;
using IdExtractor.Foundation.Errors;
using IdExtractor.Foundation.Memory;
using IdExtractor.Parquet;

namespace IdExtractor.Core.Pipeline;

/// <summary>
/// The job: catalog, plan, read, scan, match, collect, stage, verify, promote, report
/// (specification, section 1), and the commands that are parts of it. Errors come as
/// <see cref="IdExtractorException"/>; whatever happens, the active file is the old or the new one,
/// whole.
/// </summary>
public sealed class ExtractionPipeline(PipelineServices services)
{
    /// <summary>Inputs whose versions are checked again concurrently.</summary>
    private const int Parallelism = 16;

    private readonly StepClock _steps = new(services.Observer, services.Clock);

    /// <summary>The whole job.</summary>
    public async Task<RunResult> ExtractAsync(ExtractionSettings settings, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var output = services.Stores.OpenOutput(settings.Output ?? throw new ArgumentException("No output is set.", nameof(settings)));
        var publication = new Publication(services, _steps, output, settings.Layout, settings.Threads);

        // The first digest loads the system's cryptography, which takes milliseconds. Do that while
        // the inputs are searched.
        _ = Task.Run(static () => SHA256.HashData([]), CancellationToken.None);
        await publication.EnsureWritableAsync(cancellationToken).ConfigureAwait(false);
        var input = await new InputPlanning(services, _steps).RunAsync(settings, cancellationToken).ConfigureAwait(false);
        publication.Order = input.PartitionsOfB.Order;
        OutputOverlap.Check(publication.Writes, input);
        if (settings.SkipIfCurrent
            && await publication.FindCurrentAsync(input.B.SourcePartition, input.Fingerprint, cancellationToken).ConfigureAwait(false) is { } current)
            return current;

        var keys = await _steps.RunAsync(RunPhase.Match, () => MakeKeysAsync(input.A, settings, cancellationToken)).ConfigureAwait(false);
        var memory = new MemoryShares(settings.MaxMemory);
        var threads = ThreadsFor(memory, settings.Threads);
        using var collector = NewCollector(memory.IdsBeside(keys.MemoryBytes), threads);
        await _steps.RunAsync(RunPhase.Scan, () => ScanAsync(input.B, keys, collector, settings with { Threads = threads }, cancellationToken)).ConfigureAwait(false);
        await _steps.RunAsync(RunPhase.Read, () => EnsureUnchangedAsync(input, cancellationToken)).ConfigureAwait(false);
        using var ids = await CollectAsync(collector).ConfigureAwait(false);
        return await publication.PublishAsync(ids, RequestOf(input.B.SourcePartition, input.Fingerprint), settings.Guards, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Finds and plans as <see cref="ExtractAsync"/> does, and says what that would read.</summary>
    public async Task<RunResult> PlanAsync(ExtractionSettings settings, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var input = await new InputPlanning(services, _steps).RunAsync(settings, cancellationToken).ConfigureAwait(false);
        var shape = new RequestShape(TableScan.RequestBytes);
        var a = input.A.Table is { } table ? PlanSummary.Of(table, shape) : null;
        var b = PlanSummary.Of(input.B, shape);
        var list = input.A.List is { } keys ? keys.Object.Size : 0;
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
                BytesToRead = list + (a?.RequestBytes ?? 0) + b.RequestBytes,
                Requests = (list > 0 ? 1 : 0) + (a?.Requests ?? 0) + b.Requests,
                Forecast = RequestForecaster.Of(input, shape),
                IsRemote = IsRemote(settings.TableA) || IsRemote(settings.TableB),
            },
        };
    }

    /// <summary>Checks an active or stage file against its metadata.</summary>
    public async Task<RunResult> VerifyAsync(VerifySettings settings, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var output = services.Stores.OpenFolder(settings.Output).Store;
        var publication = new Publication(services, _steps, output, new OutputSettings(), Environment.ProcessorCount);
        var verified = await publication.VerifyAsync(settings.Key, cancellationToken).ConfigureAwait(false);
        return new RunResult
        {
            Outcome = RunOutcome.Verified,
            File = Publication.Facts(
                verified.Object, verified.Metadata, settings.IsStage ? null : output.Describe(settings.Key), settings.IsStage ? output.Describe(settings.Key) : null),
        };
    }

    /// <summary>Verifies an existing stage file and makes it the active one.</summary>
    public async Task<RunResult> PromoteAsync(PromoteSettings settings, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var output = services.Stores.OpenFolder(settings.Output).Store;
        var publication = new Publication(services, _steps, output, new OutputSettings { ActiveKey = settings.ActiveKey }, Environment.ProcessorCount);
        var verified = await publication.VerifyAsync(settings.StageKey, cancellationToken).ConfigureAwait(false);
        services.Observer.Counted(RunCount.DistinctIds, verified.Metadata.TotalIds);
        return await publication.PromoteAsync(verified, settings.Guards, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Publishes ids that another engine found.</summary>
    public async Task<RunResult> PublishAsync(PublishSettings settings, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var publication = new Publication(services, _steps, services.Stores.OpenOutput(settings.Output), settings.Layout, settings.Threads);
        var memory = new MemoryShares(settings.MaxMemory);
        await publication.EnsureWritableAsync(cancellationToken).ConfigureAwait(false);
        var parts = await _steps.RunAsync(RunPhase.Plan, () => new PartsPlanner(ParquetLimits.Default, memory.FootersOfB)
            .PlanAsync(services.Stores, settings.From, settings.IdColumn, cancellationToken)).ConfigureAwait(false);
        services.Observer.InputPlanned(InputSummary.Of(parts));
        foreach (var warning in SkippedWarnings.Of(parts.Name, parts.Skipped))
            services.Observer.Warn(warning);
        var partition = SourcePartition.Format(settings.Partition?.Values ?? []);
        var fingerprint = InputFingerprint.Compute(settings, parts);
        if (settings.SkipIfCurrent && await publication.FindCurrentAsync(partition, fingerprint, cancellationToken).ConfigureAwait(false) is { } current)
            return current;

        using var collector = NewCollector(memory.IdsAndKeys, threads: 1);
        await _steps.RunAsync(RunPhase.Scan, () => PartsScan.RunAsync(parts, collector.CreateShard(), settings.OnNullId, services.Progress, new MemoryBudget(memory.Pages), cancellationToken)).ConfigureAwait(false);
        using var ids = await CollectAsync(collector).ConfigureAwait(false);
        return await publication.PublishAsync(ids, RequestOf(partition, fingerprint), settings.Guards, cancellationToken).ConfigureAwait(false);
    }

    private static bool IsRemote(string reference) =>
        reference.StartsWith("s3://", StringComparison.Ordinal) || reference.StartsWith("glue://", StringComparison.Ordinal);

    private async Task<KeySet> MakeKeysAsync(PlannedKeys source, ExtractionSettings settings, CancellationToken cancellationToken)
    {
        KeySetBuilder NewBuilder() => new(source.Table?.RowCount ?? 0, new MemoryShares(settings.MaxMemory).Keys);
        KeySetBuilder builder;
        KeyStatistics statistics;
        if (settings.Threads == 1)
        {
            builder = NewBuilder();
            statistics = await ReadKeysAsync(source, settings, builder, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            var building = Task.Run(NewBuilder, CancellationToken.None);
            var relay = new KeyRelay<KeySetBuilder>(building);
            await using (relay.ConfigureAwait(false))
            {
                statistics = await ReadKeysAsync(source, settings, relay, cancellationToken).ConfigureAwait(false);
                await relay.CompleteAsync().ConfigureAwait(false);
                builder = await building.ConfigureAwait(false);
            }
        }

        services.Observer.Counted(RunCount.KeyRows, statistics.Rows);
        Report(statistics.RejectedValues);
        services.Observer.Counted(RunCount.Keys, builder.Count);
        var name = source.Table?.Table ?? source.List!.Name;
        if (statistics.Warning(name) is { } warning)
            services.Observer.Warn(warning);
        statistics.EnsureUsable(name, settings.OnBadCpf, settings.MaxRejectedPercent);
        return builder.Build();
    }

    private void Report(RejectedValues rejected)
    {
        services.Observer.Counted(RunCount.KeysRejected, rejected.Total);
        services.Observer.Counted(RunCount.KeysRejectedEmpty, rejected.Empty);
        services.Observer.Counted(RunCount.KeysRejectedNotDigits, rejected.NotDigits);
        services.Observer.Counted(RunCount.KeysRejectedFloat, rejected.Float);
        services.Observer.Counted(RunCount.KeysRejectedPunctuation, rejected.Punctuation);
        services.Observer.Counted(RunCount.KeysRejectedTooLong, rejected.TooLong);
    }

    private async Task<KeyStatistics> ReadKeysAsync(PlannedKeys source, ExtractionSettings settings, IKeySink sink, CancellationToken cancellationToken)
    {
        var cleaner = new CpfCleaner(settings.Match, settings.KeyWidth);
        if (source.Table is { } table)
        {
            var intake = new KeyIntake(cleaner, sink);
            var pages = new MemoryBudget(new MemoryShares(settings.MaxMemory).Pages);
            await KeyTableReader.ReadAsync(table, intake, services.Progress, pages, cancellationToken).ConfigureAwait(false);
            return intake.Statistics;
        }

        var list = source.List!;
        var statistics = await KeyListReader.ReadAsync(list.Store, list.Object, settings.KeyColumnA, cleaner, sink, cancellationToken).ConfigureAwait(false);
        services.Progress.AddBytesRead(list.Object.Size);
        return statistics;
    }

    private Task ScanAsync(TablePlan table, KeySet keys, IdCollector collector, ExtractionSettings settings, CancellationToken cancellationToken) =>
        new TableScan(table, keys, collector, services.Progress, new ScanOptions(settings.OnNullId, settings.Threads) { PageMemory = new MemoryShares(settings.MaxMemory).Pages }).RunAsync(cancellationToken);

    private Task<ISortedIds> CollectAsync(IdCollector collector) => _steps.RunAsync(RunPhase.Collect, () =>
    {
        var ids = collector.Complete();
        services.Observer.Counted(RunCount.SpilledBytes, collector.SpilledBytes);
        return Task.FromResult(ids);
    });

    /// <summary>
    /// The last check of the inputs: every file is still the version that was read (specification,
    /// section 3).
    /// </summary>
    private static Task EnsureUnchangedAsync(PlannedInput input, CancellationToken cancellationToken)
    {
        var read = new List<(IObjectStore Store, ObjectInfo Object)>();
        foreach (var file in input.B.Files.Concat(input.A.Table?.Files ?? []))
            read.Add((file.Store, file.Object));
        if (input.A.List is { } list)
            read.Add((list.Store, list.Object));
        return ConcurrentWork.ForAsync(read.Count, Parallelism, (i, cancel) => read[i].Store.EnsureUnchangedAsync(read[i].Object, cancel), cancellationToken);
    }

    /// <summary>As many threads as were asked for, or as the memory for their buffers allows.</summary>
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
    };
}
