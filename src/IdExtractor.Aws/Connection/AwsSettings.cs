namespace IdExtractor.Aws.Connection;

/// <summary>
/// How AWS is reached (specification, section 9). Null and false leave it to the SDK's chain, the
/// bucket or the account.
/// </summary>
public sealed record AwsSettings
{
    /// <summary>Region of S3 and the Data Catalog.</summary>
    public string? Region { get; init; }

    /// <summary>Another endpoint for all services.</summary>
    public string? EndpointUrl { get; init; }

    /// <summary>The bucket is part of the path, not of the host name.</summary>
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
}

/// <summary>Server-side encryption of what is written to S3.</summary>
public enum ServerSideEncryption
{
    /// <summary>Whatever the bucket's own setting is.</summary>
    BucketDefault,

    /// <summary>SSE-S3.</summary>
    Aes256,

    /// <summary>SSE-KMS.</summary>
    Kms,

    /// <summary>DSSE-KMS.</summary>
    KmsDualLayer,
}
