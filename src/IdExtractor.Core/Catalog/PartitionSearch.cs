using IdExtractor.Core.Job;

namespace IdExtractor.Core.Catalog;

/// <summary>
/// The first step of a run: asks a catalog for a table and its partitions and orders them.
/// </summary>
public static class PartitionSearch
{
    /// <summary>
    /// How far in the future a partition may begin to be the latest: clocks and time zones differ
    /// by less.
    /// </summary>
    public static readonly TimeSpan FutureLimit = TimeSpan.FromDays(2);

    /// <summary>
    /// The partitions that a run may take; errors are those of the catalog and of
    /// <see cref="PartitionSelector.Select"/>.
    /// </summary>
    public static async Task<PartitionSelection> SelectAsync(
        IPartitionCatalog catalog, PartitionPin? pin, CancellationToken cancellationToken, DateTime? newest = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        var table = await catalog.GetTableAsync(cancellationToken).ConfigureAwait(false);
        var partitions = new List<CatalogPartition>();
        if (table.PartitionKeys.Count > 0)
        {
            await foreach (var partition in catalog.ListPartitionsAsync(pin, cancellationToken).ConfigureAwait(false))
                partitions.Add(partition);
        }

        return PartitionSelector.Select(table, partitions, pin, newest) with { Strays = catalog.Strays, Order = catalog.Order };
    }
}
