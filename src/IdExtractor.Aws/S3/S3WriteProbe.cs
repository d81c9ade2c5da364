using Amazon.S3.Model;
using IdExtractor.Aws.Requests;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Aws.S3;

/// <summary>
/// The requests of <see cref="S3WriteCheck"/> that carry a body, of one zero byte. A body that does
/// not match its Content-MD5 is refused by S3 (BadDigest) after the right to write was checked and
/// before anything is stored. Not all stores check it: a part of an upload that is aborted shows
/// whether this one does, and only then is PutObject tried in this way.
/// </summary>
internal sealed class S3WriteProbe(S3Bucket bucket, string key)
{
    // The MD5 of no known bytes, in Base64.
    private const string OtherDigest = "AAAAAAAAAAAAAAAAAAAAAA==";

    private static readonly byte[] s_body = [0];

    /// <summary>Sends a part, and requires that its ETag is strong.</summary>
    /// <exception cref="ConfigurationException">It is not, or the part is refused.</exception>
    public async Task RequireETagAsync(Multipart upload, CancellationToken cancellationToken)
    {
        string? etag = null;
        try
        {
            await SendPartAsync(
                upload, 1, digest: null, reply => RequireStrong(etag = reply.ETag), cancellationToken).ConfigureAwait(false);
        }
        catch (ConfigurationException error) when (error.InnerException is FalseReplyException && S3Version.StrongETag(etag) is null)
        {
            throw S3Version.NoStrongETag(bucket.Describe(key), etag ?? "none");
        }
    }

    /// <summary>Whether the store refuses a part that does not match its digest.</summary>
    public async Task<bool> RefusesDamagedPartAsync(Multipart upload, CancellationToken cancellationToken)
    {
        try
        {
            await SendPartAsync(upload, 2, OtherDigest, _ => { }, cancellationToken).ConfigureAwait(false);
            return false;
        }
        catch (RefusedDigestException)
        {
            return true;
        }
        catch (ConfigurationException)
        {
            // The store does not take the header.
            return false;
        }
    }

    /// <summary>Sends an object that does not match its digest.</summary>
    /// <exception cref="ConfigurationException">PutObject is refused for another
    /// reason.</exception>
    public async Task PutDamagedAsync(CancellationToken cancellationToken)
    {
        try
        {
            await bucket.RunAsync("PutObject", "s3:PutObject", key, new S3Call<PutObjectResponse>
            {
                BodyBytes = s_body.Length,
                Send = async (client, attempt) =>
                {
                    using var body = new MemoryStream(s_body, writable: false);
                    return await client.PutObjectAsync(PutRequest(body), attempt.Token).ConfigureAwait(false);
                },
                Answer = RefusedDigest,
            }, cancellationToken).ConfigureAwait(false);
        }
        catch (RefusedDigestException)
        {
            return;
        }

        // A store that checks the digests of parts and not those of whole objects.
        await RemoveAsync(cancellationToken).ConfigureAwait(false);
    }

    private static RefusedDigestException? RefusedDigest(AwsFailure failure) =>
        failure.Code == "BadDigest" ? new RefusedDigestException(failure.Error) : null;

    private async Task RemoveAsync(CancellationToken cancellationToken)
    {
        try
        {
            await new S3ObjectStore(bucket, "").DeleteAsync(key, cancellationToken).ConfigureAwait(false);
        }
        catch (IdExtractorException error)
        {
            bucket.Observer.Warn($"The check of the output left an object of one byte; {error.ToLine()}");
        }
    }

    private static void RequireStrong(string? etag)
    {
        if (S3Version.StrongETag(etag) is null)
            throw new FalseReplyException("a part without a strong ETag");
    }

    private Task<List<PartETag>> SendPartAsync(
        Multipart upload, int number, string? digest, Action<UploadPartResponse> require, CancellationToken cancellationToken) =>
        upload.SendPartsAsync(
            [new PartRange(1, 0, s_body.Length)], (_, cancel) => bucket.RunAsync("UploadPart", "s3:PutObject", key, new S3Call<PartETag>
            {
                BodyBytes = s_body.Length,
                Send = async (client, attempt) =>
                {
                    using var body = new MemoryStream(s_body, writable: false);
                    var reply = await client.UploadPartAsync(
                        PartRequest(upload, number, digest, body), attempt.Token).ConfigureAwait(false);
                    require(reply);
                    return new PartETag(number, reply.ETag);
                },
                Answer = digest is null ? null : RefusedDigest,
            }, cancel), cancellationToken);

    private UploadPartRequest PartRequest(Multipart upload, int number, string? digest, Stream body) => new()
    {
        BucketName = bucket.Name,
        Key = key,
        UploadId = upload.Id,
        PartNumber = number,
        PartSize = s_body.Length,
        InputStream = body,
        UseChunkEncoding = false,
        DisablePayloadSigning = !bucket.IsPlainHttp,
        MD5Digest = digest,
        ExpectedBucketOwner = bucket.Owner,
        RequestPayer = bucket.Payer,
    };

    private PutObjectRequest PutRequest(Stream body) => new()
    {
        BucketName = bucket.Name,
        Key = key,
        InputStream = body,
        AutoCloseStream = false,
        UseChunkEncoding = false,
        DisablePayloadSigning = !bucket.IsPlainHttp,
        MD5Digest = OtherDigest,
        ServerSideEncryptionMethod = bucket.Encryption,
        ServerSideEncryptionKeyManagementServiceKeyId = bucket.KmsKeyId,
        ExpectedBucketOwner = bucket.Owner,
        RequestPayer = bucket.Payer,
    };

    /// <summary>
    /// The store checks digests: the answer to a body that does not match its own.
    /// </summary>
    private sealed class RefusedDigestException(Exception error) : Exception(
        "The store refuses a body that does not match its digest.", error);
}
