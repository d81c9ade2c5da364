using IdExtractor.Core.Errors;

namespace IdExtractor.Core.Storage.Local;

/// <summary>
/// Puts a finished temporary file and its metadata in the place of an object (docs/adr/0003-local-promotion.md). The caller holds the object's lock. Every state in between is one that
/// a reader of <see cref="LocalSnapshot"/> understands, so a process may be killed at any step.
/// </summary>
internal sealed class LocalCommit(ILocalFileSystem files)
{
    private readonly LocalSnapshot _snapshot = new(files);

    /// <summary>Replaces the object at <paramref name="path"/>.</summary>
    /// <param name="pending">Sealed.</param>
    /// <param name="key">Key of the object.</param>
    /// <param name="path">Its full path.</param>
    /// <param name="metadata">Metadata of the new version.</param>
    /// <param name="require">Throws when the current version, null for none, may not be replaced.</param>
    /// <param name="cancellationToken">Heeded up to the first rename.</param>
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
            throw new ConfigurationException("A folder stands where a file is to be written", ErrorPlace.Of(path), "remove it or choose another key");
        require(current);

        FileState state;
        if (metadata.Count == 0 && files.Stat(LocalNames.Side(path)) is null)
            state = pending.Move(current?.ModifiedUtc);
        else
            state = ReplaceBoth(pending, path, current, metadata, cancellationToken);
        files.FlushFolder(LocalNames.FolderOf(path));
        return new ObjectInfo(key, state.Size, state.Stamp, new DateTimeOffset(state.ModifiedUtc)) { Metadata = metadata };
    }

    /// <summary>Removes the object at a path. The data file goes first: without it, its side file says nothing.</summary>
    public void Delete(string path)
    {
        files.Delete(path);
        files.Delete(LocalNames.Side(path));
        files.FlushFolder(LocalNames.FolderOf(path));
    }

    private FileState ReplaceBoth(
        PendingFile pending,
        string path,
        FileState? current,
        IReadOnlyDictionary<string, string> metadata,
        CancellationToken cancellationToken)
    {
        var next = new SideEntry(metadata, pending.Sha256, pending.Length);
        var old = current is null ? null : DescribeCurrent(path, cancellationToken);
        WriteSide(path, new SideFile(next, old));
        try
        {
            return pending.Move(current?.ModifiedUtc);
        }
        catch (Exception error) when (LocalErrors.Knows(error))
        {
            // A reader of the protocol is served either way; this is for the eye that looks at the side file alone. A share may report a rename as failed that took place, so both
            // entries stay.
            PointBack(path, old, next);
            throw;
        }
    }

    private SideEntry? DescribeCurrent(string path, CancellationToken cancellationToken)
    {
        using var data = files.OpenRead(path);
        var size = files.Stat(data).Size;
        var hash = _snapshot.Hash(data, cancellationToken);
        var entry = _snapshot.ReadSide(path)?.Find(size, () => hash);
        return new SideEntry(entry?.Metadata ?? ObjectInfo.EmptyMetadata, hash, size);
    }

    private void WriteSide(string path, SideFile side)
    {
        var sidePath = LocalNames.Side(path);
        using var pending = PendingFile.Create(files, sidePath);
        pending.Append(side.ToJson());
        pending.Seal();
        pending.Move(null);

        // After a power cut, too, the side file must know every data file that can be found.
        files.FlushFolder(LocalNames.FolderOf(path));
    }

    private void PointBack(string path, SideEntry? old, SideEntry next)
    {
        try
        {
            if (old is not null)
                WriteSide(path, new SideFile(old, next));
            else if (files.Stat(path) is null)
                files.Delete(LocalNames.Side(path));
        }
        catch (Exception error) when (LocalErrors.Knows(error))
        {
            // The first error is the one to tell.
        }
    }
}
