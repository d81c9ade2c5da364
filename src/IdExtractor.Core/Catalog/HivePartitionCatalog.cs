using IdExtractor.Core.Errors;
using IdExtractor.Core.Pipeline;
using IdExtractor.Core.Storage;

namespace IdExtractor.Core.Catalog;

/// <summary>
/// A table that is known by its folders alone: <c>key=value/key=value/...</c> below one root, as Hive and Spark lay them out (spec section 2). A root without such a folder is a
/// table without partitions. The folders are listed once and kept; one instance serves one caller at a time.
/// </summary>
/// <param name="root">The table's folder.</param>
public sealed class HivePartitionCatalog(StoreLocation root) : IPartitionCatalog
{
    private HivePartitionTree? _tree;

    /// <inheritdoc/>
    public ValueTask<StoreLocation> LocateAsync(CancellationToken cancellationToken) => ValueTask.FromResult(root);

    /// <inheritdoc/>
    /// <exception cref="ConfigurationException">There is no such folder, or it may not be read.</exception>
    /// <exception cref="InputDataException">The folders do not agree on the partition keys; both are named.</exception>
    public async ValueTask<CatalogTable> GetTableAsync(CancellationToken cancellationToken)
    {
        var tree = await LoadAsync(cancellationToken).ConfigureAwait(false);
        return new CatalogTable(root.ToString(), root, tree.Keys);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<CatalogPartition> ListPartitionsAsync(
        PartitionPin? pin,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var tree = await LoadAsync(cancellationToken).ConfigureAwait(false);
        foreach (var partition in tree.Partitions)
            yield return partition;
    }

    private async ValueTask<HivePartitionTree> LoadAsync(CancellationToken cancellationToken)
    {
        if (_tree is { } known)
            return known;
        var tree = await HivePartitionTree.WalkAsync(root, cancellationToken).ConfigureAwait(false);
        if (tree.Keys.Count == 0 && !await root.Store.FolderExistsAsync(root.Prefix, cancellationToken).ConfigureAwait(false))
        {
            throw new ConfigurationException("The table's folder does not exist", ErrorPlace.Of(root.ToString()),
                "check the path, and that the table has been written");
        }

        return _tree = tree;
    }
}
