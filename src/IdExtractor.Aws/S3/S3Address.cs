using IdExtractor.Core.Storage;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Aws.S3;

/// <summary>
/// A bucket and what is in it, as <c>s3://bucket/prefix/</c>. In place of the bucket there may be
/// the ARN of an access point, which has slashes of its own.
/// </summary>
/// <param name="Bucket">Name, alias or ARN.</param>
/// <param name="Key">What follows the bucket; may be empty.</param>
internal readonly record struct S3Address(string Bucket, string Key)
{
    /// <summary>Reads an address.</summary>
    /// <exception cref="UsageException">It has another scheme, or no bucket.</exception>
    public static S3Address Parse(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (!AddressScheme.IsS3(address) || address.Length == AddressScheme.S3.Length || address[AddressScheme.S3.Length] == '/')
            throw new UsageException($"'{address}' is no address of S3", "write it as s3://bucket/prefix/");
        var rest = address[AddressScheme.S3.Length..];
        var end = EndOfBucket(rest);
        return new S3Address(rest[..end], end < rest.Length ? rest[(end + 1)..] : "");
    }

    /// <summary>The key as a prefix: empty, or ending with <c>/</c>.</summary>
    public string Prefix => Key.Length == 0 || Key.EndsWith('/') ? Key : Key + "/";

    // arn:partition:service:region:account:accesspoint/name, or, on Outposts,
    // :outpost/id/accesspoint/name; a colon may stand for each slash.
    private static int EndOfBucket(string rest)
    {
        var slashes = 0;
        if (rest.StartsWith("arn:", StringComparison.Ordinal) && rest.Split(':', 6) is [.., var resource])
            slashes = resource.StartsWith("outpost/", StringComparison.Ordinal) ? 3
                : resource.StartsWith("accesspoint/", StringComparison.Ordinal) ? 1
                : 0;
        for (var at = 0; at < rest.Length; at++)
        {
            if (rest[at] == '/' && slashes-- == 0)
                return at;
        }

        return rest.Length;
    }
}
