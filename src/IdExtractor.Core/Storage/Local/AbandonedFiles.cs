namespace IdExtractor.Core.Storage.Local;

/// <summary>
/// Removes what dead processes left in one folder: temporary files and locks that no process holds,
/// and side files whose data file never appeared. Names alone prove nothing, so each file is
/// removed only under the lock of its object.
/// </summary>
internal sealed class AbandonedFiles(ILocalFileSystem files)
{
    private readonly LocalSnapshot _snapshot = new(files);

    /// <summary>Cleans a folder. Files that cannot be removed are skipped.</summary>
    /// <returns>Files removed.</returns>
    public int RemoveFrom(string folder)
    {
        IReadOnlyList<FolderEntry> entries;
        try
        {
            entries = files.List(folder);
        }
        catch (DirectoryNotFoundException)
        {
            return 0;
        }

        var names = entries.Where(entry => entry.State is { IsFolder: false })
            .Select(entry => entry.Name)
            .ToHashSet(StringComparer.Ordinal);
        var suspects = names
            .Select(name => new Suspect(name, LocalNames.OwnerOf(name) ?? OwnerOfOrphan(name, names)))
            .Where(suspect => suspect.Owner is not null)
            .GroupBy(suspect => suspect.Owner!, suspect => suspect.Name, StringComparer.Ordinal);
        var removed = 0;
        foreach (var group in suspects)
        {
            try
            {
                removed += RemoveOf(folder, group.Key, [.. group]);
            }
            catch (Exception error) when (LocalErrors.Knows(error))
            {
                // A failed cleanup must not fail the run.
            }
        }

        return removed;
    }

    private static string? OwnerOfOrphan(string name, HashSet<string> names)
    {
        var owner = LocalNames.WithoutSide(name);
        return owner.Length < name.Length && !names.Contains(owner) ? owner : null;
    }

    private int RemoveOf(string folder, string owner, List<string> suspects)
    {
        var path = Path.Combine(folder, owner);
        using var held = TargetLock.TryAcquire(files, path);
        if (held is null)
            return 0;
        var removed = 0;
        foreach (var name in suspects)
        {
            var suspect = Path.Combine(folder, name);
            if (LocalNames.IsTemporary(name))
                removed += TryRemoveTemporary(suspect) ? 1 : 0;
            else if (LocalNames.IsInternal(name))
                removed++; // A lock file: giving up the lock removes it.
            else if (IsOrphan(path))
                removed += TryRemove(suspect);
        }

        return removed;
    }

    private bool IsOrphan(string path) =>
        files.Stat(path) is null && _snapshot.ReadSide(path) is { } side && side.Entries.All(entry => entry.Sha256 is not null);

    private bool TryRemoveTemporary(string suspect)
    {
        using var file = files.TryOpenLocked(suspect, FileMode.Open);
        if (file is null)
            return false;
        if (OperatingSystem.IsWindows())
            file.Dispose();
        files.Delete(suspect);
        return true;
    }

    private int TryRemove(string path)
    {
        files.Delete(path);
        return 1;
    }

    /// <summary>A file that may have been left behind, and the object that it was for.</summary>
    private sealed record Suspect(string Name, string? Owner);
}
