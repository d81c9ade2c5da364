using IdExtractor.Foundation.Errors;

namespace IdExtractor.Core.Storage;

/// <summary>
/// A flat space of immutable objects, replaced only as a whole, under one root: an S3 prefix, a
/// local folder, memory. All implementations pass one contract test suite. Errors:
/// <see cref="ConfigurationException"/> for what does not exist or may not be accessed,
/// <see cref="TransientException"/> for failures that may be gone in a later run,
/// <see cref="ObjectChangedException"/> when a stamp no longer matches,
/// <see cref="OperationCanceledException"/> on cancel. Every message names the operation and
/// <see cref="Describe"/> of the key. Members may be called from any thread.
/// </summary>
public interface IObjectStore
{
    /// <summary>
    /// What reading costs; null where it is about as cheap as a copy in memory, so that nothing is
    /// gained by reading ahead.
    /// </summary>
    ReadCost? ReadCost => null;

    /// <summary>
    /// The folder above this store's root, and the root's name in it. It shows whether the root is
    /// part of something larger. Null at the top, as for a bucket or a disk.
    /// </summary>
    FolderAbove? Above => null;

    /// <summary>
    /// The folder that a prefix leads to through links, as the root of a store; null where no link
    /// is on the way.
    /// </summary>
    /// <param name="prefix">Empty, or ending with <c>/</c>.</param>
    IObjectStore? FollowLinks(string prefix) => null;

    /// <summary>
    /// The key as an operator would write it: a full path or URI. An empty key names the root.
    /// </summary>
    string Describe(string key);

    /// <summary>Size, stamp and metadata of one object; null when there is none.</summary>
    ValueTask<ObjectInfo?> HeadAsync(string key, CancellationToken cancellationToken);

    /// <summary>
    /// As <see cref="HeadAsync"/>, but without metadata where they are stored apart and would have
    /// to be looked for.
    /// </summary>
    ValueTask<ObjectInfo?> StatAsync(string key, CancellationToken cancellationToken) => HeadAsync(key, cancellationToken);

    /// <summary>
    /// Every object whose key starts with <paramref name="prefix"/>, at any depth, in
    /// <see cref="KeyOrder"/>, without metadata. The prefix is either empty or ends with <c>/</c>.
    /// An empty listing is not an error.
    /// </summary>
    IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>
    /// As <see cref="ListAsync"/>, for folders that must not become unusable because of one odd
    /// entry: what cannot be read as an object is returned without a stamp and with a
    /// <see cref="ObjectInfo.MetadataProblem"/>, where <see cref="ListAsync"/> fails.
    /// </summary>
    /// <param name="prefix">Empty, or ending with <c>/</c>.</param>
    /// <param name="depth">Levels of folders below the prefix that matter; stores for which those
    /// below are no obstacle list them too.</param>
    /// <param name="cancellationToken">Ends it.</param>
    IAsyncEnumerable<ObjectInfo> ListWithOddAsync(string prefix, int depth, CancellationToken cancellationToken) =>
        ListAsync(prefix, cancellationToken);

    /// <summary>
    /// The first level under <paramref name="prefix"/>, as S3 lists it with the delimiter <c>/</c>:
    /// objects, and "folders" as full prefixes that end with <c>/</c>. Each of the two is in
    /// <see cref="KeyOrder"/>; the two have no order relative to each other.
    /// </summary>
    IAsyncEnumerable<LevelEntry> ListLevelAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>
    /// Whether there is such a folder: distinguishes a path that does not exist from one without
    /// data. On disk it may be empty; elsewhere it holds at least one object.
    /// </summary>
    async ValueTask<bool> FolderExistsAsync(string prefix, CancellationToken cancellationToken)
    {
        await foreach (var _ in ListAsync(prefix, cancellationToken).ConfigureAwait(false))
            return true;
        return false;
    }

    /// <summary>
    /// Opens one version, as a listing or lookup returned it, for ranged reads. When the object has
    /// changed, this call or the first read fails with ObjectChanged.
    /// </summary>
    ValueTask<IObjectReader> OpenAsync(ObjectInfo version, CancellationToken cancellationToken);

    /// <summary>
    /// Begins an object that becomes visible, whole, only when its writer completes. With
    /// <see cref="WriteOptions.OnlyIfAbsent"/> an existing key fails here or, at the latest, on
    /// completion.
    /// </summary>
    ValueTask<IObjectWriter> CreateAsync(string key, WriteOptions options, CancellationToken cancellationToken);

    /// <summary>
    /// Copies inside the store, replacing metadata and content type, under the preconditions of
    /// <paramref name="options"/>. Readers of the destination see the old object or the new one.
    /// Returns the new object as the store reports it afterwards.
    /// </summary>
    ValueTask<ObjectInfo> CopyAsync(
        string sourceKey, ObjectStamp sourceStamp, string destinationKey, CopyOptions options, CancellationToken cancellationToken);

    /// <summary>
    /// Whether two looks at an object saw the same version, also where a store does not return
    /// every stamp in the same form.
    /// </summary>
    bool IsSameVersion(ObjectInfo pinned, ObjectInfo found)
    {
        ArgumentNullException.ThrowIfNull(pinned);
        ArgumentNullException.ThrowIfNull(found);
        return pinned.Stamp == found.Stamp;
    }

    /// <summary>
    /// Whether a copy that <see cref="CopyAsync"/> made holds the bytes of its source. Stores whose
    /// copies other machines make compare checksums, or the bytes where there are none. True when
    /// the copy has been replaced since. A store that makes its copies itself has checked them
    /// before they became visible.
    /// </summary>
    ValueTask<bool> IsCopyAsync(ObjectInfo source, ObjectInfo copy, CancellationToken cancellationToken) => ValueTask.FromResult(true);

    /// <summary>
    /// Checks, as far as possible without writing, whether an object could be created under a key.
    /// It leaves nothing behind. A store that would have to write to find out does nothing.
    /// </summary>
    ValueTask EnsureWritableAsync(string key, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>
    /// As <see cref="EnsureWritableAsync"/>, for a key that only <see cref="CopyAsync"/> writes.
    /// </summary>
    ValueTask EnsureCopyTargetAsync(string key, CancellationToken cancellationToken) => EnsureWritableAsync(key, cancellationToken);

    /// <summary>Removes an object; no error when there is none.</summary>
    ValueTask DeleteAsync(string key, CancellationToken cancellationToken);

    /// <summary>
    /// Removes one version of an object. Another version that takes its place at the same moment is
    /// removed only by stores that cannot check it.
    /// </summary>
    /// <param name="version">As a listing or lookup returned it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>False when there is no such object any more.</returns>
    async ValueTask<bool> DeleteVersionAsync(ObjectInfo version, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(version);
        if (await HeadAsync(version.Key, cancellationToken).ConfigureAwait(false) is null)
            return false;
        await this.EnsureUnchangedAsync(version, cancellationToken).ConfigureAwait(false);
        await DeleteAsync(version.Key, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>
    /// Removes unfinished files that dead processes left directly under <paramref name="prefix"/>.
    /// Removes only what provably belongs to this program and to no live process.
    /// </summary>
    /// <param name="prefix">The folder.</param>
    /// <param name="isOurs">
    /// Whether this program writes a key. Called by stores whose leftovers do not show their owner.
    /// </param>
    /// <param name="cancellationToken">Cancels the cleanup.</param>
    /// <returns>What was found; nothing for stores that have no leftovers.</returns>
    ValueTask<Remains> RemoveAbandonedAsync(string prefix, Predicate<string> isOurs, CancellationToken cancellationToken) =>
        ValueTask.FromResult(default(Remains));
}

/// <summary>An object or a folder of one level.</summary>
/// <param name="Key">The object's key, or the folder's prefix.</param>
/// <param name="Size">Bytes of the object; 0 for a folder.</param>
public readonly record struct LevelEntry(string Key, long Size)
{
    /// <summary>It is a folder.</summary>
    public bool IsFolder => Key.EndsWith('/');
}

/// <summary>The folder above a store's root.</summary>
/// <param name="Store">A store whose root is that folder.</param>
/// <param name="Name">The name of the lower root in it, without a <c>/</c>.</param>
public sealed record FolderAbove(IObjectStore Store, string Name);

/// <summary>
/// Ranged reads of one pinned version of an object. Members may be called from any thread.
/// </summary>
public interface IObjectReader : IAsyncDisposable
{
    /// <summary>Bytes in the object.</summary>
    long Length { get; }

    /// <summary>
    /// A read costs little more than the copy of its bytes, so that many small ones do no harm:
    /// true of local files, false of stores behind a network.
    /// </summary>
    bool IsNear => false;

    /// <summary>
    /// Fills all of <paramref name="destination"/> from <paramref name="offset"/>. The caller asks
    /// only for bytes inside the object; a store that has fewer reports a changed object. Local
    /// stores complete synchronously.
    /// </summary>
    ValueTask ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken);

    /// <summary>
    /// Fills buffers in order with the bytes from <paramref name="offset"/> on, and reports each as
    /// soon as it is full; it is not written to afterwards. A network store sends one request, so
    /// that the first bytes can be processed while the last ones are in transit.
    /// </summary>
    /// <param name="offset">First byte.</param>
    /// <param name="buffers">Where the bytes go; none is empty.</param>
    /// <param name="filled">Receives the number of full buffers each time it grows.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    async ValueTask ReadAsync(long offset, IReadOnlyList<Memory<byte>> buffers, Action<int> filled, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(buffers);
        ArgumentNullException.ThrowIfNull(filled);
        for (var i = 0; i < buffers.Count; i++)
        {
            await ReadAsync(offset, buffers[i], cancellationToken).ConfigureAwait(false);
            offset += buffers[i].Length;
            filled(i + 1);
        }
    }
}

/// <summary>
/// One object being written to a store. Disposing it before <see cref="CompleteAsync"/> has
/// succeeded leaves nothing behind.
/// </summary>
public interface IObjectWriter : IAsyncDisposable
{
    /// <summary>Adds bytes at the end. The buffer may be reused once the call returns.</summary>
    ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>
    /// Makes the object durable and visible with its metadata, and returns it as stored. Names of
    /// metadata are lower-case ASCII letters, digits, <c>_</c> and <c>-</c>; values are any text
    /// without control characters, which a store that carries only ASCII has to encode so that
    /// <see cref="IObjectStore.HeadAsync"/> gives back the same text.
    /// </summary>
    ValueTask<ObjectInfo> CompleteAsync(IReadOnlyDictionary<string, string> metadata, CancellationToken cancellationToken);
}

/// <summary>How an object is written.</summary>
public sealed record WriteOptions
{
    /// <summary>MIME type; kept by stores that have one.</summary>
    public string ContentType { get; init; } = "application/octet-stream";

    /// <summary>Fail with <see cref="ObjectExistsException"/> when the key is taken.</summary>
    public bool OnlyIfAbsent { get; init; }

    /// <summary>
    /// With <see cref="OnlyIfAbsent"/>: where the object goes, if that is absent, when the key
    /// turns out to be taken only on completion, when the bytes cannot be made again. Null to fail.
    /// </summary>
    public string? KeyIfTaken { get; init; }
}

/// <summary>How an object is copied.</summary>
public sealed record CopyOptions
{
    /// <summary>MIME type of the destination.</summary>
    public string ContentType { get; init; } = "application/octet-stream";

    /// <summary>Metadata of the destination; the source's is dropped.</summary>
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    /// <summary>
    /// SHA-256 that the bytes of the copy must have, lower-case hex; null when the caller does not
    /// know it. A store that can read the copy before it becomes visible checks it there, and
    /// raises <see cref="VerificationException"/> while the destination is untouched. Others leave
    /// that to the caller.
    /// </summary>
    public string? ExpectedSha256 { get; init; }

    /// <summary>
    /// What the destination must be: null = anything, <see cref="Destination.Absent"/>, or one
    /// exact version. A store that cannot check this copies anyway, and its documentation says so.
    /// </summary>
    public Destination? ExpectedDestination { get; init; }
}

/// <summary>
/// The state that a copy demands of its destination. Violations raise
/// <see cref="ObjectChangedException"/>.
/// </summary>
/// <param name="Stamp">The version that must be there; null when nothing may be there.</param>
public sealed record Destination(ObjectStamp? Stamp)
{
    /// <summary>There must be no object.</summary>
    public static Destination Absent { get; } = new((ObjectStamp?)null);
}
