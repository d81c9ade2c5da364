using Amazon.S3;
using Amazon.S3.Model;
using IdExtractor.Aws.Requests;
using IdExtractor.Core.Storage;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Aws.S3;

/// <summary>
/// A multipart upload from its start to its completion. Disposing it before it completes aborts it,
/// also after a cancel. A cancel does not interrupt the start, because then the upload to abort
/// would be unknown.
/// </summary>
internal sealed class Multipart : IAsyncDisposable
{
    private const int NotFound = 404;

    /// <summary>
    /// The time left to begin or abort an upload once the run is being cancelled.
    /// </summary>
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(8);

    private readonly S3Target _target;
    private readonly CancellationTokenSource _limit;
    private bool _isDone;

    private Multipart(S3Target target, string id, bool hasChecksums, CancellationTokenSource limit) =>
        (_target, Id, HasChecksums, _limit) = (target, id, hasChecksums, limit);

    /// <summary>The service's name of the upload.</summary>
    public string Id { get; }

    /// <summary>
    /// The endpoint knows the checksums that it was asked for; where it does not, the verify step's
    /// read back has to do.
    /// </summary>
    public bool HasChecksums { get; }

    /// <summary>Begins an upload.</summary>
    public static async Task<Multipart> BeginAsync(S3Target target, ChecksumAlgorithm? checksums, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var late = new CancellationTokenSource();
        using var registration = cancellationToken.UnsafeRegister(
            static source => ((CancellationTokenSource)source!).CancelAfter(s_grace), late);
        var bucket = target.Bucket;

        // From before the begin, so that the service's time of it is not earlier.
        var limit = new CancellationTokenSource(bucket.Tuning.LongestUpload, bucket.Clock);
        try
        {
            var reply = await bucket.RunAsync(
                "CreateMultipartUpload", "s3:PutObject", target.Key, new S3Call<InitiateMultipartUploadResponse>
                {
                    Carries = checksums is null ? RequestFeatures.None : RequestFeatures.Checksum,
                    Send = async (client, attempt) =>
                    {
                        var reply = await client.InitiateMultipartUploadAsync(
                            Request(target, bucket.Knows(RequestFeatures.Checksum) ? checksums : null),
                            attempt.Token).ConfigureAwait(false);
                        return reply.UploadId is { Length: > 0 }
                            ? reply
                            : throw new FalseReplyException("the begin of an upload without UploadId");
                    },
                }, late.Token).ConfigureAwait(false);
            var isKnown = checksums is not null && (reply.ChecksumAlgorithm is null ? null : reply.ChecksumAlgorithm) == checksums;
            return new Multipart(target, reply.UploadId, isKnown, limit);
        }
        catch
        {
            limit.Dispose();
            throw;
        }
    }

    /// <summary>Sends all parts, some of them at once.</summary>
    public async Task<List<PartETag>> SendPartsAsync(
        List<PartRange> parts, Func<PartRange, CancellationToken, Task<PartETag>> send, CancellationToken cancellationToken)
    {
        var sent = new PartETag[parts.Count];
        await InTimeAsync(
            async inTime =>
            {
                var options = new ParallelOptions
                {
                    MaxDegreeOfParallelism = _target.Bucket.Tuning.PartsAtOnce,
                    CancellationToken = inTime
                };
                await Parallel.ForEachAsync(
                    parts, options,
                    async (part, cancel) => sent[part.Number - 1] = await send(part, cancel).ConfigureAwait(false)).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
        return [.. sent];
    }

    /// <summary>Makes the object of its parts.</summary>
    /// <param name="parts">In order.</param>
    /// <param name="size">Bytes of all.</param>
    /// <param name="completion">Under which conditions.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<ObjectInfo> CompleteAsync(List<PartETag> parts, long size, Completion completion, CancellationToken cancellationToken)
    {
        var bucket = _target.Bucket;
        var call = new S3Call<ObjectInfo>
        {
            Carries = completion.Carries | (HasChecksums ? RequestFeatures.Checksum : RequestFeatures.None),
            LookInstead = completion.LookInstead,
            BodyBytes = size,
            Send = async (client, attempt) =>
            {
                var hasChecksums = HasChecksums && bucket.Knows(RequestFeatures.Checksum);
                var request = new CompleteMultipartUploadRequest
                {
                    BucketName = bucket.Name,
                    Key = _target.Key,
                    UploadId = Id,
                    PartETags = hasChecksums ? parts : [.. parts.Select(part => new PartETag(part.PartNumber ?? 0, part.ETag))],
                    ExpectedBucketOwner = bucket.Owner,
                    RequestPayer = bucket.Payer,
                };
                if (hasChecksums)
                    (request.ChecksumType, request.ChecksumCRC32) = (ChecksumType.FULL_OBJECT, completion.Checksum);
                completion.Condition(request);
                var reply = await client.CompleteMultipartUploadAsync(request, attempt.Token).ConfigureAwait(false);
                return _target.Stored(size, reply.ETag);
            },
            Answer = completion.Answer,
            Settle = cancel => _target.FindWrittenAsync(size, before: null, cancel),
        };
        var stored = await InTimeAsync(
            inTime => bucket.RunAsync("CompleteMultipartUpload", "s3:PutObject", _target.Key, call, inTime),
            cancellationToken).ConfigureAwait(false);
        _isDone = true;
        return stored;
    }

    /// <summary>The ETag of a part, without which the upload cannot be completed.</summary>
    /// <exception cref="FalseReplyException">There is none.</exception>
    public static string RequirePart(string? etag) => etag is { Length: > 0 } ? etag : throw new FalseReplyException("a part without ETag");

    /// <summary>Ends an upload without an object.</summary>
    /// <returns>False when it had ended already.</returns>
    public static async Task<bool> AbortAsync(S3Bucket bucket, string key, string id, CancellationToken cancellationToken)
    {
        try
        {
            return await bucket.RunAsync("AbortMultipartUpload", "s3:AbortMultipartUpload", key, new S3Call<bool>
            {
                Send = async (client, attempt) =>
                {
                    await client.AbortMultipartUploadAsync(
                        new AbortMultipartUploadRequest
                        {
                            BucketName = bucket.Name,
                            Key = key,
                            UploadId = id,
                            ExpectedBucketOwner = bucket.Owner,
                            RequestPayer = bucket.Payer
                        },
                        attempt.Token).ConfigureAwait(false);
                    return true;
                },
                Answer = failure => failure is { Status: NotFound, Code: not "NoSuchBucket" }
                    ? new ObjectExistsException("The upload has ended already")
                    : null,
            }, cancellationToken).ConfigureAwait(false);
        }
        catch (ObjectExistsException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _limit.Dispose();
        if (_isDone)
            return;
        _isDone = true;
        using var late = new CancellationTokenSource(s_grace);
        try
        {
            await AbortAsync(_target.Bucket, _target.Key, Id, late.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IdExtractorException or OperationCanceledException)
        {
            // Report the error that ended the upload. A later run or the bucket's lifecycle rule
            // removes the leftovers.
        }
    }

    // No other run may mistake an upload for a dead run's while this one still works on it.
    private async Task<T> InTimeAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_limit.Token, cancellationToken);
        try
        {
            return await work(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException error) when (_limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TransientException(
                "An upload in parts takes too long",
                new ErrorPlace { Object = _target.Name, Expected = $"at most {_target.Bucket.Tuning.LongestUpload}" },
                "look at the network and run again",
                error);
        }
    }

    private static InitiateMultipartUploadRequest Request(S3Target target, ChecksumAlgorithm? checksums)
    {
        var bucket = target.Bucket;
        var request = new InitiateMultipartUploadRequest
        {
            BucketName = bucket.Name,
            Key = target.Key,
            ContentType = target.ContentType,
            ChecksumAlgorithm = checksums,
            ChecksumType = checksums is null ? null : ChecksumType.FULL_OBJECT,
            ServerSideEncryptionMethod = bucket.Encryption,
            ServerSideEncryptionKeyManagementServiceKeyId = bucket.KmsKeyId,
            ExpectedBucketOwner = bucket.Owner,
            RequestPayer = bucket.Payer,
        };
        target.AddMetadata(request.Metadata);
        return request;
    }
}

/// <summary>How an upload becomes an object.</summary>
internal sealed record Completion
{
    /// <summary>Conditions that the request carries where the endpoint knows them.</summary>
    public RequestFeatures Carries { get; init; }

    /// <summary>
    /// Looks the object up first, for endpoints that ignore the request's condition.
    /// </summary>
    public Func<CancellationToken, Task>? LookInstead { get; init; }

    /// <summary>CRC-32 of the whole object, for uploads that have checksums.</summary>
    public string? Checksum { get; init; }

    /// <summary>Adds conditions to the request.</summary>
    public required Action<CompleteMultipartUploadRequest> Condition { get; init; }

    /// <summary>A failure that is an answer to the caller.</summary>
    public required Func<AwsFailure, Exception?> Answer { get; init; }
}
