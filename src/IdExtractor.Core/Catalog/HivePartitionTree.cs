using IdExtractor.Core.Job;
using IdExtractor.Core.Storage;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Core.Catalog;

/// <summary>The partition folders of one table, walked level by level.</summary>
internal sealed class HivePartitionTree
{
    /// <summary>
    /// Concurrent listings: enough to hide the store's latency, few enough not to be throttled.
    /// </summary>
    private const int Parallelism = 16;

    /// <summary>Levels of partition folders; far above what any table has.</summary>
    private const int MaxLevels = 64;

    private readonly StoreLocation _root;
    private readonly List<Folder> _leaves = [];
    private readonly StrayList _strays;

    private HivePartitionTree(StoreLocation root) => (_root, _strays) = (root, new StrayList(root.Store));

    /// <summary>
    /// Partition keys in folder order, spelled as the first folder of each level spells them.
    /// </summary>
    public IReadOnlyList<string> Keys { get; private set; } = [];

    /// <summary>
    /// One for each innermost folder. Folders without data that stop above the innermost level have
    /// fewer values than there are keys.
    /// </summary>
    public IReadOnlyList<CatalogPartition> Partitions { get; private set; } = [];

    /// <summary>Files and folders next to partition folders, which are not read.</summary>
    public IReadOnlyList<SkippedItem> Strays => _strays.Items();

    /// <summary>Walks all levels.</summary>
    /// <param name="root">The folder to begin with.</param>
    /// <param name="outer">Keys and values of the partition folders above the root, which is one
    /// itself; empty where it is none.</param>
    /// <param name="cancellationToken">Ends the walk.</param>
    /// <exception cref="InputDataException">The folders do not agree on the partition
    /// keys.</exception>
    public static async Task<HivePartitionTree> WalkAsync(
        StoreLocation root, IReadOnlyList<PartitionValue> outer, CancellationToken cancellationToken)
    {
        var tree = new HivePartitionTree(root);
        var keys = outer.Select(value => value.Key).ToList();
        var top = Folder.Above(root.Prefix, outer);
        var level = await tree.ChildrenAsync(top, cancellationToken).ConfigureAwait(false);
        if (level.Count == 0 && outer.Count > 0)
            tree._leaves.Add(top);
        while (level.Count > 0)
        {
            if (level[0].Depth > MaxLevels)
                throw new InputDataException(
                    $"Partition folders are nested deeper than {MaxLevels} levels", ErrorPlace.Of(tree.Describe(level[0])));
            tree.CheckKeys(keys, level);
            keys.Add(level[0].Value!.Key);
            level = await tree.NextLevelAsync(level, cancellationToken).ConfigureAwait(false);
        }

        await tree.CheckDepthAsync(keys.Count, cancellationToken).ConfigureAwait(false);
        tree.Keys = keys;
        tree.Partitions = [.. tree._leaves.Select(leaf => new CatalogPartition(leaf.Values(), new StoreLocation(root.Store, leaf.Prefix)))];
        return tree;
    }

    private async Task<List<Folder>> NextLevelAsync(List<Folder> level, CancellationToken cancellationToken)
    {
        var children = new List<Folder>[level.Count];
        await ConcurrentWork.ForAsync(level.Count, Parallelism, async (i, cancel) =>
            children[i] = await ChildrenAsync(level[i], cancel).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        _leaves.AddRange(level.Where((_, i) => children[i].Count == 0));
        return [.. children.SelectMany(found => found)];
    }

    /// <summary>
    /// Partition folders in a folder. Hidden folders, folders of other names and files next to them
    /// are not partitions (decision 3). A folder without partition folders holds data.
    /// </summary>
    private async Task<List<Folder>> ChildrenAsync(Folder parent, CancellationToken cancellationToken)
    {
        var children = new List<Folder>();
        var others = new StrayList(_root.Store);
        await foreach (var entry in _root.Store.ListLevelAsync(parent.Prefix, cancellationToken).ConfigureAwait(false))
        {
            var name = entry.Key[parent.Prefix.Length..].TrimEnd('/');
            if (DataFileName.IsHidden(name))
                continue;
            if (entry.IsFolder && HiveFolderName.TryParse(name, out var value))
                children.Add(new Folder(entry.Key, value, parent, parent.Depth + 1));
            else
                others.Add(entry);
        }

        if (children.Count > 0)
            _strays.Add(others);
        return children;
    }

    private void CheckKeys(List<string> outerKeys, List<Folder> level)
    {
        var key = level[0].Value!.Key;
        if (outerKeys.Contains(key, StringComparer.OrdinalIgnoreCase))
        {
            throw new InputDataException(
                "A partition key appears at two levels of folders", new ErrorPlace { Object = Describe(level[0]), Column = key },
                "give every level of folders a key of its own");
        }

        if (level.Find(folder => !string.Equals(folder.Value!.Key, key, StringComparison.OrdinalIgnoreCase)) is { } other)
        {
            throw new InputDataException("Folders of one level name different partition keys", new ErrorPlace
            {
                Object = Describe(other),
                Expected = $"key '{key}' as in {Describe(level[0])}",
                Actual = $"key '{other.Value!.Key}'",
            }, "move one of them out of the table");
        }
    }

    /// <summary>
    /// Every partition has all keys. A folder that ends early is skipped only when it holds no file
    /// that a run would miss.
    /// </summary>
    private async Task CheckDepthAsync(int depth, CancellationToken cancellationToken)
    {
        foreach (var leaf in _leaves.Where(leaf => leaf.Depth < depth))
        {
            await foreach (var item in _root.Store.ListAsync(leaf.Prefix, cancellationToken).ConfigureAwait(false))
            {
                if (item.Size == 0 || DataFileName.HasHiddenPart(item.Key.AsSpan(leaf.Prefix.Length)))
                    continue;
                throw new InputDataException("Partition folders are nested to different depths", new ErrorPlace
                {
                    Object = Describe(leaf),
                    Expected = $"{depth} levels as in {Describe(_leaves.Find(other => other.Depth == depth)!)}",
                    Actual = $"data at level {leaf.Depth}",
                }, "move one of them out of the table");
            }
        }
    }

    private string Describe(Folder folder) => _root.Store.Describe(folder.Prefix);

    private sealed record Folder(string Prefix, PartitionValue? Value, Folder? Parent, int Depth)
    {
        /// <summary>The folder that a walk begins with.</summary>
        public static Folder Above(string prefix, IReadOnlyList<PartitionValue> outer)
        {
            var folder = new Folder(prefix, null, null, 0);
            foreach (var value in outer)
                folder = new Folder(prefix, value, folder, folder.Depth + 1);
            return folder;
        }

        public PartitionValue[] Values()
        {
            var values = new PartitionValue[Depth];
            for (var folder = this; folder.Value is not null; folder = folder.Parent!)
                values[folder.Depth - 1] = folder.Value;
            return values;
        }
    }
}
