using Amazon.S3;
using Amazon.S3.Model;
using IdExtractor.Core.Storage;
using IdExtractor.Foundation.Checksums;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Aws.S3;

/// <summary>
/// A multipart upload of bytes that lie ready, several parts at once, each with its CRC-32 and the
/// whole with the CRC-32 of all. Aborted unless it completes.
/// </summary>
/// <param name="target">What is written.</param>
/// <param name="lookForFree">Raises <see cref="ObjectExistsException"/> when the key is taken, for
/// endpoints that do not know that condition; null when it may be.</param>
internal sealed class S3Upload(S3Target target, Func<CancellationToken, Task>? lookForFree)
{
    /// <summary>Sends all bytes.</summary>
    public async Task<ObjectInfo> RunAsync(UploadBuffer bytes, CancellationToken cancellationToken)
    {
        var bucket = target.Bucket;
        var parts = PartRange.Split(bytes.Length, bucket.Tuning.PartBytes);
        var multipart = await Multipart.BeginAsync(target, ChecksumAlgorithm.CRC32, cancellationToken).ConfigureAwait(false);
        await using (multipart.ConfigureAwait(false))
        {
            var sent = await multipart.SendPartsAsync(
                parts, (part, cancel) => SendPartAsync(multipart, bytes, part, cancel), cancellationToken).ConfigureAwait(false);
            return await multipart.CompleteAsync(
                sent,
                bytes.Length,
                new Completion
                {
                    Carries = lookForFree is null ? RequestFeatures.None : RequestFeatures.FreeKey,
                    LookInstead = lookForFree,
                    Checksum = S3Put.Checksum(bytes.Crc),
                    Condition = request => request.IfNoneMatch = lookForFree is not null && bucket.Knows(RequestFeatures.FreeKey)
                        ? "*"
                        : null,
                    Answer = failure => lookForFree is not null ? target.Taken(failure) : null,
                },
                cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<PartETag> SendPartAsync(Multipart multipart, UploadBuffer bytes, PartRange part, CancellationToken cancellationToken)
    {
        var bucket = target.Bucket;
        var piece = new byte[part.Length];
        bytes.Read(part.Offset, piece);
        var checksum = S3Put.Checksum(Crc32.Compute(piece));
        return await bucket.RunAsync("UploadPart", "s3:PutObject", target.Key, new S3Call<PartETag>
        {
            Carries = RequestFeatures.Checksum,
            BodyBytes = piece.Length,
            Send = async (client, attempt) =>
            {
                using var body = new MemoryStream(piece, writable: false);
                var reply = await client.UploadPartAsync(
                    new UploadPartRequest
                    {
                        BucketName = bucket.Name,
                        Key = target.Key,
                        UploadId = multipart.Id,
                        PartNumber = part.Number,
                        PartSize = piece.Length,
                        InputStream = body,
                        UseChunkEncoding = false,
                        DisablePayloadSigning = !bucket.IsPlainHttp,
                        ChecksumCRC32 = bucket.Knows(RequestFeatures.Checksum) ? checksum : null,
                        ExpectedBucketOwner = bucket.Owner,
                        RequestPayer = bucket.Payer,
                    },
                    attempt.Token).ConfigureAwait(false);
                return new PartETag(part.Number, Multipart.RequirePart(reply.ETag))
                {
                    ChecksumCRC32 = multipart.HasChecksums ? checksum
                    : null
                };
            },
        }, cancellationToken).ConfigureAwait(false);
    }
}
