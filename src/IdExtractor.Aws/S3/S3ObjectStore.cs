using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using Amazon.S3.Model;
using IdExtractor.Aws.Requests;
using IdExtractor.Core.Storage;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Aws.S3;

/// <summary>
/// Objects under one prefix of a bucket (specification, sections 6 and 9). Stamps are ETags: every
/// ranged read carries If-Match, a copy carries the stage's ETag and, where the endpoint honours
/// it, the condition on the destination. An endpoint that does not know that condition copies
/// anyway. Only <see cref="RequestRunner"/> retries requests.
/// </summary>
internal sealed class S3ObjectStore : IObjectStore
{
    /// <summary>
    /// For S3 inside its region, by its performance guidelines: 20 ms to the first byte and about
    /// 50 MB/s per connection, so that reading across a gap of 1 MiB is cheaper than another
    /// request.
    /// </summary>
    private static readonly ReadCost s_readCost = new(TimeSpan.FromMilliseconds(20), 50L << 20);

    private readonly S3Bucket _bucket;
    private readonly string _root;
    private readonly S3Remains _remains;

    /// <summary>A store on a prefix.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="root">Empty, or a prefix that ends with <c>/</c>.</param>
    public S3ObjectStore(S3Bucket bucket, string root) => (_bucket, _root, _remains) = (bucket, root, new S3Remains(bucket, root));

    /// <inheritdoc/>
    public ReadCost? ReadCost => s_readCost;

    /// <inheritdoc/>
    public FolderAbove? Above
    {
        get
        {
            if (_root.Length == 0)
                return null;
            var end = _root.LastIndexOf('/', _root.Length - 2) + 1;
            return new FolderAbove(new S3ObjectStore(_bucket, _root[..end]), _root[end..^1]);
        }
    }

    /// <inheritdoc/>
    public string Describe(string key) => _bucket.Describe(_root + key);

    /// <inheritdoc/>
    public async ValueTask<ObjectInfo?> HeadAsync(string key, CancellationToken cancellationToken) =>
        await S3Head.FindAsync(_bucket, FullKey(key), cancellationToken).ConfigureAwait(false) is { } found
            ? found with { Key = key }
            : null;

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ObjectKey.RequirePrefix(prefix);
        await foreach (var page in S3Listing.PagesAsync(_bucket, _root + prefix, delimiter: null, cancellationToken).ConfigureAwait(false))
        {
            foreach (var item in page.S3Objects ?? [])
            {
                // Consoles mark empty folders by objects whose key ends with a slash; no key of
                // ours does.
                if (!item.Key.EndsWith('/'))
                    yield return InfoOf(item);
            }
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<LevelEntry> ListLevelAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ObjectKey.RequirePrefix(prefix);
        await foreach (var page in S3Listing.PagesAsync(_bucket, _root + prefix, delimiter: "/", cancellationToken).ConfigureAwait(false))
        {
            foreach (var item in page.S3Objects ?? [])
            {
                if (!item.Key.EndsWith('/'))
                    yield return new LevelEntry(item.Key[_root.Length..], item.Size ?? 0);
            }

            foreach (var folder in page.CommonPrefixes ?? [])
                yield return new LevelEntry(folder[_root.Length..], 0);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<bool> FolderExistsAsync(string prefix, CancellationToken cancellationToken)
    {
        ObjectKey.RequirePrefix(prefix);
        return await S3Listing.AnyAsync(_bucket, _root + prefix, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask<IObjectReader> OpenAsync(ObjectInfo version, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(version);
        cancellationToken.ThrowIfCancellationRequested();

        // Sends no request: the caller's version includes the size, and every read is bound to it.
        return ValueTask.FromResult<IObjectReader>(new S3ObjectReader(_bucket, FullKey(version.Key), version));
    }

    /// <inheritdoc/>
    public ValueTask<IObjectWriter> CreateAsync(string key, WriteOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var full = FullKey(key);
        cancellationToken.ThrowIfCancellationRequested();
        var other = options.KeyIfTaken is { } taken ? FullKey(taken) : null;
        return ValueTask.FromResult<IObjectWriter>(new S3ObjectWriter(_bucket, full, key, other, options));
    }

    /// <inheritdoc/>
    public bool IsSameVersion(ObjectInfo pinned, ObjectInfo found)
    {
        ArgumentNullException.ThrowIfNull(pinned);
        ArgumentNullException.ThrowIfNull(found);
        return S3Version.IsSame(Describe(pinned.Key), pinned, found);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> IsCopyAsync(ObjectInfo source, ObjectInfo copy, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(copy);
        return await new S3CopyCheck(_bucket, FullKey(source.Key), source, FullKey(copy.Key), copy)
            .RunAsync(cancellationToken)
            .ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<ObjectInfo> CopyAsync(
        string sourceKey, ObjectStamp sourceStamp, string destinationKey, CopyOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var copy = new S3Copy(_bucket, FullKey(sourceKey), sourceStamp, FullKey(destinationKey), options);
        return await copy.RunAsync(cancellationToken).ConfigureAwait(false) with { Key = destinationKey };
    }

    /// <inheritdoc/>
    public async ValueTask EnsureWritableAsync(string key, CancellationToken cancellationToken) =>
        await new S3WriteCheck(_bucket, FullKey(key)).RunAsync(isPut: true, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask EnsureCopyTargetAsync(string key, CancellationToken cancellationToken) =>
        await new S3WriteCheck(_bucket, FullKey(key)).RunAsync(isPut: false, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<bool> DeleteVersionAsync(ObjectInfo version, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(version);
        if (await HeadAsync(version.Key, cancellationToken).ConfigureAwait(false) is not { } found)
            return false;
        if (!IsSameVersion(version, found))
            throw S3Head.Changed(Describe(version.Key), version.Stamp, found.Stamp);
        await DeleteAsync(version.Key, S3Version.IsETag(found.Stamp) ? found.Stamp : null, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(string key, CancellationToken cancellationToken) =>
        await DeleteAsync(key, null, cancellationToken).ConfigureAwait(false);

    private async Task DeleteAsync(string key, ObjectStamp? expected, CancellationToken cancellationToken)
    {
        var full = FullKey(key);
        await _bucket.RunAsync(
            "DeleteObject",
            "s3:DeleteObject",
            full,
            new S3Call<HttpStatusCode>
            {
                Carries = expected is null ? RequestFeatures.None : RequestFeatures.Deletion,
                Send = async (client, attempt) => (await client.DeleteObjectAsync(
                    new DeleteObjectRequest
                    {
                        BucketName = _bucket.Name,
                        Key = full,
                        IfMatch = expected is { } stamp && _bucket.Knows(RequestFeatures.Deletion) ? S3Version.Condition(stamp) : null,
                        ExpectedBucketOwner = _bucket.Owner,
                        RequestPayer = _bucket.Payer,
                    },
                    attempt.Token).ConfigureAwait(false)).HttpStatusCode,
                Answer = failure => expected is { } stamp && S3Bucket.IsChanged(failure)
                    ? S3Head.Changed(Describe(key), stamp, failure)
                    : null,
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<Remains> RemoveAbandonedAsync(string prefix, Predicate<string> isOurs, CancellationToken cancellationToken)
    {
        ObjectKey.RequirePrefix(prefix);
        return await _remains.RemoveAsync(prefix, isOurs, cancellationToken).ConfigureAwait(false);
    }

    private ObjectInfo InfoOf(S3Object item)
    {
        var (size, modified) = (item.Size ?? 0, S3Head.TimeOf(item.LastModified));
        return new ObjectInfo(
            item.Key[_root.Length..], size, S3Version.StampOf(_bucket.Describe(item.Key), item.ETag, modified, size), modified);
    }

    private string FullKey(string key)
    {
        ObjectKey.Require(key);
        var full = _root + key;
        return Encoding.UTF8.GetByteCount(full) <= ObjectKey.MaxLength
            ? full
            : throw new ConfigurationException(
                "A key cannot be used: it has more than 1024 bytes", ErrorPlace.Of(Describe(key)), "use a shorter key or prefix");
    }
}
