using IdExtractor.Foundation.Errors;

namespace IdExtractor.Core.Storage.Local;

/// <summary>
/// Puts a finished temporary file and its metadata in the place of an object
/// (docs/adr/0003-local-promotion.md). The caller holds the object's lock. Every state in between
/// is one that a reader of <see cref="LocalSnapshot"/> understands, so a process may be killed at
/// any step.
/// </summary>
internal sealed class LocalCommit(ILocalFileSystem files)
{
    private readonly LocalSnapshot _snapshot = new(files);

    /// <summary>Replaces the object at <paramref name="path"/>.</summary>
    /// <param name="pending">Sealed.</param>
    /// <param name="key">Key of the object.</param>
    /// <param name="path">Its full path.</param>
    /// <param name="metadata">Metadata of the new version.</param>
    /// <param name="require">Throws when the current version, null for none, may not be
    /// replaced.</param>
    /// <param name="cancellationToken">Observed up to the first rename.</param>
    public ObjectInfo Replace(
        PendingFile pending,
        string key,
        string path,
        IReadOnlyDictionary<string, string> metadata,
        Action<FileState?> require,
        CancellationToken cancellationToken)
    {
        var current = files.Stat(path);
        if (current is { IsFolder: true })
            throw new ConfigurationException(
                "A folder stands where a file is to be written", ErrorPlace.Of(path), "remove it or choose another key");
        require(current);

        var sides = metadata.Count == 0 && files.Stat(LocalNames.Side(path)) is null
            ? null
            : new SideFile(
                new SideEntry(metadata, pending.Sha256, pending.Length), current is null ? null : DescribeCurrent(path, cancellationToken));
        if (sides is not null)
            WriteSide(path, sides, cancellationToken);
        var state = Switch(pending, path, current, sides);
        return new ObjectInfo(key, state.Size, state.Stamp, new DateTimeOffset(state.ModifiedUtc)) { Metadata = metadata };
    }

    /// <summary>
    /// Removes the object at a path. The data file is removed first: without it, its side file has
    /// no meaning.
    /// </summary>
    public void Delete(string path)
    {
        files.Delete(path);
        files.Delete(LocalNames.Side(path));
        files.FlushFolder(LocalNames.FolderOf(path));
    }

    /// <summary>
    /// Renames the file over its target and flushes the folder. If the folder cannot be flushed,
    /// the version from before gets its name back, so that a failure means: nothing has changed.
    /// </summary>
    private FileState Switch(PendingFile pending, string path, FileState? current, SideFile? sides)
    {
        var spare = current is null ? null : LinkSpare(path);
        var isRenamed = false;
        try
        {
            var state = pending.Move(current?.ModifiedUtc);
            isRenamed = true;
            files.FlushFolder(LocalNames.FolderOf(path));
            return state;
        }
        catch (Exception error) when (LocalErrors.Knows(error))
        {
            // A reader of the protocol is served either way; the side file is for the eye that
            // looks at it alone. A share may report a rename as failed that took place, so both
            // entries stay.
            if ((!isRenamed || TryRestore(path, current is not null, spare)) && sides is not null)
                PointBack(path, sides);
            throw;
        }
        finally
        {
            if (spare is not null)
                Quietly(() => files.Delete(spare));
        }
    }

    /// <summary>
    /// A second name for the current version, under which it outlives being replaced; null where
    /// the file system has no such thing.
    /// </summary>
    private string? LinkSpare(string path)
    {
        var spare = LocalNames.Temporary(path);
        return files.TryLink(path, spare) ? spare : null;
    }

    /// <summary>Undoes the rename; false when the new version has to stay.</summary>
    private bool TryRestore(string path, bool hadVersion, string? spare)
    {
        if (hadVersion && spare is null)
            return false;
        var isBack = Quietly(() =>
        {
            if (spare is null)
                files.Delete(path);
            else
                files.Replace(spare, path);
        });

        // This flush may fail too: after a power cut it is the old version or the new one, whole.
        if (isBack)
            Quietly(() => files.FlushFolder(LocalNames.FolderOf(path)));
        return isBack;
    }

    private SideEntry? DescribeCurrent(string path, CancellationToken cancellationToken)
    {
        using var data = files.OpenRead(path);
        var size = files.Stat(data).Size;
        var hash = _snapshot.Hash(data, cancellationToken);
        var entry = _snapshot.ReadSide(path)?.Find(size, () => hash);
        return new SideEntry(entry?.Metadata ?? ObjectInfo.EmptyMetadata, hash, size);
    }

    private void WriteSide(string path, SideFile side, CancellationToken cancellationToken)
    {
        var sidePath = LocalNames.Side(path);
        using var pending = PendingFile.Create(files, sidePath);
        pending.Append(side.ToJson());
        pending.Seal();
        pending.Verify(null, cancellationToken);
        pending.Move(null);

        // After a power cut, too, the side file must know every data file that can be found.
        files.FlushFolder(LocalNames.FolderOf(path));
    }

    private void PointBack(string path, SideFile sides) => Quietly(() =>
    {
        if (sides.Alternate is { } old)
            WriteSide(path, new SideFile(old, sides.Primary), CancellationToken.None);
        else if (files.Stat(path) is null)
            files.Delete(LocalNames.Side(path));
    });

    /// <summary>
    /// Does something in the wake of an error, which is the one to report; false when it fails.
    /// </summary>
    private static bool Quietly(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (Exception error) when (LocalErrors.Knows(error) || error is VerificationException)
        {
            return false;
        }
    }
}
