using Amazon.S3;
using Amazon.S3.Model;
using IdExtractor.Core.Primitives;
using IdExtractor.Core.Storage;

namespace IdExtractor.Aws.S3;

/// <summary>A multipart upload of bytes that lie ready, several parts at once, each with its CRC-32 and the whole with the CRC-32 of all. Aborted unless it completes.</summary>
internal sealed class S3Upload(S3Target target, bool onlyIfAbsent)
{
    /// <summary>Sends all bytes.</summary>
    public async Task<ObjectInfo> RunAsync(UploadBuffer bytes, CancellationToken cancellationToken)
    {
        var bucket = target.Bucket;
        var parts = PartRange.Split(bytes.Length, bucket.Tuning.PartBytes);
        var multipart = await Multipart.BeginAsync(target, ChecksumAlgorithm.CRC32, cancellationToken).ConfigureAwait(false);
        await using (multipart.ConfigureAwait(false))
        {
            var sent = await multipart.SendPartsAsync(parts, (part, cancel) => SendPartAsync(multipart, bytes, part, cancel), cancellationToken).ConfigureAwait(false);
            return await multipart.CompleteAsync(
                sent,
                bytes.Length,
                request =>
                {
                    request.IfNoneMatch = onlyIfAbsent ? "*" : null;
                    if (!multipart.HasChecksums)
                        return;
                    request.ChecksumType = ChecksumType.FULL_OBJECT;
                    request.ChecksumCRC32 = S3Put.Checksum(bytes.Crc);
                },
                failure => onlyIfAbsent ? target.Taken(failure) : null,
                cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<PartETag> SendPartAsync(Multipart multipart, UploadBuffer bytes, PartRange part, CancellationToken cancellationToken)
    {
        var bucket = target.Bucket;
        var piece = new byte[part.Length];
        await bytes.ReadAsync(part.Offset, piece, cancellationToken).ConfigureAwait(false);
        var checksum = S3Put.Checksum(Crc32.Compute(piece));
        return await bucket.RunAsync("UploadPart", "s3:PutObject", target.Key, new S3Call<PartETag>
        {
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
                        ChecksumCRC32 = checksum,
                        ExpectedBucketOwner = bucket.Owner,
                        RequestPayer = bucket.Payer,
                    },
                    attempt.Token).ConfigureAwait(false);
                return new PartETag(part.Number, reply.ETag) { ChecksumCRC32 = multipart.HasChecksums ? checksum : null };
            },
        }, cancellationToken).ConfigureAwait(false);
    }
}
