using IdExtractor.Core.Job;
using IdExtractor.Core.Storage;
using IdExtractor.Core.Storage.Formats;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Core.Plan;

/// <summary>
/// The objects under a partition's Location, at any depth, sorted into data and the rest (decision
/// 3).
/// </summary>
/// <param name="Data">Objects that hold data, pinned by their stamps, in ordinal order of
/// keys.</param>
/// <param name="Skipped">The others, and why.</param>
internal sealed record PartitionFiles(IReadOnlyList<ObjectInfo> Data, IReadOnlyList<SkippedItem> Skipped)
{
    /// <summary>A file that a failed copy may have left: worth a look.</summary>
    private const string ZeroBytes = "0 bytes";

    /// <exception cref="ConfigurationException">There is the log of a table format among
    /// them.</exception>
    public static async Task<PartitionFiles> ListAsync(StoreLocation location, CancellationToken cancellationToken)
    {
        var data = new List<ObjectInfo>();
        var skipped = new List<SkippedItem>();
        await foreach (var item in location.Store.ListAsync(location.Prefix, cancellationToken).ConfigureAwait(false))
        {
            TableFormatCheck.Refuse(location, item.Key);
            var relative = item.Key.AsSpan(location.Prefix.Length);
            var reason = DataFileName.HasHiddenPart(relative) ? "hidden"
                : DataFileName.IsFolderMarker(relative) ? "folder marker"
                : item.Size == 0 ? ZeroBytes
                : null;
            if (reason is null)
                data.Add(item);
            else
                skipped.Add(new SkippedItem(location.Store.Describe(item.Key), reason, IsWarning: reason == ZeroBytes));
        }

        return new PartitionFiles(data, skipped);
    }
}
