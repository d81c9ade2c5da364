using IdExtractor.Core.Storage;

namespace IdExtractor.Aws.S3;

/// <summary>One object on its way into a bucket: kept until its metadata are known, then sent whole or in parts.</summary>
internal sealed class S3ObjectWriter(S3Bucket bucket, string fullKey, string key, WriteOptions options) : IObjectWriter
{
    private readonly UploadBuffer _bytes = new(bucket.Tuning.MaxPutBytes, bucket.Tuning.TempRoot);
    private bool _ended;

    public ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_ended, this);
        cancellationToken.ThrowIfCancellationRequested();
        return _bytes.AppendAsync(bytes, cancellationToken);
    }

    public async ValueTask<ObjectInfo> CompleteAsync(IReadOnlyDictionary<string, string> metadata, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        ObjectDisposedException.ThrowIf(_ended, this);
        cancellationToken.ThrowIfCancellationRequested();
        _ended = true;
        var target = new S3Target(bucket, fullKey, options.ContentType, metadata);
        var stored = _bytes.Length <= bucket.Tuning.MaxPutBytes
            ? await new S3Put(target, options.OnlyIfAbsent).RunAsync(_bytes, cancellationToken).ConfigureAwait(false)
            : await new S3Upload(target, options.OnlyIfAbsent).RunAsync(_bytes, cancellationToken).ConfigureAwait(false);
        return stored with { Key = key };
    }

    public ValueTask DisposeAsync()
    {
        _ended = true;
        _bytes.Dispose();
        return ValueTask.CompletedTask;
    }
}
