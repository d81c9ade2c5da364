using Amazon.S3;
using Amazon.S3.Model;
using IdExtractor.Aws.Requests;
using IdExtractor.Core.Storage;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Aws.S3;

/// <summary>HeadObject, and how what it says becomes an <see cref="ObjectInfo"/>.</summary>
internal static class S3Head
{
    private const string MetadataPrefix = "x-amz-meta-";

    private const int BadRequest = 400, Forbidden = 403, NotFound = 404, OutOfRange = 416;

    /// <summary>One object, with the whole key; null when there is none.</summary>
    public static async Task<ObjectInfo?> FindAsync(S3Bucket bucket, string key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var found = await bucket.RunAsync("HeadObject", "s3:GetObject", key, new S3Call<Found>
        {
            Send = (client, attempt) => SendAsync(bucket, key, client, attempt),
        }, cancellationToken).ConfigureAwait(false);
        return found.Object;
    }

    /// <summary>UTC; <see cref="DateTimeOffset.UnixEpoch"/> for none.</summary>
    public static DateTimeOffset TimeOf(DateTime? time) =>
        time is { } known ? new DateTimeOffset(known.ToUniversalTime()) : DateTimeOffset.UnixEpoch;

    /// <summary>The object is another one.</summary>
    public static ObjectChangedException Changed(string name, ObjectStamp? expected, ObjectStamp? actual) =>
        new("An object is no longer the one that was chosen", new ErrorPlace
        {
            Object = name,
            Expected = expected is { } wanted ? $"version {wanted}" : "no object",
            Actual = actual is { } found ? $"version {found}" : "no object",
        });

    /// <summary>The object has changed, as a failed condition shows.</summary>
    public static ObjectChangedException Changed(string name, ObjectStamp expected, AwsFailure failure) =>
        new("An object is no longer the one that was chosen", new ErrorPlace
        {
            Object = name,
            Expected = $"version {expected}",
            Actual = failure.Status == NotFound ? "no object" : "another version",
        });

    private static async Task<Found> SendAsync(S3Bucket bucket, string key, AmazonS3Client client, Attempt attempt)
    {
        try
        {
            var reply = await client.GetObjectMetadataAsync(
                new GetObjectMetadataRequest
                {
                    BucketName = bucket.Name,
                    Key = key,
                    ExpectedBucketOwner = bucket.Owner,
                    RequestPayer = bucket.Payer
                },
                attempt.Token).ConfigureAwait(false);
            var modified = TimeOf(reply.LastModified);
            var stamp = S3Version.StampOf(bucket.Describe(key), reply.ETag, modified, reply.ContentLength);
            return new Found(new ObjectInfo(key, reply.ContentLength, stamp, modified) { Metadata = MetadataOf(reply.Metadata) });
        }
        catch (AmazonS3Exception error) when ((int)error.StatusCode == NotFound)
        {
            return new Found(null);
        }
        catch (AmazonS3Exception error) when (
            (int)error.StatusCode is BadRequest or Forbidden && AwsFailure.Read(error) is { Code: "", Region: null })
        {
            await AskWhyAsync(bucket, key, client, attempt).ConfigureAwait(false);
            throw new FalseReplyException("a refusal of HEAD, though GET is answered");
        }
    }

    // A reply to HEAD has no body to explain a refusal; the reply to the same request by GET has
    // one. When GET is answered, the refusal may have been temporary. If it is not, a proxy or the
    // store refuses HEAD itself.
    private static async Task AskWhyAsync(S3Bucket bucket, string key, AmazonS3Client client, Attempt attempt)
    {
        try
        {
            using var reply = await client.GetObjectAsync(
                new GetObjectRequest
                {
                    BucketName = bucket.Name,
                    Key = key,
                    ByteRange = new ByteRange(0, 0),
                    ExpectedBucketOwner = bucket.Owner,
                    RequestPayer = bucket.Payer
                },
                attempt.Token).ConfigureAwait(false);
        }
        catch (AmazonS3Exception answer) when ((int)answer.StatusCode is NotFound or OutOfRange)
        {
            // There is no such object, or an empty one.
        }
    }

    private static Dictionary<string, string> MetadataOf(MetadataCollection metadata)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in metadata.Keys)
        {
            var shortName = name.StartsWith(MetadataPrefix, StringComparison.OrdinalIgnoreCase) ? name[MetadataPrefix.Length..] : name;
            map[shortName.ToLowerInvariant()] = MetadataText.Decode(metadata[name] ?? "");
        }

        return map;
    }

    private sealed record Found(ObjectInfo? Object);
}
