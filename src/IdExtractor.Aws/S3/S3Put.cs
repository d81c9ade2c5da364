using System.Buffers.Binary;
using Amazon.S3.Model;
using IdExtractor.Core.Storage;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Aws.S3;

/// <summary>
/// PutObject with its CRC-32. An endpoint that knows the header refuses bytes that were damaged on
/// the way; one that does not ignores it, or is asked without, and then the read back by the verify
/// step is what finds damage.
/// </summary>
/// <param name="target">What is written.</param>
/// <param name="lookForFree">Raises <see cref="ObjectExistsException"/> when the key is taken, for
/// endpoints that do not know that condition; null when it may be.</param>
internal sealed class S3Put(S3Target target, Func<CancellationToken, Task>? lookForFree)
{
    /// <summary>Sends all bytes, which are in memory.</summary>
    public async Task<ObjectInfo> RunAsync(UploadBuffer bytes, CancellationToken cancellationToken)
    {
        var checksum = Checksum(bytes.Crc);
        var onlyIfAbsent = lookForFree is not null;
        return await target.Bucket.RunAsync("PutObject", "s3:PutObject", target.Key, new S3Call<ObjectInfo>
        {
            Carries = RequestFeatures.Checksum | (onlyIfAbsent ? RequestFeatures.FreeKey : RequestFeatures.None),
            LookInstead = lookForFree,
            BodyBytes = bytes.Length,
            Send = async (client, attempt) =>
            {
                using var body = bytes.OpenMemory();
                var reply = await client.PutObjectAsync(Request(body, checksum), attempt.Token).ConfigureAwait(false);
                return target.Stored(bytes.Length, reply.ETag);
            },
            Answer = failure => onlyIfAbsent ? target.Taken(failure) : null,
            Settle = onlyIfAbsent ? cancel => target.FindWrittenAsync(bytes.Length, before: null, cancel) : null,
        }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>CRC-32 as S3's headers write it: Base64 of its bytes, the highest first.</summary>
    public static string Checksum(uint crc)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, crc);
        return Convert.ToBase64String(bytes);
    }

    private PutObjectRequest Request(Stream body, string checksum)
    {
        var bucket = target.Bucket;
        var request = new PutObjectRequest
        {
            BucketName = bucket.Name,
            Key = target.Key,
            ContentType = target.ContentType,
            InputStream = body,
            AutoCloseStream = false,
            UseChunkEncoding = false,
            DisablePayloadSigning = !bucket.IsPlainHttp,
            ChecksumCRC32 = bucket.Knows(RequestFeatures.Checksum) ? checksum : null,
            IfNoneMatch = lookForFree is not null && bucket.Knows(RequestFeatures.FreeKey) ? "*" : null,
            ServerSideEncryptionMethod = bucket.Encryption,
            ServerSideEncryptionKeyManagementServiceKeyId = bucket.KmsKeyId,
            ExpectedBucketOwner = bucket.Owner,
            RequestPayer = bucket.Payer,
        };
        target.AddMetadata(request.Metadata);
        return request;
    }
}
