using IdExtractor.Foundation.Errors;

namespace IdExtractor.Core.Storage.Local;

/// <summary>
/// Lists a folder as a flat space of keys and follows links. Files that vanish during the listing
/// are skipped.
/// </summary>
/// <param name="files">The file system.</param>
/// <param name="withOdd">Returns what is no file, where a listing of data fails.</param>
internal sealed class LocalListing(ILocalFileSystem files, bool withOdd = false)
{
    /// <summary>Greatest depth of nested folders, which ends a loop of links.</summary>
    public const int MaxDepth = 64;

    /// <summary>Every object below a folder, in ordinal order of keys.</summary>
    /// <param name="folder">Full path of the folder.</param>
    /// <param name="prefix">What its keys begin with: empty, or ending with <c>/</c>.</param>
    /// <param name="depth">Folders that are further below are skipped.</param>
    public IEnumerable<ObjectInfo> Objects(string folder, string prefix, int depth = int.MaxValue)
    {
        // One iterator per level: its entries, sorted so that a folder comes where its keys do.
        var levels = new Stack<OpenFolder>();
        levels.Push(new OpenFolder(folder, prefix, Entries(folder).GetEnumerator()));
        while (levels.TryPeek(out var level))
        {
            if (!level.Entries.MoveNext())
            {
                levels.Pop();
                continue;
            }

            var entry = level.Entries.Current;
            if (withOdd && ProblemOf(level.Folder, entry) is { } problem)
            {
                var modified = entry.State is { } special ? new DateTimeOffset(special.ModifiedUtc) : DateTimeOffset.UnixEpoch;
                yield return new ObjectInfo(level.Prefix + entry.Name, 0, default, modified)
                {
                    MetadataProblem = new MetadataProblem(problem.Message),
                };
                continue;
            }

            if (entry.State is not { } state)
                continue;
            if (!state.IsFolder)
            {
                yield return new ObjectInfo(level.Prefix + entry.Name, state.Size, state.Stamp, new DateTimeOffset(state.ModifiedUtc));
                continue;
            }

            if (levels.Count > depth)
                continue;
            var path = Path.Combine(level.Folder, entry.Name);
            if (levels.Count == MaxDepth)
                throw new ConfigurationException(
                    $"Folders are nested more than {MaxDepth} deep", ErrorPlace.Of(path), "look for a loop of links");
            levels.Push(new OpenFolder(path, level.Prefix + entry.Name + "/", Entries(path).GetEnumerator()));
        }
    }

    /// <summary>What is directly below a folder, in ordinal order.</summary>
    public IEnumerable<LevelEntry> Level(string folder, string prefix)
    {
        foreach (var entry in Entries(folder))
        {
            if (entry.State is { } state)
                yield return state.IsFolder
                    ? new LevelEntry(prefix + entry.Name + "/", 0)
                    : new LevelEntry(prefix + entry.Name, state.Size);
        }
    }

    private static ConfigurationException? ProblemOf(string folder, FolderEntry entry)
    {
        // Skipping a link to a lost data file, or a pipe whose size is 0, would silently lose rows.
        // Hidden names are not data files.
        if (entry.Name[0] is '.' or '_')
            return null;
        var path = Path.Combine(folder, entry.Name);
        if (entry.IsUndecodable)
        {
            return new ConfigurationException("A name in the folder is not UTF-8", ErrorPlace.Of(path),
                "rename it, for example with convmv, or move it out of the folder");
        }

        if (entry.State is { IsSpecial: true })
            return LocalErrors.NoFile(path);
        return entry.IsLink && entry.State is null
            ? new ConfigurationException("A link leads nowhere, or in a circle", ErrorPlace.Of(path),
                "remove the link or restore the file that it names")
            : null;
    }

    private IEnumerable<FolderEntry> Entries(string folder)
    {
        IReadOnlyList<FolderEntry> found;
        try
        {
            found = files.List(folder);
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }

        var names = found.Where(entry => entry.State is { IsFolder: false }).Select(entry => entry.Name).ToHashSet(StringComparer.Ordinal);
        var shown = new List<Shown>(found.Count);
        foreach (var entry in found)
        {
            if (!withOdd && ProblemOf(folder, entry) is { } problem)
                throw problem;
            var isSide = LocalNames.WithoutSide(entry.Name) is var owner && owner.Length < entry.Name.Length && names.Contains(owner);
            if (!isSide && !LocalNames.IsInternal(entry.Name))
                shown.Add(new Shown(entry.State is { IsFolder: true } ? entry.Name + "/" : entry.Name, entry));
        }

        shown.Sort((left, right) => KeyOrder.Instance.Compare(left.Order, right.Order));
        return shown.Select(item => item.Entry);
    }

    /// <summary>A folder that is being listed.</summary>
    private sealed record OpenFolder(string Folder, string Prefix, IEnumerator<FolderEntry> Entries);

    /// <summary>An entry, and what it is sorted by.</summary>
    private sealed record Shown(string Order, FolderEntry Entry);
}
