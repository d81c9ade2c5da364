using IdExtractor.Aws.Connection;
using IdExtractor.Aws.Glue;
using IdExtractor.Aws.Requests;
using IdExtractor.Aws.S3;
using IdExtractor.Core.Catalog;
using IdExtractor.Core.Storage;

namespace IdExtractor.Cli;

/// <summary>
/// The AWS part of the engine. Nothing of it is touched, and no AWS assembly loaded, until an
/// address needs it.
/// </summary>
internal sealed class AwsComposition
{
    private readonly GlueCatalogs _catalogs;

    private AwsComposition(AwsAccess access, IStoreProvider stores, GlueCatalogs catalogs) =>
        (Access, Stores, _catalogs) = (access, stores, catalogs);

    /// <summary>
    /// Credentials, connections and repeats, which all AWS clients of the run share. It lives as
    /// long as the process.
    /// </summary>
    public AwsAccess Access { get; }

    /// <summary>Opens <c>s3://</c> addresses.</summary>
    public IStoreProvider Stores { get; }

    /// <summary>The table of a <c>glue://</c> reference.</summary>
    public IPartitionCatalog OpenTable(string reference) => _catalogs.Open(reference);

    /// <summary>Puts it together.</summary>
    public static AwsComposition Of(RunContext context)
    {
        var access = new AwsAccess(
            AwsOptions.From(context.Options), context.Progress, new RequestTuning(), context.Clock, observer: context.Observer);
        var stores = new S3StoreProvider(access, S3Sizes.Read(Environment.GetEnvironmentVariable(S3Sizes.Variable)));
        return new AwsComposition(access, stores, new GlueCatalogs(access, stores, context.Clock));
    }
}
