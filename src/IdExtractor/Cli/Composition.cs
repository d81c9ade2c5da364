using IdExtractor.Core.Catalog;
using IdExtractor.Core.Errors;
using IdExtractor.Core.Pipeline;
using IdExtractor.Core.Report;
using IdExtractor.Core.Storage;
using IdExtractor.Core.Storage.Local;

namespace IdExtractor.Cli;

/// <summary>Where the engine is put together; the only file of the command line that knows which stores and catalogs there are.</summary>
internal static class Composition
{
    /// <summary>The engine of a run.</summary>
    public static IEngine CreateEngine(RunContext context)
    {
        var stores = new KnownStores();
        return new Engine(new ExtractionPipeline(new PipelineServices
        {
            Stores = stores,
            CatalogOf = reference => new HivePartitionCatalog(stores.OpenFolder(reference)),
            Clock = context.Clock,
            Progress = context.Progress,
            Observer = context.Observer,
            RunId = context.RunId,
            ToolVersion = context.ToolVersion,
        }));
    }

    /// <summary>The stores of this build: local ones.</summary>
    private sealed class KnownStores : IStoreProvider
    {
        private readonly LocalStoreProvider _local = new();

        public StoreLocation OpenFolder(string address) => Provider(address).OpenFolder(address);

        public IObjectStore OpenOutput(string address) => Provider(address).OpenOutput(address);

        public (IObjectStore Store, string Key) OpenObject(string address) => Provider(address).OpenObject(address);

        private LocalStoreProvider Provider(string address) => LocalStoreProvider.Knows(address)
            ? _local
            : throw new ConfigurationException("This build reads and writes local folders only", ErrorPlace.Of(address), "give a local path or a file:// address");
    }

    private sealed class Engine(ExtractionPipeline pipeline) : IEngine
    {
        public Task<RunResult> ExtractAsync(ExtractionSettings settings, CancellationToken cancellationToken) => pipeline.ExtractAsync(settings, cancellationToken);

        public Task<RunResult> PlanAsync(ExtractionSettings settings, CancellationToken cancellationToken) => pipeline.PlanAsync(settings, cancellationToken);

        public Task<RunResult> VerifyAsync(VerifySettings settings, CancellationToken cancellationToken) => pipeline.VerifyAsync(settings, cancellationToken);

        public Task<RunResult> PromoteAsync(PromoteSettings settings, CancellationToken cancellationToken) => pipeline.PromoteAsync(settings, cancellationToken);

        public Task<RunResult> PublishAsync(PublishSettings settings, CancellationToken cancellationToken) => pipeline.PublishAsync(settings, cancellationToken);
    }
}
