using IdExtractor.Aws.Requests;
using IdExtractor.Core.Storage;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Aws.S3;

/// <summary>
/// Finds out whether an object could be written, before hours of work: the bucket exists, its owner
/// is the expected one, its ETags can be used, and the right to write is there. An upload in parts
/// that is begun, gets one part and is aborted asks for the same right as every other write, and no
/// reader sees it. Its part shows the store's ETags even if the bucket is empty.
/// </summary>
internal sealed class S3WriteCheck(S3Bucket bucket, string key)
{
    private const string ContentType = "application/octet-stream";

    /// <summary>Looks, begins an upload, sends a part and aborts the upload.</summary>
    /// <param name="isPut">Small objects under this key are sent by PutObject: that is tried too,
    /// if it is certain that the store will refuse the bytes.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ConfigurationException">It could not be written.</exception>
    public async Task RunAsync(bool isPut, CancellationToken cancellationToken)
    {
        if (await S3Head.FindAsync(bucket, key, cancellationToken).ConfigureAwait(false) is { } found)
            S3Version.RequireETag(bucket.Describe(key), found.Stamp);
        if (await BeginAsync(cancellationToken).ConfigureAwait(false) is not { } upload)
            return;
        await using (upload.ConfigureAwait(false))
        {
            var probe = new S3WriteProbe(bucket, key);
            await probe.RequireETagAsync(upload, cancellationToken).ConfigureAwait(false);
            if (isPut && await probe.RefusesDamagedPartAsync(upload, cancellationToken).ConfigureAwait(false))
                await probe.PutDamagedAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    // Null for an endpoint without uploads in parts. It takes small files by PutObject, which
    // cannot be tried there without writing.
    private async Task<Multipart?> BeginAsync(CancellationToken cancellationToken)
    {
        try
        {
            var target = new S3Target(bucket, key, ContentType, ObjectInfo.EmptyMetadata);
            return await Multipart.BeginAsync(target, checksums: null, cancellationToken).ConfigureAwait(false);
        }
        catch (ConfigurationException error) when (error.InnerException is Amazon.S3.AmazonS3Exception service
            && AwsFailure.Read(service) is { Code: "NotImplemented" or "MethodNotAllowed" })
        {
            return null;
        }
    }
}
