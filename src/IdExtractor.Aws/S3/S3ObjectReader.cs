using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using IdExtractor.Aws.Requests;
using IdExtractor.Core.Storage;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Aws.S3;

/// <summary>
/// Ranged reads of one version. A stream that is cut or falls silent is resumed at the byte where
/// it stopped. Every request names the version it wants by If-Match, and every reply is checked:
/// its version, for endpoints that ignore conditions, and its range, for those that send another
/// one.
/// </summary>
internal sealed class S3ObjectReader(S3Bucket bucket, string key, ObjectInfo version) : IObjectReader
{
    private const int PreconditionFailed = 412;

    private readonly string _name = bucket.Describe(key);

    public long Length => version.Size;

    public ValueTask ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken) =>
        ReadAsync(offset, destination.IsEmpty ? [] : [destination], static _ => { }, cancellationToken);

    public async ValueTask ReadAsync(
        long offset, IReadOnlyList<Memory<byte>> buffers, Action<int> filled, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        var fill = new BufferFill(buffers, filled);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(fill.Length, Length - offset, nameof(buffers));
        cancellationToken.ThrowIfCancellationRequested();
        if (fill.IsFull)
            return;

        var before = 0L;
        var wasRefused = false;
        try
        {
            await bucket.RunAsync("GetObject", "s3:GetObject", key, new S3Call<bool>
            {
                Send = async (client, attempt) =>
                {
                    before = fill.Position;
                    using var reply = await SendAsync(
                        client, offset + fill.Position, offset + fill.Length - 1, attempt).ConfigureAwait(false);
                    await FillAsync(reply, fill, attempt).ConfigureAwait(false);
                    return true;
                },
                Answer = failure =>
                {
                    wasRefused = failure.Status == PreconditionFailed;
                    return S3Bucket.IsChanged(failure) ? S3Head.Changed(_name, version.Stamp, failure) : null;
                },

                // A reply that was aborted as too slow may have brought some bytes; counting these
                // as progress would retry forever.
                HasProgressed = failure => fill.Position - before >= (failure.IsSlow ? bucket.Requests.QuotaBytes : 1),
            }, cancellationToken).ConfigureAwait(false);
        }
        catch (ObjectChangedException) when (wasRefused)
        {
            await RequireOtherVersionAsync(cancellationToken).ConfigureAwait(false);
            throw;
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task FillAsync(GetObjectResponse reply, BufferFill fill, Attempt attempt)
    {
        attempt.Watch(bucket.Requests.SilenceTimeout, bucket.Requests.QuotaBytes);
        while (!fill.IsFull)
        {
            var read = await reply.ResponseStream.ReadAsync(fill.Rest, attempt.Token).ConfigureAwait(false);
            if (read == 0)
                throw new EndOfStreamException("The reply ends early.");
            fill.Advance(read);
            attempt.Advance(read);
        }
    }

    private async Task<GetObjectResponse> SendAsync(AmazonS3Client client, long first, long last, Attempt attempt)
    {
        var reply = await client.GetObjectAsync(
            new GetObjectRequest
            {
                BucketName = bucket.Name,
                Key = key,
                ByteRange = new ByteRange(first, last),
                EtagToMatch = S3Version.IsETag(version.Stamp) ? S3Version.Condition(version.Stamp) : null,
                ExpectedBucketOwner = bucket.Owner,
                RequestPayer = bucket.Payer,
            },
            attempt.Token).ConfigureAwait(false);
        try
        {
            Check(reply, new S3Range(first, last, Length));
            return reply;
        }
        catch
        {
            reply.Dispose();
            throw;
        }
    }

    private void Check(GetObjectResponse reply, S3Range asked)
    {
        var isPart = reply.HttpStatusCode == HttpStatusCode.PartialContent;
        var size = isPart && S3Range.Parse(reply.ContentRange) is { Total: >= 0 } sent ? sent.Total : Length;
        var modified = S3Head.TimeOf(reply.LastModified);
        var found = new ObjectInfo(version.Key, size, S3Version.StampOf(_name, reply.ETag, modified, size), modified);
        if (!S3Version.IsSame(_name, version, found))
            throw S3Head.Changed(_name, version.Stamp, found.Stamp);
        if (isPart)
        {
            asked.Require(reply.ContentRange, reply.ContentLength);
            return;
        }

        if (asked.Length != Length)
            throw new ConfigurationException(
                "The endpoint sends whole objects where a range is asked for", ErrorPlace.Of(_name),
                "check --endpoint-url and what stands in between");
        asked.RequireLength(reply.ContentLength);
    }

    // A store that refuses the version that it shows would refuse it in every later run as well.
    private async Task RequireOtherVersionAsync(CancellationToken cancellationToken)
    {
        if (await S3Head.FindAsync(bucket, key, cancellationToken).ConfigureAwait(false) is { } found
            && S3Version.IsSame(_name, version, found))
        {
            throw new ConfigurationException(
                "The store refuses If-Match with the ETag that it lists",
                new ErrorPlace { Object = _name, Expected = $"version {version.Stamp}", Actual = $"version {found.Stamp}" },
                "make the store, and any proxy in front of it, return the same strong ETag in listings and in replies");
        }
    }
}
