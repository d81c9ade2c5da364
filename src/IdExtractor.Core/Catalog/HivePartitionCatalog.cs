using IdExtractor.Core.Job;
using IdExtractor.Core.Storage;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Core.Catalog;

/// <summary>
/// A table that is known by its folders alone: <c>key=value/key=value/...</c> below one root, as
/// Hive and Spark lay them out (specification, section 2). A root without such a folder is a table
/// without partitions; one that is itself such a folder is a partition of the table above. The
/// folders are listed once and kept; one instance serves one caller at a time.
/// </summary>
/// <param name="root">The named folder.</param>
public sealed class HivePartitionCatalog(StoreLocation root) : IPartitionCatalog
{
    private readonly PartitionReference _reference = PartitionReference.Of(root);
    private HivePartitionTree? _tree;

    /// <inheritdoc/>
    public IReadOnlyList<SkippedItem> Strays => _tree?.Strays ?? [];

    /// <inheritdoc/>
    public ValueTask<StoreLocation> LocateAsync(CancellationToken cancellationToken) => ValueTask.FromResult(root);

    /// <inheritdoc/>
    /// <exception cref="ConfigurationException">There is no such folder, or it may not be
    /// read.</exception>
    /// <exception cref="PartitionException">The named partition folder is not there, and the table
    /// above is.</exception>
    /// <exception cref="InputDataException">The folders do not agree on the partition keys; both
    /// are named.</exception>
    public async ValueTask<CatalogTable> GetTableAsync(CancellationToken cancellationToken)
    {
        var tree = await LoadAsync(cancellationToken).ConfigureAwait(false);
        return new CatalogTable(root.ToString(), root, tree.Keys) { PinnedKeys = _reference.Pinned.Count };
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
        if (_reference.Pinned.Count > 0)
            await EnsureThereAsync(cancellationToken).ConfigureAwait(false);
        var tree = await HivePartitionTree.WalkAsync(root, _reference.Pinned, cancellationToken).ConfigureAwait(false);
        if (tree.Keys.Count == 0 && !await ExistsAsync(root, cancellationToken).ConfigureAwait(false))
            throw NoSuchFolder(root);
        return _tree = tree;
    }

    private async Task EnsureThereAsync(CancellationToken cancellationToken)
    {
        if (await ExistsAsync(root, cancellationToken).ConfigureAwait(false))
            return;
        if (!await ExistsAsync(_reference.Table, cancellationToken).ConfigureAwait(false))
            throw NoSuchFolder(_reference.Table);
        throw new PartitionException("The named partition does not exist", new ErrorPlace
        {
            Object = _reference.Table.ToString(),
            Expected = new PartitionPin(_reference.Pinned).ToString(),
        }, "check the path, or wait until the partition has been written");
    }

    private static ValueTask<bool> ExistsAsync(StoreLocation folder, CancellationToken cancellationToken) =>
        folder.Store.FolderExistsAsync(folder.Prefix, cancellationToken);

    private static ConfigurationException NoSuchFolder(StoreLocation folder) =>
        new("The table's folder does not exist", ErrorPlace.Of(folder.ToString()), "check the path, and that the table has been written");
}
