using Amazon.S3.Model;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Aws.S3;

/// <summary>
/// Finds out whether a store lists keys percent-encoded without saying so. <c>a%3D1</c> may be a
/// key of that name, or <c>a=1</c> in disguise, under which nothing is found later. The first such
/// entry of
/// a bucket is looked up both ways, which costs a request or two; buckets without percent signs
/// cost nothing.
/// </summary>
/// <param name="bucket">The bucket.</param>
internal sealed class KeyEncoding(S3Bucket bucket)
{
    private volatile bool _isKnown;

    /// <summary>Looks once at an entry that might be encoded.</summary>
    /// <exception cref="ConfigurationException">It is.</exception>
    public async Task CheckAsync(ListObjectsV2Response page, CancellationToken cancellationToken)
    {
        if (_isKnown || SuspectOf(page) is not { } listed)
            return;
        var decoded = Uri.UnescapeDataString(listed);
        if (!await S3Listing.AnyAsync(bucket, listed, cancellationToken).ConfigureAwait(false)
            && await S3Listing.AnyAsync(bucket, decoded, cancellationToken).ConfigureAwait(false))
            throw S3ListingPage.Encoded(bucket.Describe(listed));
        _isKnown = true;
    }

    private static string? SuspectOf(ListObjectsV2Response page)
    {
        foreach (var key in (page.S3Objects ?? []).Select(item => item.Key).Concat(page.CommonPrefixes ?? []))
        {
            if (key.Contains('%', StringComparison.Ordinal) && Uri.UnescapeDataString(key) != key)
                return key;
        }

        return null;
    }
}
