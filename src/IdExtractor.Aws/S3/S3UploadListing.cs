using System.Runtime.CompilerServices;
using Amazon.S3.Model;
using IdExtractor.Aws.Requests;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Aws.S3;

/// <summary>
/// ListMultipartUploads, page by page: the uploads directly under a prefix that are neither
/// completed nor aborted.
/// </summary>
internal static class S3UploadListing
{
    /// <summary>Page limit, at 1000 uploads per page. No real output folder has more.</summary>
    private const int MostPages = 1000;

    /// <summary>The uploads.</summary>
    /// <exception cref="ConfigurationException">The listing does not end; from a
    /// <see cref="FalseReplyException"/>.</exception>
    public static async IAsyncEnumerable<MultipartUpload> ListAsync(
        S3Bucket bucket, string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? key = null, upload = null;
        for (var pages = 1; ; pages++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var page = await PageAsync(bucket, prefix, key, upload, cancellationToken).ConfigureAwait(false);

            // Checked again here, for endpoints that ignore the delimiter or the prefix.
            foreach (var found in page.MultipartUploads ?? [])
            {
                if (found.Key.StartsWith(prefix, StringComparison.Ordinal) && !found.Key.AsSpan(prefix.Length).Contains('/'))
                    yield return found;
            }

            if (page.IsTruncated is false)
                yield break;
            if (string.IsNullOrEmpty(page.NextKeyMarker)
                || (page.NextKeyMarker == key && page.NextUploadIdMarker == upload)
                || pages == MostPages)
                throw Repeats(bucket, prefix);
            (key, upload) = (page.NextKeyMarker, page.NextUploadIdMarker);
        }
    }

    private static ConfigurationException Repeats(S3Bucket bucket, string prefix) => new(
        "A listing of uploads repeats itself",
        ErrorPlace.Of(bucket.Describe(prefix)),
        "make the store, and any proxy in front of it, honour KeyMarker, or check --endpoint-url",
        new FalseReplyException("a listing of uploads that does not end"));

    private static Task<ListMultipartUploadsResponse> PageAsync(
        S3Bucket bucket, string prefix, string? key, string? upload, CancellationToken cancellationToken) =>
        bucket.RunAsync("ListMultipartUploads", "s3:ListBucketMultipartUploads", prefix, new S3Call<ListMultipartUploadsResponse>
        {
            Send = async (client, attempt) =>
            {
                var page = await client.ListMultipartUploadsAsync(
                    new ListMultipartUploadsRequest
                    {
                        BucketName = bucket.Name,
                        Prefix = prefix,
                        Delimiter = "/",
                        KeyMarker = key,
                        UploadIdMarker = upload,
                        ExpectedBucketOwner = bucket.Owner,
                        RequestPayer = bucket.Payer,
                    },
                    attempt.Token).ConfigureAwait(false);
                if (page.IsTruncated is null)
                    throw new FalseReplyException("a listing of uploads without IsTruncated");
                return (page.MultipartUploads ?? []).All(found => found is { Key.Length: > 0, UploadId.Length: > 0 })
                    ? page
                    : throw new FalseReplyException("a listing of uploads with an entry without Key or UploadId");
            },
        }, cancellationToken);
}
