using IdExtractor.Core.Catalog;
using IdExtractor.Core.Job;
using IdExtractor.Core.Pipeline;
using IdExtractor.Core.Report;
using IdExtractor.Core.Storage;
using IdExtractor.Core.Storage.Local;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Cli;

/// <summary>Where the engine is put together; the only file of the command line that knows which stores and catalogs there are.</summary>
internal static class Composition
{
    /// <summary>The engine of a run.</summary>
    public static IEngine CreateEngine(RunContext context)
    {
        var stores = new KnownStores(context);
        return new Engine(new ExtractionPipeline(new PipelineServices
        {
            Stores = stores,
            CatalogOf = stores.OpenTable,
            Clock = context.Clock,
            Progress = context.Progress,
            Observer = context.Observer,
            RunId = context.RunId,
            ToolVersion = context.ToolVersion,
        }));
    }

    /// <summary>The stores of this build, local folders and S3, and the catalogs of tables in them.</summary>
    private sealed class KnownStores(RunContext context) : IStoreProvider
    {
        private const string S3 = "s3://", Glue = "glue://";

        private readonly LocalStoreProvider _local = new();
        private readonly Lazy<AwsComposition> _aws = new(() => AwsComposition.Of(context));

        public StoreLocation OpenFolder(string address) => Provider(address).OpenFolder(address);

        public IObjectStore OpenOutput(string address) => Provider(address).OpenOutput(address);

        public (IObjectStore Store, string Key) OpenObject(string address) => Provider(address).OpenObject(address);

        public IPartitionCatalog OpenTable(string reference) => reference.StartsWith(Glue, StringComparison.Ordinal)
            ? _aws.Value.OpenTable(reference)
            : new HivePartitionCatalog(OpenFolder(reference));

        private IStoreProvider Provider(string address) => address switch
        {
            _ when LocalStoreProvider.Knows(address) => _local,
            _ when address.StartsWith(S3, StringComparison.Ordinal) => _aws.Value.Stores,
            _ => throw new ConfigurationException("This build has no store for the address", ErrorPlace.Of(address), "give an s3:// address, a local path or a file:// address"),
        };
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
