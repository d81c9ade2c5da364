using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using IdExtractor.Aws.Requests;
using IdExtractor.Core.Errors;
using IdExtractor.Core.Storage;

namespace IdExtractor.Aws.S3;

/// <summary>
/// Ranged reads of one version. A stream that is cut or falls silent is taken up again at the byte that it came to; every request says by If-Match which version it means, and every reply is
/// held against it, for endpoints that do not look at conditions.
/// </summary>
internal sealed class S3ObjectReader(S3Bucket bucket, string key, ObjectStamp stamp, long length) : IObjectReader
{
    public long Length => length;

    public ValueTask ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken) =>
        ReadAsync(offset, destination.IsEmpty ? [] : [destination], static _ => { }, cancellationToken);

    public async ValueTask ReadAsync(long offset, IReadOnlyList<Memory<byte>> buffers, Action<int> filled, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        var fill = new BufferFill(buffers, filled);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(fill.Length, length - offset, nameof(buffers));
        cancellationToken.ThrowIfCancellationRequested();
        if (fill.IsFull)
            return;

        var before = 0L;
        await bucket.RunAsync("GetObject", "s3:GetObject", key, new S3Call<bool>
        {
            Send = async (client, attempt) =>
            {
                before = fill.Position;
                using var reply = await SendAsync(client, offset + fill.Position, offset + fill.Length - 1, attempt).ConfigureAwait(false);
                attempt.Renew(bucket.Requests.SilenceTimeout);
                while (!fill.IsFull)
                {
                    var read = await reply.ResponseStream.ReadAsync(fill.Rest, attempt.Token).ConfigureAwait(false);
                    if (read == 0)
                        throw new EndOfStreamException("The reply ends early.");
                    fill.Advance(read);
                    attempt.Renew(bucket.Requests.SilenceTimeout);
                }

                return true;
            },
            Answer = failure => S3Bucket.IsChanged(failure) ? S3Head.Changed(bucket.Describe(key), stamp, failure) : null,
            HasProgressed = () => fill.Position > before,
        }, cancellationToken).ConfigureAwait(false);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<GetObjectResponse> SendAsync(AmazonS3Client client, long first, long last, Attempt attempt)
    {
        var reply = await client.GetObjectAsync(
            new GetObjectRequest
            {
                BucketName = bucket.Name,
                Key = key,
                ByteRange = new ByteRange(first, last),
                EtagToMatch = S3Head.ETagOf(stamp),
                ExpectedBucketOwner = bucket.Owner,
                RequestPayer = bucket.Payer,
            },
            attempt.Token).ConfigureAwait(false);
        try
        {
            if (S3Head.StampOf(reply.ETag) is { } found && found != stamp)
                throw S3Head.Changed(bucket.Describe(key), stamp, found);
            if (reply.HttpStatusCode != HttpStatusCode.PartialContent && !(first == 0 && last == length - 1))
            {
                throw new ConfigurationException(
                    "The endpoint sends whole objects where a range is asked for", ErrorPlace.Of(bucket.Describe(key)), "check --endpoint-url and what stands in between");
            }

            if (reply.ContentLength != last - first + 1)
                throw new IOException("The reply has another length than was asked for.");
            return reply;
        }
        catch
        {
            reply.Dispose();
            throw;
        }
    }
}
