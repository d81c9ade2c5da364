using System.Runtime.CompilerServices;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Core.Storage;

/// <summary>What every store can do by way of its members.</summary>
public static class ObjectStoreExtensions
{
    /// <summary>The folders of one level, as full prefixes in <see cref="KeyOrder"/>.</summary>
    public static async IAsyncEnumerable<string> ListFoldersAsync(
        this IObjectStore store, string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        await foreach (var entry in store.ListLevelAsync(prefix, cancellationToken).ConfigureAwait(false))
        {
            if (entry.IsFolder)
                yield return entry.Key;
        }
    }

    /// <summary>
    /// Fails when an object is no longer the version that was pinned: the last check of a run that
    /// has read it.
    /// </summary>
    /// <exception cref="ObjectChangedException">It was replaced, changed or removed.</exception>
    public static async ValueTask EnsureUnchangedAsync(this IObjectStore store, ObjectInfo version, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(version);
        var now = await store.StatAsync(version.Key, cancellationToken).ConfigureAwait(false);
        if (now is null || !store.IsSameVersion(version, now))
        {
            throw new ObjectChangedException("An object changed while it was being read", new ErrorPlace
            {
                Object = store.Describe(version.Key),
                Expected = $"version {version.Stamp}",
                Actual = now is null ? "no object" : $"version {now.Stamp}",
            });
        }
    }

    /// <summary>Writes a small object in one go.</summary>
    public static async ValueTask<ObjectInfo> WriteAsync(
        this IObjectStore store,
        string key,
        ReadOnlyMemory<byte> bytes,
        IReadOnlyDictionary<string, string> metadata,
        WriteOptions options,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        var writer = await store.CreateAsync(key, options, cancellationToken).ConfigureAwait(false);
        await using (writer.ConfigureAwait(false))
        {
            await writer.AppendAsync(bytes, cancellationToken).ConfigureAwait(false);
            return await writer.CompleteAsync(metadata, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Reads a whole object of at most <paramref name="maxBytes"/> bytes; null when there is none.
    /// </summary>
    /// <exception cref="InputDataException">It is larger.</exception>
    /// <exception cref="ObjectChangedException">It was replaced in between.</exception>
    public static async ValueTask<byte[]?> ReadAllAsync(
        this IObjectStore store, string key, int maxBytes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        var info = await store.HeadAsync(key, cancellationToken).ConfigureAwait(false);
        if (info is null)
            return null;
        if (info.Size > maxBytes)
        {
            throw new InputDataException("An object is larger than it may be", new ErrorPlace
            {
                Object = store.Describe(key),
                Expected = $"at most {maxBytes} bytes",
                Actual = $"{info.Size}",
            });
        }

        var bytes = new byte[info.Size];
        var reader = await store.OpenAsync(info, cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            await reader.ReadAsync(0, bytes, cancellationToken).ConfigureAwait(false);
            return bytes;
        }
    }
}
