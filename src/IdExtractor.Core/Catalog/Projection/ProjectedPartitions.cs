using System.Runtime.CompilerServices;
using IdExtractor.Core.Errors;
using IdExtractor.Core.Pipeline;
using IdExtractor.Core.Storage;

namespace IdExtractor.Core.Catalog.Projection;

/// <summary>
/// Finds the projected partitions that hold data, from the newest to the oldest, and only as many as a run may want. Folders are listed level by level and each once, so that a projection that runs years
/// ahead of its data costs no requests for them.
/// </summary>
/// <param name="projection">The partitions that there may be.</param>
/// <param name="open">Opens a folder by address.</param>
public sealed class ProjectedPartitions(PartitionProjection projection, Func<string, StoreLocation> open)
{
    /// <summary>Partitions with data that are told: the latest, and those that <c>--on-empty-partition previous</c> may go back to.</summary>
    public const int MostFound = 32;

    /// <summary>Partitions that are looked for. A search that goes on for longer is one for a table whose data have stopped, or never began.</summary>
    public const int MostTried = 1 << 22;

    /// <summary>Folders of one level that are taken in.</summary>
    private const int MostFolders = 100_000;

    private readonly Dictionary<string, HashSet<string>> _children = new(StringComparer.Ordinal);

    /// <summary>Partitions with data, latest first, at most <see cref="MostFound"/>.</summary>
    /// <param name="pin">Keys that must have given values; null for none.</param>
    /// <param name="now">What <c>NOW</c> is, in UTC.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="PartitionException">A key of text is not pinned, or the search has gone on for too long.</exception>
    /// <exception cref="ConfigurationException">A key has too many values, or a folder has too many in it.</exception>
    public async IAsyncEnumerable<CatalogPartition> FindAsync(PartitionPin? pin, DateTime now, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var root = open(projection.Root);
        var (tried, found) = (0, 0);
        foreach (var values in Tuples(Choices(root, pin, now)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (++tried > MostTried)
            {
                throw new PartitionException("No projected partition with data is among the newest", new ErrorPlace { Object = projection.Table, Expected = $"one of the first {MostTried}" },
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
                yield break;
        }
    }

    /// <summary>For each key the values that the pin leaves. Values without an order would make the latest a matter of chance.</summary>
    private IReadOnlyList<ProjectedValue>[] Choices(StoreLocation root, PartitionPin? pin, DateTime now)
    {
        var matcher = PartitionPinMatcher.Create(new CatalogTable(projection.Table, root, projection.Keys), pin);
        var choices = new IReadOnlyList<ProjectedValue>[projection.Keys.Count];
        for (var key = 0; key < choices.Length; key++)
        {
            var all = projection.Values(key, now);
            var at = key;
            choices[key] = matcher.IsPinned(key) ? [.. all.Where(value => matcher.Matches(at, value.Text, value.Typed))] : [.. all.Where(value => value.Typed.IsTyped)];
            if (choices[key].Count == 0 && all.Count > 0 && !matcher.IsPinned(key))
            {
                throw new PartitionException("A partition key of text has no latest value", new ErrorPlace { Object = projection.Table, Column = projection.Keys[key] },
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

    /// <summary>Goes down the folder's path; a level that is missing ends it, and is known for all partitions below.</summary>
    private async ValueTask<bool> ExistsAsync(StoreLocation root, string folder, CancellationToken cancellationToken)
    {
        for (var end = folder.IndexOf('/', StringComparison.Ordinal); end >= 0; end = folder.IndexOf('/', end + 1))
        {
            var parent = folder[..(end == 0 ? 0 : folder.LastIndexOf('/', end - 1) + 1)];
            var children = await ChildrenAsync(root, parent, cancellationToken).ConfigureAwait(false);
            if (!children.Contains(folder[..(end + 1)]))
                return false;
        }

        return true;
    }

    private async ValueTask<HashSet<string>> ChildrenAsync(StoreLocation root, string parent, CancellationToken cancellationToken)
    {
        if (_children.TryGetValue(parent, out var known))
            return known;
        var children = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var child in root.Store.ListFoldersAsync(root.Prefix + parent, cancellationToken).ConfigureAwait(false))
        {
            if (children.Count == MostFolders)
            {
                throw new ConfigurationException("A folder of the projected table holds too many folders", new ErrorPlace
                {
                    Object = root.Store.Describe(root.Prefix + parent),
                    Expected = $"at most {MostFolders}",
                }, "name the partition's own folder instead of glue://");
            }

            children.Add(child[root.Prefix.Length..]);
        }

        return _children[parent] = children;
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
}
