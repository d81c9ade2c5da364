using System.Runtime.CompilerServices;
using Amazon.S3.Model;
using IdExtractor.Core.Storage;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Aws.S3;

/// <summary>
/// ListObjectsV2, page by page. Every page is checked against its request. A page that repeats an
/// earlier one is an error: a listing in a loop would never end.
/// </summary>
internal static class S3Listing
{
    /// <summary>
    /// Pages without a key that are believed in a row; deleted keys can leave some.
    /// </summary>
    private const int MostEmptyPages = 1000;

    /// <summary>The pages of a prefix, in order.</summary>
    /// <exception cref="ConfigurationException">The listing repeats itself.</exception>
    public static async IAsyncEnumerable<ListObjectsV2Response> PagesAsync(
        S3Bucket bucket, string prefix, string? delimiter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? token = null;
        var last = "";
        for (var empty = 0; ;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var page = await PageAsync(bucket, prefix, delimiter, token, bucket.Tuning.PageKeys, cancellationToken).ConfigureAwait(false);
            await bucket.Encoding.CheckAsync(page, cancellationToken).ConfigureAwait(false);
            var (first, end) = EndsOf(page);
            if (first is not null && last.Length > 0 && KeyOrder.Instance.Compare(first, last) <= 0)
                throw Repeats(bucket, prefix);
            last = end ?? last;
            yield return page;
            if (page.IsTruncated != true)
                yield break;
            empty = first is null ? empty + 1 : 0;
            if (page.NextContinuationToken == token || empty > MostEmptyPages)
                throw Repeats(bucket, prefix);
            token = page.NextContinuationToken;
        }
    }

    /// <summary>Whether there is any key under a prefix.</summary>
    public static async Task<bool> AnyAsync(S3Bucket bucket, string prefix, CancellationToken cancellationToken)
    {
        var page = await PageAsync(bucket, prefix, delimiter: null, token: null, keys: 1, cancellationToken).ConfigureAwait(false);
        return page.S3Objects is { Count: > 0 };
    }

    private static Task<ListObjectsV2Response> PageAsync(
        S3Bucket bucket, string prefix, string? delimiter, string? token, int? keys, CancellationToken cancellationToken) =>
        bucket.RunAsync("ListObjectsV2", "s3:ListBucket", prefix, new S3Call<ListObjectsV2Response>
        {
            Send = async (client, attempt) =>
            {
                var page = await client.ListObjectsV2Async(
                    new ListObjectsV2Request
                    {
                        BucketName = bucket.Name,
                        Prefix = prefix,
                        Delimiter = delimiter,
                        ContinuationToken = token,
                        MaxKeys = keys,
                        ExpectedBucketOwner = bucket.Owner,
                        RequestPayer = bucket.Payer,
                    },
                    attempt.Token).ConfigureAwait(false);
                new S3ListingPage(bucket, prefix, delimiter).Require(page);
                return page;
            },
        }, cancellationToken);

    // Keys and folders are two lists, each in order; both lie between the same ends.
    private static (string? First, string? Last) EndsOf(ListObjectsV2Response page)
    {
        var keys = page.S3Objects is { Count: > 0 } objects ? (objects[0].Key, objects[^1].Key) : ((string, string)?)null;
        var folders = page.CommonPrefixes is { Count: > 0 } prefixes ? (prefixes[0], prefixes[^1]) : ((string, string)?)null;
        return (keys, folders) switch
        {
            ({ } k, { } f) => (Lesser(k.Item1, f.Item1), Lesser(k.Item2, f.Item2) == k.Item2 ? f.Item2 : k.Item2),
            ({ } k, null) => k,
            (null, { } f) => f,
            _ => (null, null),
        };
    }

    private static string Lesser(string left, string right) => KeyOrder.Instance.Compare(left, right) <= 0 ? left : right;

    // Keys only grow within a listing, whatever is written meanwhile: another run would find the
    // same.
    private static ConfigurationException Repeats(S3Bucket bucket, string prefix) => new(
        "A listing repeats itself",
        new ErrorPlace { Object = bucket.Describe(prefix), Expected = "a page with later keys" },
        "make the store, and any proxy in front of it, honour ContinuationToken, or check --endpoint-url");
}
