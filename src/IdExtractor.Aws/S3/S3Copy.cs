using Amazon.S3;
using Amazon.S3.Model;
using IdExtractor.Aws.Requests;
using IdExtractor.Core.Storage;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Aws.S3;

/// <summary>
/// A copy inside a bucket (specification, section 6): CopyObject with its metadata replaced, or,
/// above 5 GiB, a multipart upload of UploadPartCopy. Every request pins the version of its source.
/// The request that creates the object also states the condition on its destination. When a reply
/// is lost, or returns 200 with an error, the destination is checked before the copy is sent again.
/// </summary>
internal sealed class S3Copy(S3Bucket bucket, string source, ObjectStamp stamp, string destination, CopyOptions options)
{
    private const string SourceCondition = "x-amz-copy-source-if-match";

    private readonly S3Target _target = new(bucket, destination, options.ContentType, options.Metadata);

    /// <summary>Copies, and returns the object as a look afterwards finds it.</summary>
    /// <exception cref="ObjectChangedException">Source or destination are not what they had to
    /// be.</exception>
    public async Task<ObjectInfo> RunAsync(CancellationToken cancellationToken)
    {
        S3Version.RequireETag(bucket.Describe(source), stamp);
        if (options.ExpectedDestination?.Stamp is { } expected)
            S3Version.RequireETag(_target.Name, expected);
        var found = await S3Head.FindAsync(bucket, source, cancellationToken).ConfigureAwait(false);
        if (found?.Stamp != stamp)
            throw S3Head.Changed(bucket.Describe(source), stamp, found?.Stamp);
        var copied = found.Size <= bucket.Tuning.MaxCopyBytes
            ? await CopyWholeAsync(found.Size, cancellationToken).ConfigureAwait(false)
            : await CopyInPartsAsync(found.Size, cancellationToken).ConfigureAwait(false);
        return await S3Head.FindAsync(bucket, destination, cancellationToken).ConfigureAwait(false)
            ?? throw S3Head.Changed(_target.Name, copied.Stamp, (ObjectStamp?)null);
    }

    // A whole copy is given the time that the service takes, as its reply comes when it is done.
    private long BodyBytesOf(long size) =>
        (long)((double)size * bucket.Requests.SlowestBytesPerSecond / bucket.Tuning.SlowestCopyBytesPerSecond);

    private async Task<ObjectInfo> CopyWholeAsync(long size, CancellationToken cancellationToken) =>
        await bucket.RunAsync("CopyObject", "s3:PutObject", destination, new S3Call<ObjectInfo>
        {
            Carries = Carried,
            LookInstead = RequireDestinationAsync,
            BodyBytes = BodyBytesOf(size),
            Send = async (client, attempt) =>
            {
                var reply = await client.CopyObjectAsync(Request(), attempt.Token).ConfigureAwait(false);
                return _target.Stored(size, reply.ETag);
            },
            Answer = failure => (Exception?)SourceRefused("CopyObject", failure) ?? Answer(failure),
            Settle = cancel => _target.FindWrittenAsync(size, options.ExpectedDestination?.Stamp, cancel),
        }, cancellationToken).ConfigureAwait(false);

    private async Task<ObjectInfo> CopyInPartsAsync(long size, CancellationToken cancellationToken)
    {
        var parts = PartRange.Split(size, bucket.Tuning.CopyPartBytes);
        var multipart = await Multipart.BeginAsync(_target, checksums: null, cancellationToken).ConfigureAwait(false);
        await using (multipart.ConfigureAwait(false))
        {
            var sent = await multipart.SendPartsAsync(
                parts, (part, cancel) => CopyPartAsync(multipart, part, cancel), cancellationToken).ConfigureAwait(false);
            return await multipart.CompleteAsync(
                sent,
                size,
                new Completion
                {
                    Carries = Carried,
                    LookInstead = RequireDestinationAsync,
                    Condition = request => (request.IfMatch, request.IfNoneMatch) = DestinationCondition(),
                    Answer = Answer,
                },
                cancellationToken).ConfigureAwait(false);
        }
    }

    private Task<PartETag> CopyPartAsync(Multipart multipart, PartRange part, CancellationToken cancellationToken) =>
        bucket.RunAsync("UploadPartCopy", "s3:PutObject", destination, new S3Call<PartETag>
        {
            BodyBytes = BodyBytesOf(part.Length),
            Send = async (client, attempt) =>
            {
                var reply = await client.CopyPartAsync(
                    new CopyPartRequest
                    {
                        SourceBucket = bucket.Name,
                        SourceKey = source,
                        DestinationBucket = bucket.Name,
                        DestinationKey = destination,
                        UploadId = multipart.Id,
                        PartNumber = part.Number,
                        FirstByte = part.Offset,
                        LastByte = part.Offset + part.Length - 1,
                        ETagToMatch = [S3Version.Condition(stamp)],
                        ExpectedBucketOwner = bucket.Owner,
                        ExpectedSourceBucketOwner = bucket.Owner,
                        RequestPayer = bucket.Payer,
                    },
                    attempt.Token).ConfigureAwait(false);
                return new PartETag(part.Number, Multipart.RequirePart(reply.ETag));
            },
            Answer = failure => (Exception?)SourceRefused("UploadPartCopy", failure)
                ?? (S3Bucket.IsChanged(failure) && failure.Code != "NoSuchUpload" ? S3Head.Changed(bucket.Describe(source), stamp, failure)
                    : null),
        }, cancellationToken);

    private CopyObjectRequest Request()
    {
        var request = new CopyObjectRequest
        {
            SourceBucket = bucket.Name,
            SourceKey = source,
            DestinationBucket = bucket.Name,
            DestinationKey = destination,
            ETagToMatch = S3Version.Condition(stamp),
            MetadataDirective = S3MetadataDirective.REPLACE,
            ContentType = options.ContentType,
            ServerSideEncryptionMethod = bucket.Encryption,
            ServerSideEncryptionKeyManagementServiceKeyId = bucket.KmsKeyId,
            ExpectedBucketOwner = bucket.Owner,
            ExpectedSourceBucketOwner = bucket.Owner,
            RequestPayer = bucket.Payer,
        };
        (request.IfMatch, request.IfNoneMatch) = DestinationCondition();
        _target.AddMetadata(request.Metadata);
        return request;
    }

    private RequestFeatures Carried => options.ExpectedDestination is null ? RequestFeatures.None : RequestFeatures.Destination;

    private (string? IfMatch, string? IfNoneMatch) DestinationCondition() => options.ExpectedDestination switch
    {
        null => (null, null),
        _ when !bucket.Knows(RequestFeatures.Destination) => (null, null),
        { Stamp: { } expected } => (S3Version.Condition(expected), null),
        _ => (null, "*"),
    };

    private async Task RequireDestinationAsync(CancellationToken cancellationToken)
    {
        var found = await S3Head.FindAsync(bucket, destination, cancellationToken).ConfigureAwait(false);
        if (found?.Stamp != options.ExpectedDestination!.Stamp)
            throw S3Head.Changed(_target.Name, options.ExpectedDestination.Stamp, found?.Stamp);
    }

    // Without this condition unverified bytes could become active, and no check before or after
    // would keep readers from them.
    private ConfigurationException? SourceRefused(string operation, AwsFailure failure) =>
        failure.IsAboutForm && failure.Mentions(SourceCondition)
            ? new ConfigurationException(
                $"Cannot finish {operation}: the endpoint refuses the condition on the copy's source, without which a file could become active that is not the one that was verified",
                new ErrorPlace { Object = _target.Name, Actual = failure.Said },
                $"use an endpoint that knows {SourceCondition}",
                failure.Error)
            : null;

    private ObjectChangedException? Answer(AwsFailure failure)
    {
        if (!S3Bucket.IsChanged(failure) || failure.Code == "NoSuchUpload")
            return null;
        return new ObjectChangedException("A copy found its source or its destination changed", new ErrorPlace
        {
            Object = _target.Name,
            Expected = options.ExpectedDestination is { } expected ? expected.Stamp is { } version ? $"version {version}"
                : "no object"
                : $"version {stamp} of {bucket.Describe(source)}",
            Actual = failure.Said,
        });
    }
}
