using IdExtractor.Core.Job;
using IdExtractor.Core.Storage;

namespace IdExtractor.Core.Catalog;

/// <summary>
/// A reference to a folder, taken apart: <c>b/ano=2025/mes=10</c> is the partition
/// <c>ano=2025/mes=10</c> of the table <c>b</c>, as if it had been pinned (specification, section
/// 2).
/// </summary>
/// <param name="Folder">The named folder.</param>
/// <param name="Table">The table's folder: the nearest one above that is no partition folder. The
/// named folder itself, where that is none.</param>
/// <param name="Pinned">Keys and values of the partition folders between the two, in folder
/// order.</param>
internal sealed record PartitionReference(StoreLocation Folder, StoreLocation Table, IReadOnlyList<PartitionValue> Pinned)
{
    /// <summary>
    /// Takes a reference apart. A partition folder at the top of a bucket or disk is one of the
    /// table that the bucket is.
    /// </summary>
    public static PartitionReference Of(StoreLocation folder)
    {
        var pinned = new List<PartitionValue>();
        var table = folder;
        while (table.Above is { } above && !DataFileName.IsHidden(above.Name) && HiveFolderName.TryParse(above.Name, out var value))
        {
            pinned.Insert(0, value);
            table = above.Folder;
        }

        return new PartitionReference(folder, table, pinned);
    }
}
