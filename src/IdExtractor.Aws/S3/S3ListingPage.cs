using Amazon.S3.Model;
using IdExtractor.Aws.Requests;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Aws.S3;

/// <summary>
/// Checks a page of a listing against its request. What a page does not show is lost without a
/// trace, so that a page which is not certainly an answer is an error: one without its end mark (an
/// empty
/// document, the HTML of a proxy), one with fewer entries than it counts, one about another prefix.
/// </summary>
/// <param name="bucket">Where it was asked for.</param>
/// <param name="prefix">The keys that were asked for.</param>
/// <param name="delimiter">Null for keys at any depth.</param>
internal readonly struct S3ListingPage(S3Bucket bucket, string prefix, string? delimiter)
{
    /// <summary>Requires that a page answers the request.</summary>
    /// <exception cref="FalseReplyException">It does not.</exception>
    /// <exception cref="ConfigurationException">Its keys are percent-encoded.</exception>
    public void Require(ListObjectsV2Response page)
    {
        if (page.IsTruncated is not { } isTruncated)
            throw new FalseReplyException("a listing without IsTruncated");
        if (isTruncated && string.IsNullOrEmpty(page.NextContinuationToken))
            throw new FalseReplyException("a listing that goes on without NextContinuationToken");
        var entries = (page.S3Objects?.Count ?? 0) + (page.CommonPrefixes?.Count ?? 0);
        if (page.KeyCount is { } count && count > entries)
            throw new FalseReplyException($"a listing of {count} entries that has {entries}");
        foreach (var item in page.S3Objects ?? [])
            RequireObject(item);
        foreach (var folder in page.CommonPrefixes ?? [])
        {
            RequirePrefix(folder);
            if (delimiter is null || !folder.EndsWith(delimiter, StringComparison.Ordinal) || folder.Length == prefix.Length)
                throw new FalseReplyException("a listing with a folder that was not asked for");
        }
    }

    private void RequireObject(S3Object item)
    {
        RequirePrefix(item.Key);
        if (item.Size is not { } size)
            throw new FalseReplyException("a listing with an object without Size");
        if (size < 0)
            throw new FalseReplyException("a listing with a negative Size");
        if (delimiter is not null && item.Key.AsSpan(prefix.Length).Contains(delimiter, StringComparison.Ordinal))
            throw new FalseReplyException("a listing of all depths where one was asked for");
    }

    private void RequirePrefix(string? key)
    {
        if (string.IsNullOrEmpty(key))
            throw new FalseReplyException("a listing with an entry without Key");
        if (key.StartsWith(prefix, StringComparison.Ordinal))
            return;
        throw Uri.UnescapeDataString(key).StartsWith(prefix, StringComparison.Ordinal) ? Encoded(bucket.Describe(prefix))
            : new FalseReplyException("a listing with keys of another prefix");
    }

    /// <summary>Keys are listed in a form in which they are not found.</summary>
    public static ConfigurationException Encoded(string name) => new(
        "The store lists keys percent-encoded, and its listing does not say so",
            new ErrorPlace { Object = name, Expected = "keys as they are, or EncodingType url" },
        "make the store, and any proxy in front of it, list keys as they are");
}
