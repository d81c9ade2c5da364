using Amazon.S3;
using Amazon.S3.Model;
using IdExtractor.Core.Storage;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Aws.S3;

/// <summary>
/// Whether a copy that the store made holds the bytes of its source. Equal ETags say so. Different
/// ones say little: those of uploads in parts, of encrypted objects and of some stores depend on
/// more than the
/// bytes. Then a checksum of the whole object decides that both have, and where there is none, both
/// are read and compared.
/// </summary>
internal sealed class S3CopyCheck(S3Bucket bucket, string sourceKey, ObjectInfo source, string copyKey, ObjectInfo copy)
{
    private const int BlockBytes = 4 << 20, BadRequest = 400, NotImplemented = 501;

    /// <summary>Compares them.</summary>
    /// <returns>False when the copy holds other bytes. True when it is the same, or no longer
    /// there.</returns>
    /// <exception cref="ObjectChangedException">The source has been replaced.</exception>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        if (source.Size != copy.Size)
            return false;
        if (source.Stamp == copy.Stamp)
            return true;
        return await CompareChecksumsAsync(cancellationToken).ConfigureAwait(false)
            ?? await CompareBytesAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<bool?> CompareChecksumsAsync(CancellationToken cancellationToken)
    {
        if (!bucket.Knows(RequestFeatures.Checksum))
            return null;
        try
        {
            var wanted = await ChecksumsAsync(sourceKey, source.Stamp, cancellationToken).ConfigureAwait(false);
            if (wanted.Count == 0)
                return null;
            var found = await ChecksumsAsync(copyKey, copy.Stamp, cancellationToken).ConfigureAwait(false);
            var common = wanted.Keys.Where(found.ContainsKey).ToList();
            return common.Count == 0 ? null : common.All(name => wanted[name] == found[name]);
        }
        catch (NotSupportedException)
        {
            return null;
        }
    }

    // By name. Empty for another version, and for composite checksums, which depend on where the
    // parts began.
    private async Task<Dictionary<string, string>> ChecksumsAsync(string key, ObjectStamp stamp, CancellationToken cancellationToken)
    {
        var reply = await bucket.RunAsync("HeadObject", "s3:GetObject", key, new S3Call<GetObjectMetadataResponse>
        {
            Send = (client, attempt) => client.GetObjectMetadataAsync(
                new GetObjectMetadataRequest
                {
                    BucketName = bucket.Name,
                    Key = key,
                    ChecksumMode = ChecksumMode.ENABLED,
                    ExpectedBucketOwner = bucket.Owner,
                    RequestPayer = bucket.Payer,
                },
                attempt.Token),
            Answer = failure => failure.Status is BadRequest or NotImplemented
                ? new NotSupportedException("The endpoint does not know x-amz-checksum-mode.", failure.Error)
                : S3Bucket.IsChanged(failure) ? S3Head.Changed(bucket.Describe(key), stamp, failure)
                : null,
        }, cancellationToken).ConfigureAwait(false);
        if (reply.ChecksumType == ChecksumType.COMPOSITE || S3Version.StrongETag(reply.ETag) != stamp.Value)
            return [];
        (string Name, string? Value)[] all =
        [
            ("CRC32", reply.ChecksumCRC32), ("CRC32C", reply.ChecksumCRC32C), ("CRC64NVME", reply.ChecksumCRC64NVME),
                ("SHA1", reply.ChecksumSHA1), ("SHA256", reply.ChecksumSHA256),
        ];
        return all.Where(checksum => checksum.Value is { Length: > 0 }).ToDictionary(
            checksum => checksum.Name,
            checksum => checksum.Value!);
    }

    private async Task<bool> CompareBytesAsync(CancellationToken cancellationToken)
    {
        await using var wanted = new S3ObjectReader(bucket, sourceKey, source);
        await using var found = new S3ObjectReader(bucket, copyKey, copy);
        var size = (int)Math.Min(BlockBytes, source.Size);
        var (left, right) = (new byte[size], new byte[size]);
        for (var offset = 0L; offset < source.Size; offset += size)
        {
            var count = (int)Math.Min(size, source.Size - offset);
            await wanted.ReadAsync(offset, left.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
            try
            {
                await found.ReadAsync(offset, right.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
            }
            catch (ObjectChangedException)
            {
                // Another run has replaced it, and answers for its own copy.
                return true;
            }

            if (!left.AsSpan(0, count).SequenceEqual(right.AsSpan(0, count)))
                return false;
        }

        return true;
    }
}
