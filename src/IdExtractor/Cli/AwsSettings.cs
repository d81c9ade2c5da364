using IdExtractor.Cli.Options;
using IdExtractor.Core.Errors;

namespace IdExtractor.Cli;

/// <summary>What the AWS options come to (spec section 9). Null and false leave it to the SDK, the bucket or the account.</summary>
internal sealed record AwsSettings
{
    /// <summary>Region of S3 and the Data Catalog.</summary>
    public string? Region { get; init; }

    /// <summary>Another endpoint for all services.</summary>
    public string? EndpointUrl { get; init; }

    /// <summary>The bucket goes into the path, not into the host name.</summary>
    public bool PathStyle { get; init; }

    /// <summary>The caller pays for reads of requester-pays buckets.</summary>
    public bool RequestPayer { get; init; }

    /// <summary>Encryption of what is written.</summary>
    public ServerSideEncryption Encryption { get; init; }

    /// <summary>KMS key id, ARN or alias; only with the KMS encryptions.</summary>
    public string? KmsKeyId { get; init; }

    /// <summary>Account that must own every bucket, 12 digits.</summary>
    public string? ExpectedBucketOwner { get; init; }

    /// <summary>ARN of the role to assume.</summary>
    public string? AssumeRole { get; init; }

    /// <summary>Data Catalog of references that name none, 12 digits.</summary>
    public string? CatalogId { get; init; }

    /// <summary>Reads them from options.</summary>
    /// <exception cref="UsageException">A KMS key is given for an encryption without one.</exception>
    public static AwsSettings From(OptionValues values)
    {
        string? Text(OptionDefinition option) => values.Find(option) as string;
        var key = Text(OptionTable.KmsKeyId);
        var encryption = (ServerSideEncryption)values.Get(OptionTable.Sse, key is null ? ServerSideEncryption.BucketDefault : ServerSideEncryption.Kms);
        if (key is not null && encryption == ServerSideEncryption.Aes256)
        {
            throw new UsageException(
                $"{values.Describe(OptionTable.KmsKeyId)} contradicts {values.Describe(OptionTable.Sse)} AES256, which has no key of yours", "take --sse aws:kms");
        }

        return new AwsSettings
        {
            Region = Text(OptionTable.Region),
            EndpointUrl = Text(OptionTable.EndpointUrl),
            PathStyle = values.Flag(OptionTable.PathStyle),
            RequestPayer = values.Flag(OptionTable.RequestPayer),
            Encryption = encryption,
            KmsKeyId = key,
            ExpectedBucketOwner = Text(OptionTable.ExpectedBucketOwner),
            AssumeRole = Text(OptionTable.AssumeRole),
            CatalogId = Text(OptionTable.CatalogId),
        };
    }
}

/// <summary>Server-side encryption of what is written to S3.</summary>
internal enum ServerSideEncryption
{
    /// <summary>As the bucket is set.</summary>
    BucketDefault,

    /// <summary>SSE-S3.</summary>
    Aes256,

    /// <summary>SSE-KMS.</summary>
    Kms,

    /// <summary>DSSE-KMS.</summary>
    KmsDualLayer,
}
