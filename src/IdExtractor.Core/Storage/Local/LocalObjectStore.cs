using System.Buffers;
using System.Runtime.CompilerServices;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Core.Storage.Local;

/// <summary>
/// A folder as an object store (specification, section 2). An object is written to a temporary file
/// in the same folder, flushed to the disk and renamed. A reader therefore finds the old version or
/// the new one, whole, whatever happens to the writer. Metadata are in a side file
/// <c>name.metadata.json</c>; docs/use/output-contract.md describes how to read both as one
/// version. The stamp of a version is its modification time and size, and the time always grows.
/// Conditions on the destination are checked under a lock that all processes respect.
/// </summary>
public sealed class LocalObjectStore : IObjectStore
{
    private const int CopyBytes = 1 << 20;

    private readonly LocalPaths _paths;
    private readonly bool _rootMayBeMissing;
    private readonly LocalStoreCore _core;

    /// <summary>Opens a root. Nothing on the disk is touched yet.</summary>
    /// <param name="root">A folder; a relative path is taken from the current folder.</param>
    /// <param name="rootMayBeMissing">True for outputs: the first write makes the folder, and
    /// before that it lists as empty. False for inputs: a missing root is an error.</param>
    /// <exception cref="ConfigurationException">The path holds a NUL character.</exception>
    public LocalObjectStore(string root, bool rootMayBeMissing = false)
        : this(root, rootMayBeMissing, DiskFileSystem.Instance, TimeProvider.System)
    {
    }

    internal LocalObjectStore(string root, bool rootMayBeMissing, ILocalFileSystem files, TimeProvider clock)
    {
        _paths = new LocalPaths(root);
        _rootMayBeMissing = rootMayBeMissing;
        _core = new LocalStoreCore(files, clock);
    }

    /// <summary>
    /// Full paths of the files that an object consists of: its data and its metadata.
    /// </summary>
    /// <param name="root">The root of the store.</param>
    /// <param name="key">The object; it need not exist.</param>
    public static IReadOnlyList<string> FilesOf(string root, string key)
    {
        var path = new LocalPaths(root).Of(key);
        return [path, LocalNames.Side(path)];
    }

    /// <summary>
    /// A file below a root belongs to one of some objects: as its data, its metadata, its lock or a
    /// temporary file.
    /// </summary>
    /// <param name="name">Path of the file below the root, with <c>/</c> between its parts.</param>
    /// <param name="isKey">Whether a key is to be included.</param>
    public static bool IsOfKey(string name, Predicate<string> isKey)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(isKey);
        var start = name.LastIndexOf('/') + 1;
        return isKey(name[..start] + LocalNames.WithoutSide(LocalNames.OwnerOf(name[start..]) ?? name[start..]));
    }

    /// <inheritdoc/>
    public FolderAbove? Above => Path.GetDirectoryName(_paths.Root) is { Length: > 0 } parent
        ? new FolderAbove(new LocalObjectStore(parent, rootMayBeMissing: false, _core.Files, _core.Clock), Path.GetFileName(_paths.Root))
        : null;

    /// <inheritdoc/>
    public IObjectStore? FollowLinks(string prefix)
    {
        var folder = _paths.OfFolder(prefix);
        return PosixCalls.RealPath(folder) is { } real && real != folder
            ? new LocalObjectStore(real, rootMayBeMissing: false, _core.Files, _core.Clock)
            : null;
    }

    /// <inheritdoc/>
    public string Describe(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return _paths.Describe(key);
    }

    /// <inheritdoc/>
    public ValueTask<ObjectInfo?> HeadAsync(string key, CancellationToken cancellationToken)
    {
        var path = _paths.Of(key);
        var taken = LocalErrors.Attempt("look at the file", path, () => _core.Snapshot.Take(path, cancellationToken));
        return ValueTask.FromResult(taken is { } found
            ? new ObjectInfo(
                key, found.State.Size, found.State.Stamp, new DateTimeOffset(found.State.ModifiedUtc))
            {
                Metadata = found.Metadata,
                MetadataProblem = found.Problem
            }
            : null);
    }

    /// <inheritdoc/>
    public ValueTask<ObjectInfo?> StatAsync(string key, CancellationToken cancellationToken)
    {
        var path = _paths.Of(key);
        cancellationToken.ThrowIfCancellationRequested();
        var found = LocalErrors.Attempt("look at the file", path, () => _core.Files.Stat(path));
        return ValueTask.FromResult(found switch
        {
            null or { IsFolder: true } => null,
            { IsSpecial: true } => throw LocalErrors.NoFile(path),
            { } state => new ObjectInfo(key, state.Size, state.Stamp, new DateTimeOffset(state.ModifiedUtc)),
        });
    }

    /// <inheritdoc/>
    /// <exception cref="ConfigurationException">
    /// The root does not exist or is not a folder, a folder may not be read, a link is dangling or
    /// leads to something other than a regular file, such as a pipe, or folders are nested too
    /// deep.
    /// </exception>
    public IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        var folder = _paths.OfFolder(prefix);
        return Enumerate(folder, () => new LocalListing(_core.Files).Objects(folder, prefix), cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="ConfigurationException">
    /// The root does not exist or is not a folder, or a folder may not be read.
    /// </exception>
    public IAsyncEnumerable<ObjectInfo> ListWithOddAsync(string prefix, int depth, CancellationToken cancellationToken)
    {
        var folder = _paths.OfFolder(prefix);
        return Enumerate(folder, () => new LocalListing(_core.Files, withOdd: true).Objects(folder, prefix, depth), cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="ConfigurationException">As for <see cref="ListAsync"/>.</exception>
    public IAsyncEnumerable<LevelEntry> ListLevelAsync(string prefix, CancellationToken cancellationToken)
    {
        var folder = _paths.OfFolder(prefix);
        return Enumerate(folder, () => new LocalListing(_core.Files).Level(folder, prefix), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<bool> FolderExistsAsync(string prefix, CancellationToken cancellationToken)
    {
        var folder = _paths.OfFolder(prefix);
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(
            LocalErrors.Attempt("look at the folder", folder, () => _core.Files.Stat(folder) is { IsFolder: true }));
    }

    /// <inheritdoc/>
    public ValueTask<IObjectReader> OpenAsync(ObjectInfo version, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(version);
        var path = _paths.Of(version.Key);
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(
            LocalErrors.Attempt<IObjectReader>("open the file", path, () => LocalObjectReader.Open(_core.Files, path, version.Stamp)));
    }

    /// <inheritdoc/>
    public ValueTask<IObjectWriter> CreateAsync(string key, WriteOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var path = _paths.OfWritable(key);
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(LocalErrors.Attempt<IObjectWriter>("write the file", path, () =>
        {
            _core.Folders.Ensure(LocalNames.FolderOf(path));
            return LocalObjectWriter.Create(_core, key, path, options.OnlyIfAbsent);
        }));
    }

    /// <inheritdoc/>
    public ValueTask<ObjectInfo> CopyAsync(
        string sourceKey, ObjectStamp sourceStamp, string destinationKey, CopyOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var source = _paths.Of(sourceKey);
        var destination = _paths.OfWritable(destinationKey);
        return LocalErrors.AttemptAsync("copy to the file", destination, async () =>
        {
            _core.Folders.Ensure(LocalNames.FolderOf(destination));
            using var pending = PendingFile.Create(_core.Files, destination);
            await CopyIntoAsync(pending, source, sourceStamp, cancellationToken).ConfigureAwait(false);
            pending.Seal();
            pending.Verify(options.ExpectedSha256, cancellationToken);
            using var held = await TargetLock.AcquireAsync(_core.Files, destination, _core.Clock, cancellationToken).ConfigureAwait(false);
            return _core.Commit.Replace(pending, destinationKey, destination, options.Metadata,
                current => Require(options.ExpectedDestination, current, destination), cancellationToken);
        });
    }

    /// <inheritdoc/>
    public ValueTask EnsureWritableAsync(string key, CancellationToken cancellationToken)
    {
        var path = _paths.OfWritable(key);
        cancellationToken.ThrowIfCancellationRequested();
        LocalErrors.Attempt("write into the folder", LocalNames.FolderOf(path), () =>
        {
            foreach (var written in new[] { path, LocalNames.Side(path) })
            {
                if (_core.Files.Stat(written) is { IsFolder: true })
                    throw new ConfigurationException(
                        "A file is to be written where a folder stands", ErrorPlace.Of(written), "name another place or remove the folder");
            }

            _core.Folders.EnsureCanMake(LocalNames.FolderOf(path));
            return true;
        });
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(string key, CancellationToken cancellationToken) =>
        await DeleteAsync(key, null, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public ValueTask<bool> DeleteVersionAsync(ObjectInfo version, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(version);
        return DeleteAsync(version.Key, version.Stamp, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<Remains> RemoveAbandonedAsync(string prefix, Predicate<string> isOurs, CancellationToken cancellationToken)
    {
        var folder = _paths.OfFolder(prefix);
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(
            new Remains(LocalErrors.Attempt("clean the folder", folder, () => new AbandonedFiles(_core.Files).RemoveFrom(folder)), 0));
    }

    private ValueTask<bool> DeleteAsync(string key, ObjectStamp? expected, CancellationToken cancellationToken)
    {
        var path = _paths.OfWritable(key);
        return LocalErrors.AttemptAsync("remove the file", path, async () =>
        {
            if (_core.Files.Stat(path) is not { IsFolder: false })
                return false;
            using var held = await TargetLock.AcquireAsync(_core.Files, path, _core.Clock, cancellationToken).ConfigureAwait(false);
            if (expected is { } stamp)
            {
                if (_core.Files.Stat(path) is not { IsFolder: false } found)
                    return false;
                if (found.Stamp != stamp)
                    throw new ObjectChangedException(
                        "An object changed before it was removed",
                        new ErrorPlace { Object = path, Expected = $"version {stamp}", Actual = $"version {found.Stamp}" });
            }

            _core.Commit.Delete(path);
            return true;
        });
    }

    private static void Require(Destination? expected, FileState? current, string path)
    {
        if (expected is null || expected.Stamp == current?.Stamp)
            return;
        throw new ObjectChangedException("Another process has replaced the destination of a copy", new ErrorPlace
        {
            Object = path,
            Expected = expected.Stamp is { } stamp ? $"version {stamp}" : "no object",
            Actual = current is { } found ? $"version {found.Stamp}" : "no object",
        });
    }

    private async ValueTask CopyIntoAsync(PendingFile pending, string source, ObjectStamp stamp, CancellationToken cancellationToken)
    {
        var reader = LocalObjectReader.Open(_core.Files, source, stamp);
        await using (reader.ConfigureAwait(false))
        {
            var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(CopyBytes, Math.Max(reader.Length, 1)));
            try
            {
                for (long offset = 0; offset < reader.Length;)
                {
                    var block = buffer.AsMemory(0, (int)Math.Min(buffer.Length, reader.Length - offset));
                    await reader.ReadAsync(offset, block, cancellationToken).ConfigureAwait(false);
                    pending.Append(block.Span);
                    offset += block.Length;
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }

            reader.EnsureUnchanged();
        }
    }

    private async IAsyncEnumerable<T> Enumerate<T>(
        string folder,
        Func<IEnumerable<T>> items,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!LocalErrors.Attempt("list the folder", folder, () => IsThere(folder)))
            yield break;
        using var found = LocalErrors.Attempt("list the folder", folder, () => items().GetEnumerator());
        while (LocalErrors.Attempt("list the folder", folder, found.MoveNext))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return found.Current;
        }

        // Folders are read synchronously: there is nothing to await.
        await ValueTask.CompletedTask.ConfigureAwait(false);
    }

    private bool IsThere(string folder)
    {
        if (_core.Files.Stat(folder) is { IsFolder: true })
            return true;
        return _core.Files.Stat(_paths.Root) switch
        {
            { IsFolder: true } => false,
            null when _rootMayBeMissing => false,
            null => throw new ConfigurationException("There is no such folder", ErrorPlace.Of(_paths.Root), "check the path"),
            _ => throw new ConfigurationException(
                "This is a file, not a folder", ErrorPlace.Of(_paths.Root), "name the folder that holds it"),
        };
    }
}
