using IdExtractor.Aws.Connection;
using IdExtractor.Aws.Requests;
using IdExtractor.Aws.S3;
using IdExtractor.Core.Storage;

namespace IdExtractor.Cli;

/// <summary>The AWS part of the engine. Nothing of it is touched, and no AWS assembly loaded, until an address needs it.</summary>
internal sealed class AwsComposition
{
    private AwsComposition(AwsAccess access) => (Access, Stores) = (access, new S3StoreProvider(access, new S3Tuning()));

    /// <summary>Credentials, connections and repeats, which all AWS clients of the run share. It lives as long as the process.</summary>
    public AwsAccess Access { get; }

    /// <summary>Opens <c>s3://</c> addresses.</summary>
    public IStoreProvider Stores { get; }

    /// <summary>Puts it together.</summary>
    public static AwsComposition Of(RunContext context) =>
        new(new AwsAccess(AwsOptions.From(context.Options), context.Progress, new RequestTuning(), context.Clock));
}
