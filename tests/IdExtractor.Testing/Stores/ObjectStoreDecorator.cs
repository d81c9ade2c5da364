using System.Runtime.CompilerServices;
using IdExtractor.Core.Storage;

namespace IdExtractor.Testing.Stores;

/// <summary>
/// A store around another: every call of it, of its readers and of its writers passes through one
/// method.
/// </summary>
/// <param name="inner">The store that does the work.</param>
public abstract class ObjectStoreDecorator(IObjectStore inner) : IObjectStore
{
    /// <inheritdoc/>
    public virtual ReadCost? ReadCost => inner.ReadCost;

    /// <inheritdoc/>
    public virtual FolderAbove? Above => inner.Above;

    /// <inheritdoc/>
    public IObjectStore? FollowLinks(string prefix) => inner.FollowLinks(prefix);

    /// <inheritdoc/>
    public string Describe(string key) => inner.Describe(key);

    /// <inheritdoc/>
    public ValueTask<ObjectInfo?> HeadAsync(string key, CancellationToken cancellationToken) =>
        InvokeAsync(new StoreCall(StoreOperation.Head, key), token => inner.HeadAsync(key, token), cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, CancellationToken cancellationToken) =>
        Enumerate(new StoreCall(StoreOperation.List, prefix), token => inner.ListAsync(prefix, token), cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<LevelEntry> ListLevelAsync(string prefix, CancellationToken cancellationToken) =>
        Enumerate(new StoreCall(StoreOperation.ListFolders, prefix), token => inner.ListLevelAsync(prefix, token), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> FolderExistsAsync(string prefix, CancellationToken cancellationToken) =>
        InvokeAsync(new StoreCall(StoreOperation.ListFolders, prefix), token => inner.FolderExistsAsync(prefix, token), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IObjectReader> OpenAsync(ObjectInfo version, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(version);
        return InvokeAsync<IObjectReader>(
            new StoreCall(StoreOperation.Open, version.Key),
            async token => new Reader(this, version.Key, await inner.OpenAsync(version, token).ConfigureAwait(false)),
            cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<IObjectWriter> CreateAsync(string key, WriteOptions options, CancellationToken cancellationToken) =>
        InvokeAsync<IObjectWriter>(
            new StoreCall(StoreOperation.Create, key),
            async token => new Writer(this, key, await inner.CreateAsync(key, options, token).ConfigureAwait(false)),
            cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ObjectInfo> CopyAsync(
        string sourceKey, ObjectStamp sourceStamp, string destinationKey, CopyOptions options, CancellationToken cancellationToken) =>
        InvokeAsync(
            new StoreCall(StoreOperation.Copy, destinationKey),
            token => inner.CopyAsync(sourceKey, sourceStamp, destinationKey, options, token),
            cancellationToken);

    /// <inheritdoc/>
    public bool IsSameVersion(ObjectInfo pinned, ObjectInfo found) => inner.IsSameVersion(pinned, found);

    /// <inheritdoc/>
    public ValueTask<bool> IsCopyAsync(ObjectInfo source, ObjectInfo copy, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(copy);
        return InvokeAsync(
            new StoreCall(StoreOperation.IsCopy, copy.Key), token => inner.IsCopyAsync(source, copy, token), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask EnsureWritableAsync(string key, CancellationToken cancellationToken) =>
        await InvokeAsync(
            new StoreCall(StoreOperation.EnsureWritable, key),
            async token =>
            {
                await inner.EnsureWritableAsync(key, token).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(string key, CancellationToken cancellationToken) =>
        await InvokeAsync(
            new StoreCall(StoreOperation.Delete, key),
            async token =>
            {
                await inner.DeleteAsync(key, token).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public ValueTask<Remains> RemoveAbandonedAsync(string prefix, Predicate<string> isOurs, CancellationToken cancellationToken) =>
        InvokeAsync(
            new StoreCall(StoreOperation.RemoveAbandoned, prefix), token => inner.RemoveAbandonedAsync(prefix, isOurs, token),
            cancellationToken);

    /// <summary>Makes one call.</summary>
    /// <param name="request">The request.</param>
    /// <param name="send">Asks it of the inner store. It may be called again where the operation
    /// can be repeated.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    protected abstract ValueTask<T> InvokeAsync<T>(
        StoreCall request, Func<CancellationToken, ValueTask<T>> send, CancellationToken cancellationToken);

    /// <summary>Reads one range.</summary>
    protected virtual async ValueTask ReadAsync(
        IObjectReader reader, StoreCall request, Memory<byte> destination, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reader);
        await InvokeAsync(
            request,
            async token =>
            {
                await reader.ReadAsync(request.Offset, destination, token).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Appends bytes.</summary>
    protected virtual async ValueTask AppendAsync(
        IObjectWriter writer, StoreCall request, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(writer);
        await InvokeAsync(
            request,
            async token =>
            {
                await writer.AppendAsync(bytes, token).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
    }

    // The first item shows whether a listing works. Only the store knows where later pages start.
    private async IAsyncEnumerable<T> Enumerate<T>(
        StoreCall request,
        Func<CancellationToken, IAsyncEnumerable<T>> list,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (items, isSome) = await InvokeAsync(
            request,
            async token =>
            {
                var started = list(cancellationToken).GetAsyncEnumerator(cancellationToken);
                try
                {
                    return (started, await started.MoveNextAsync().ConfigureAwait(false));
                }
                catch
                {
                    await started.DisposeAsync().ConfigureAwait(false);
                    throw;
                }
            },
            cancellationToken).ConfigureAwait(false);
        await using (items.ConfigureAwait(false))
        {
            for (; isSome; isSome = await items.MoveNextAsync().ConfigureAwait(false))
                yield return items.Current;
        }
    }

    private sealed class Reader(ObjectStoreDecorator store, string key, IObjectReader reader) : IObjectReader
    {
        public long Length => reader.Length;

        public bool IsNear => reader.IsNear;

        public ValueTask ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken) =>
            store.ReadAsync(reader, new StoreCall(StoreOperation.Read, key, offset, destination.Length), destination, cancellationToken);

        public ValueTask DisposeAsync() => reader.DisposeAsync();
    }

    private sealed class Writer(ObjectStoreDecorator store, string key, IObjectWriter writer) : IObjectWriter
    {
        public ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
            store.AppendAsync(writer, new StoreCall(StoreOperation.Append, key, 0, bytes.Length), bytes, cancellationToken);

        public ValueTask<ObjectInfo> CompleteAsync(IReadOnlyDictionary<string, string> metadata, CancellationToken cancellationToken) =>
            store.InvokeAsync(
                new StoreCall(StoreOperation.Complete, key), token => writer.CompleteAsync(metadata, token), cancellationToken);

        public ValueTask DisposeAsync() => writer.DisposeAsync();
    }
}
