using System.Runtime.CompilerServices;
using IdExtractor.Core.Job;
using IdExtractor.Core.Storage;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Core.Catalog.Projection;

/// <summary>
/// Finds the projected partitions that hold data, from the newest to the oldest, and only as many
/// as a run may want. Folders are listed level by level and each once, so that a projection that
/// runs years ahead of its data costs no requests for them.
/// </summary>
/// <param name="projection">The partitions that there may be.</param>
/// <param name="open">Opens a folder by address.</param>
public sealed class ProjectedPartitions(PartitionProjection projection, Func<string, StoreLocation> open)
{
    /// <summary>
    /// Most partitions with data that are returned: the latest, and those that
    /// <c>--on-empty-partition previous</c> may go back to.
    /// </summary>
    public const int MostFound = 32;

    /// <summary>
    /// Most partitions that are looked for, one listing each. A search that goes on for longer is
    /// one for a table whose data have stopped, or never began.
    /// </summary>
    public const int MostTried = 1 << 22;

    /// <summary>Folders of one level that are taken in.</summary>
    private const int MostFolders = 100_000;

    /// <summary>Projected folders that are held in memory to find what is next to them.</summary>
    private const int MostNamed = 200_000;

    private readonly Dictionary<string, Level> _levels = new(StringComparer.Ordinal);

    /// <summary>
    /// Files and folders in the folders that were looked into, to which no value of the projection
    /// leads. Complete once all partitions have been found; empty with a pin.
    /// </summary>
    public IReadOnlyList<SkippedItem> Strays { get; private set; } = [];

    /// <summary>Partitions with data, latest first, at most <see cref="MostFound"/>.</summary>
    /// <param name="pin">Keys that must have given values; null for none.</param>
    /// <param name="now">What <c>NOW</c> is, in UTC.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="PartitionException">A key of text is not pinned, or the search has gone on
    /// for too long.</exception>
    /// <exception cref="ConfigurationException">A key has too many values, a folder has too many in
    /// it, or the template names no folders.</exception>
    public async IAsyncEnumerable<CatalogPartition> FindAsync(
        PartitionPin? pin, DateTime now, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var root = open(projection.Root);
        var choices = Choices(root, pin, now);
        var (tried, found) = (0, 0);
        foreach (var values in Tuples(choices))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (++tried > MostTried)
            {
                throw new PartitionException(
                    "No projected partition with data is among the newest",
                    new ErrorPlace { Object = projection.Table, Expected = $"one of the first {MostTried}" },
                    "narrow the projection's ranges, or pin the partition with --partition");
            }

            var folder = projection.FolderOf(values);
            if (!await ExistsAsync(root, folder, cancellationToken).ConfigureAwait(false))
                continue;
            var location = new StoreLocation(root.Store, root.Prefix + folder);
            if (!await HoldsDataAsync(location, cancellationToken).ConfigureAwait(false))
                continue;
            PartitionValue[] named = [.. values.Select((value, key) => new PartitionValue(projection.Keys[key], value.Text))];
            PartitionKeyValue[] typed = [.. values.Select(value => value.Typed)];
            yield return new CatalogPartition(named, location) { TypedValues = typed };

            // Those in the future may all be skipped afterwards.
            var isFuture = PartitionTime.BeginOf(named, typed, _ => true) > now + PartitionSearch.FutureLimit;
            if (!isFuture && ++found == MostFound)
                break;
        }

        if (pin is null)
            FindStrays(root, choices, found);
    }

    /// <summary>
    /// Compares the listed folders with those that the projection names. Sends no further requests,
    /// and does nothing when the projection names too many folders to keep in memory.
    /// </summary>
    private void FindStrays(StoreLocation root, IReadOnlyList<ProjectedValue>[] choices, int found)
    {
        var named = new HashSet<string>(StringComparer.Ordinal);
        var tuples = 0;
        foreach (var values in Tuples(choices))
        {
            if (++tuples > MostNamed)
                return;
            var folder = projection.FolderOf(values);
            for (var end = folder.IndexOf('/', StringComparison.Ordinal); end >= 0; end = folder.IndexOf('/', end + 1))
                named.Add(folder[..(end + 1)]);
        }

        var strays = new StrayList(root.Store);
        foreach (var entry in _levels.Values.SelectMany(level => level.Entries).Where(entry => !named.Contains(entry.Key)))
        {
            if (found == 0 && !projection.NamesFolders)
                RefuseBeginningOfNames(root, named, entry.Key);
            if (!DataFileName.HasHiddenPart(entry.Key))
                strays.Add(entry with { Key = root.Prefix + entry.Key });
        }

        Strays = strays.Items();
    }

    /// <summary>
    /// For Athena a template is a prefix, which may end inside a name; then there are names that go
    /// on where a folder's would end.
    /// </summary>
    private void RefuseBeginningOfNames(StoreLocation root, HashSet<string> named, string key)
    {
        for (var length = key.Length - 1; length > 0 && key[length - 1] != '/'; length--)
        {
            if (!named.Contains(key[..length] + "/"))
                continue;
            throw new ConfigurationException("The location template names the beginning of names and no folder", new ErrorPlace
            {
                Object = projection.Table,
                Column = "storage.location.template",
                Expected = "a folder for each partition",
                Actual = root.Store.Describe(root.Prefix + key),
            }, "write each partition into a folder of its own, and end the template with /");
        }
    }

    /// <summary>
    /// For each key the values that the pin leaves. Values without an order would make the latest a
    /// matter of chance.
    /// </summary>
    private IReadOnlyList<ProjectedValue>[] Choices(StoreLocation root, PartitionPin? pin, DateTime now)
    {
        var matcher = PartitionPinMatcher.Create(new CatalogTable(projection.Table, root, projection.Keys), pin);
        var choices = new IReadOnlyList<ProjectedValue>[projection.Keys.Count];
        for (var key = 0; key < choices.Length; key++)
        {
            var all = projection.Values(key, now);
            var at = key;
            choices[key] = matcher.IsPinned(key)
                ? [.. all.Where(value => matcher.Matches(at, value.Text, value.Typed))]
                : [.. all.Where(value => value.Typed.IsTyped)];
            if (choices[key].Count == 0 && all.Count > 0 && !matcher.IsPinned(key))
            {
                throw new PartitionException(
                    "A partition key of text has no latest value",
                    new ErrorPlace { Object = projection.Table, Column = projection.Keys[key] },
                    $"pin it with --partition {projection.Keys[key]}=VALUE");
            }
        }

        return choices;
    }

    /// <summary>Every combination, the last key changing first.</summary>
    private static IEnumerable<ProjectedValue[]> Tuples(IReadOnlyList<ProjectedValue>[] choices)
    {
        if (choices.Any(values => values.Count == 0))
            yield break;
        var at = new int[choices.Length];
        while (true)
        {
            yield return [.. choices.Select((values, key) => values[at[key]])];
            var key = choices.Length - 1;
            while (key >= 0 && ++at[key] == choices[key].Count)
                at[key--] = 0;
            if (key < 0)
                yield break;
        }
    }

    /// <summary>
    /// Goes down the folder's path; a level that is missing ends it, and is known for all
    /// partitions below.
    /// </summary>
    private async ValueTask<bool> ExistsAsync(StoreLocation root, string folder, CancellationToken cancellationToken)
    {
        for (var end = folder.IndexOf('/', StringComparison.Ordinal); end >= 0; end = folder.IndexOf('/', end + 1))
        {
            var parent = folder[..(end == 0 ? 0 : folder.LastIndexOf('/', end - 1) + 1)];
            var level = await LevelAsync(root, parent, cancellationToken).ConfigureAwait(false);
            if (!level.Folders.Contains(folder[..(end + 1)]))
                return false;
        }

        return true;
    }

    private async ValueTask<Level> LevelAsync(StoreLocation root, string parent, CancellationToken cancellationToken)
    {
        if (_levels.TryGetValue(parent, out var known))
            return known;
        var level = new Level([], new HashSet<string>(StringComparer.Ordinal));
        await foreach (var entry in root.Store.ListLevelAsync(root.Prefix + parent, cancellationToken).ConfigureAwait(false))
        {
            var key = entry.Key[root.Prefix.Length..];
            if (entry.IsFolder && !level.Folders.Add(key))
                continue;
            if (level.Folders.Count > MostFolders)
            {
                throw new ConfigurationException("A folder of the projected table holds too many folders", new ErrorPlace
                {
                    Object = root.Store.Describe(root.Prefix + parent),
                    Expected = $"at most {MostFolders}",
                }, "name the partition's own folder instead of glue://");
            }

            if (level.Entries.Count < MostFolders)
                level.Entries.Add(entry with { Key = key });
        }

        return _levels[parent] = level;
    }

    private static async ValueTask<bool> HoldsDataAsync(StoreLocation location, CancellationToken cancellationToken)
    {
        await foreach (var item in location.Store.ListAsync(location.Prefix, cancellationToken).ConfigureAwait(false))
        {
            if (item.Size > 0 && !DataFileName.HasHiddenPart(item.Key.AsSpan(location.Prefix.Length)))
                return true;
        }

        return false;
    }

    /// <summary>What is in one folder, below the root.</summary>
    /// <param name="Entries">Files and folders.</param>
    /// <param name="Folders">The folders, as prefixes.</param>
    private sealed record Level(List<LevelEntry> Entries, HashSet<string> Folders);
}
