using IdExtractor.Aws.Requests;
using IdExtractor.Core.Storage;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Aws.S3;

/// <summary>
/// Finds out whether an object could be written, before hours of work: the bucket exists, its owner
/// is the expected one, its ETags can be used, and the right to write is there. An upload in parts
/// that is
/// begun and aborted asks for the same right as every other write, and no reader sees it.
/// </summary>
internal sealed class S3WriteCheck(S3Bucket bucket, string key)
{
    private const string ContentType = "application/octet-stream";

    /// <summary>Looks, begins an upload and aborts it.</summary>
    /// <exception cref="ConfigurationException">It could not be written.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (await S3Head.FindAsync(bucket, key, cancellationToken).ConfigureAwait(false) is { } found)
            S3Version.RequireETag(bucket.Describe(key), found.Stamp);
        try
        {
            var target = new S3Target(bucket, key, ContentType, ObjectInfo.EmptyMetadata);
            var upload = await Multipart.BeginAsync(target, checksums: null, cancellationToken).ConfigureAwait(false);
            await upload.DisposeAsync().ConfigureAwait(false);
        }
        catch (ConfigurationException error) when (error.InnerException is Amazon.S3.AmazonS3Exception service
            && AwsFailure.Read(service) is { Code: "NotImplemented" or "MethodNotAllowed" })
        {
            // An endpoint without uploads in parts takes small files by PutObject, which cannot be
            // tried without writing.
        }
    }
}
