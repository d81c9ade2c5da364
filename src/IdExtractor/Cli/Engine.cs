using IdExtractor.Core.Catalog;
using IdExtractor.Core.History;
using IdExtractor.Core.Job;
using IdExtractor.Core.Pipeline;
using IdExtractor.Core.Report;
using IdExtractor.Core.Storage;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Cli;

/// <summary>
/// The engine as the commands use it: the pipeline, and what lists and removes stage files. Errors
/// come as <see cref="IdExtractorException"/>.
/// </summary>
internal sealed class Engine(PipelineServices services)
{
    private readonly ExtractionPipeline _pipeline = new(services);

    /// <summary>The whole job.</summary>
    public Task<RunResult> ExtractAsync(ExtractionSettings settings, CancellationToken cancellationToken) =>
        _pipeline.ExtractAsync(settings, cancellationToken);

    /// <summary>What the job would read.</summary>
    public Task<RunResult> PlanAsync(ExtractionSettings settings, CancellationToken cancellationToken) =>
        _pipeline.PlanAsync(settings, cancellationToken);

    /// <summary>Publishes IDs that another engine found.</summary>
    public Task<RunResult> PublishAsync(PublishSettings settings, CancellationToken cancellationToken) =>
        _pipeline.PublishAsync(settings, cancellationToken);

    /// <summary>Checks a file against its metadata.</summary>
    public async Task<RunResult> VerifyAsync(VerifySettings settings, CancellationToken cancellationToken)
    {
        if (settings.IsStage)
        {
            var key = await KeyOfAsync(settings.Output, settings.Key, settings.Layout, cancellationToken).ConfigureAwait(false);
            settings = settings with { Key = key };
        }

        return await _pipeline.VerifyAsync(settings, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes a stage file active.</summary>
    public async Task<RunResult> PromoteAsync(PromoteSettings settings, CancellationToken cancellationToken)
    {
        var key = await KeyOfAsync(settings.Output, settings.StageKey, settings.Layout, cancellationToken).ConfigureAwait(false);
        return await _pipeline.PromoteAsync(settings with { StageKey = key }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Lists stage files.</summary>
    public async Task<RunResult> HistoryAsync(HistorySettings settings, CancellationToken cancellationToken)
    {
        var inventory = new StageInventory(
            Folder(settings.Output), settings.Layout, SourcePartition.Order, services.PromoteOptions, services.Observer);
        return new RunResult
        {
            Outcome = RunOutcome.Listed,
            History = await inventory.ReadAsync(settings.Guards, cancellationToken).ConfigureAwait(false)
        };
    }

    /// <summary>Removes old stage files.</summary>
    public async Task<RunResult> PruneAsync(PruneSettings settings, CancellationToken cancellationToken)
    {
        var pruner = new StagePruner(Folder(settings.Output), settings, SourcePartition.Order, services.Clock, services.Observer);
        return new RunResult { Outcome = RunOutcome.Pruned, Pruned = await pruner.RunAsync(cancellationToken).ConfigureAwait(false) };
    }

    private Task<string> KeyOfAsync(string output, string stage, OutputSettings layout, CancellationToken cancellationToken) =>
        new StageChoice(Folder(output), layout, SourcePartition.Order, services.HistoryOptions, services.Observer)
            .ResolveAsync(stage, cancellationToken);

    private IObjectStore Folder(string output) => services.Stores.OpenFolder(output).Store;
}
