using IdExtractor.Cli.Commands;
using IdExtractor.Core.Catalog;
using IdExtractor.Core.Pipeline;
using IdExtractor.Core.Report;
using IdExtractor.Core.Storage;
using IdExtractor.Core.Storage.Local;
using IdExtractor.Foundation.Errors;
using IdExtractor.Host;

namespace IdExtractor.Cli;

/// <summary>
/// Where a run is put together; the only file of the command line that knows which stores and
/// catalogs there are.
/// </summary>
internal static class Composition
{
    /// <summary>Runs a command with the stores and catalogs of this build.</summary>
    public static Task<RunResult> RunAsync(BoundCommand command, RunContext context, CancellationToken cancellationToken) =>
        command.RunAsync(new Engine(ServicesOf(context)), cancellationToken);

    private static PipelineServices ServicesOf(RunContext context)
    {
        Collections.Postpone();
        var stores = new KnownStores(context);
        return new PipelineServices
        {
            Stores = stores,
            CatalogOf = stores.OpenTable,
            Clock = context.Clock,
            Progress = context.Progress,
            Observer = context.Observer,
            RunId = context.RunId,
            ToolVersion = context.ToolVersion,
            PromoteOptions = PromoteCommand.OptionsFor(context.Options),
            HistoryOptions = HistoryCommand.OptionsFor(context.Options),
        };
    }

    /// <summary>
    /// The stores of this build, local folders and S3, and the catalogs of tables in them.
    /// </summary>
    private sealed class KnownStores(RunContext context) : IStoreProvider
    {
        private readonly LocalStoreProvider _local = new();
        private readonly Lazy<AwsComposition> _aws = new(() => AwsComposition.Of(context));

        public StoreLocation OpenFolder(string address) => Provider(address).OpenFolder(address);

        public IObjectStore OpenOutput(string address) => Provider(address).OpenOutput(address);

        public (IObjectStore Store, string Key) OpenObject(string address) => Provider(address).OpenObject(address);

        public IPartitionCatalog OpenTable(string reference) => AddressScheme.IsGlue(reference)
            ? _aws.Value.OpenTable(reference)
            : new HivePartitionCatalog(OpenFolder(reference));

        private IStoreProvider Provider(string address) => address switch
        {
            _ when LocalStoreProvider.Knows(address) => _local,
            _ when AddressScheme.IsS3(address) => _aws.Value.Stores,
            _ => throw new ConfigurationException(
                "This build has no store for the address", ErrorPlace.Of(address),
                "give an s3:// address, a local path or a file:// address"),
        };
    }
}
