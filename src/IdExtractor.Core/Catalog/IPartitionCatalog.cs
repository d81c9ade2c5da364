using IdExtractor.Core.Job;
using IdExtractor.Core.Storage;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Core.Catalog;

/// <summary>
/// Describes one table and lists its partitions, and does nothing more. A pure function, the same
/// for every catalog, decides which partition is the latest. Errors:
/// <see cref="ConfigurationException"/> when the table does not exist or may not be read.
/// </summary>
public interface IPartitionCatalog
{
    /// <summary>The table's folder, before anything in it is listed.</summary>
    ValueTask<StoreLocation> LocateAsync(CancellationToken cancellationToken);

    /// <summary>The table.</summary>
    ValueTask<CatalogTable> GetTableAsync(CancellationToken cancellationToken);

    /// <summary>
    /// How texts of its partitions are ordered; known once all partitions have been listed.
    /// </summary>
    IPartitionOrder Order => SourcePartition.Order;

    /// <summary>
    /// What was skipped on the way to the partitions, such as files next to their folders; complete
    /// once all partitions have been listed.
    /// </summary>
    IReadOnlyList<SkippedItem> Strays => [];

    /// <summary>
    /// Its partitions in no particular order. A <paramref name="pin"/> may narrow what is asked of
    /// the catalog; it need not, the selection applies it again.
    /// </summary>
    IAsyncEnumerable<CatalogPartition> ListPartitionsAsync(PartitionPin? pin, CancellationToken cancellationToken);
}

/// <summary>A table.</summary>
/// <param name="Name">For messages.</param>
/// <param name="Location">Where the data of a table without partitions is.</param>
/// <param name="PartitionKeys">Names of the partition columns in order; empty for a table without
/// partitions.</param>
public sealed record CatalogTable(string Name, StoreLocation Location, IReadOnlyList<string> PartitionKeys)
{
    /// <summary>
    /// The first so many keys have the values that the reference itself names, as if they were
    /// pinned.
    /// </summary>
    public int PinnedKeys { get; init; }
}

/// <summary>A registered partition.</summary>
/// <param name="Values">One a key, in order.</param>
/// <param name="Location">Where its data is; it may be in any store.</param>
public sealed record CatalogPartition(IReadOnlyList<PartitionValue> Values, StoreLocation Location)
{
    /// <summary>
    /// The typed values, one per key, where the catalog knows more than their text shows, as for
    /// dates in a format of their own. Null to parse the text.
    /// </summary>
    public IReadOnlyList<PartitionKeyValue>? TypedValues { get; init; }
}
