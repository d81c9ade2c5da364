using IdExtractor.Core.Storage;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Aws.S3;

/// <summary>
/// One object being written to a bucket: buffered until its metadata are known, then sent whole or
/// in parts.
/// </summary>
/// <param name="bucket">Where it goes.</param>
/// <param name="fullKey">Its key in the bucket.</param>
/// <param name="key">The same below the store's root.</param>
/// <param name="fullKeyIfTaken">The key in the bucket for <see cref="WriteOptions.KeyIfTaken"/>;
/// null when there is none.</param>
/// <param name="options">How it is written.</param>
internal sealed class S3ObjectWriter(
    S3Bucket bucket, string fullKey, string key, string? fullKeyIfTaken, WriteOptions options) : IObjectWriter
{
    private readonly UploadBuffer _bytes = new(bucket.Tuning.MaxPutBytes, bucket.Tuning.TempRoot);
    private bool _ended;

    public ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_ended, this);
        cancellationToken.ThrowIfCancellationRequested();
        _bytes.Append(bytes.Span);
        return ValueTask.CompletedTask;
    }

    public async ValueTask<ObjectInfo> CompleteAsync(IReadOnlyDictionary<string, string> metadata, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        ObjectDisposedException.ThrowIf(_ended, this);
        cancellationToken.ThrowIfCancellationRequested();
        _ended = true;
        try
        {
            var stored = await SendAsync(
                fullKey, fullKeyIfTaken is not null, metadata, cancellationToken).ConfigureAwait(false) with
            { Key = key };
            await RequireMetadataAsync(fullKey, stored, metadata, cancellationToken).ConfigureAwait(false);
            return stored;
        }
        catch (ObjectExistsException) when (fullKeyIfTaken is not null)
        {
            var stored = await SendAsync(
                fullKeyIfTaken, hasOther: false, metadata, cancellationToken).ConfigureAwait(false) with
            { Key = options.KeyIfTaken! };
            await RequireMetadataAsync(fullKeyIfTaken, stored, metadata, cancellationToken).ConfigureAwait(false);
            return stored;
        }
    }

    public ValueTask DisposeAsync()
    {
        _ended = true;
        _bytes.Dispose();
        return ValueTask.CompletedTask;
    }

    // A proxy that drops headers, commonly those with an underscore, would do so in every later
    // run: without metadata a file cannot be verified, so this is not reported as a file that
    // failed verification.
    private async Task RequireMetadataAsync(
        string fullName, ObjectInfo stored, IReadOnlyDictionary<string, string> metadata, CancellationToken cancellationToken)
    {
        if (metadata.Count == 0
            || await S3Head.FindAsync(bucket, fullName, cancellationToken).ConfigureAwait(false) is not { } found
            || found.Stamp != stored.Stamp)
            return;
        var lost = metadata.Keys.Where(name => !found.Metadata.ContainsKey(name)).ToList();
        if (lost.Count == 0)
            return;
        throw new ConfigurationException(
            "The store did not keep metadata that were sent",
            new ErrorPlace
            {
                Object = bucket.Describe(fullName),
                Expected = $"the headers x-amz-meta-{string.Join(", x-amz-meta-", lost)}",
                Actual = "none of them"
            },
            "let the store, and any proxy in front of it, pass headers whose names hold an underscore");
    }

    private Task<ObjectInfo> SendAsync(
        string name, bool hasOther, IReadOnlyDictionary<string, string> metadata, CancellationToken cancellationToken)
    {
        var target = new S3Target(bucket, name, options.ContentType, metadata);

        // An endpoint that does not know the condition cannot check on writing whether the key is
        // free. If there is an alternative key, which is unique to this run, use that.
        Func<CancellationToken, Task>? lookForFree = !options.OnlyIfAbsent ? null
            : hasOther ? _ => throw target.Taken()
            : target.RequireFreeAsync;
        return _bytes.Length <= bucket.Tuning.MaxPutBytes
            ? new S3Put(target, lookForFree).RunAsync(_bytes, cancellationToken)
            : new S3Upload(target, lookForFree).RunAsync(_bytes, cancellationToken);
    }
}
