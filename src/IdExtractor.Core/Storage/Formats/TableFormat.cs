namespace IdExtractor.Core.Storage.Formats;

/// <summary>
/// A table format whose log decides which of a folder's files belong to the table.
/// </summary>
public enum TableFormat
{
    /// <summary>Delta Lake: <c>_delta_log/</c>.</summary>
    Delta,

    /// <summary>
    /// Apache Hudi: <c>.hoodie/</c>, and <c>.hoodie_partition_metadata</c> in each partition.
    /// </summary>
    Hudi,

    /// <summary>
    /// Apache Iceberg: <c>metadata/*.metadata.json</c>, and what its snapshots leave next to that.
    /// </summary>
    Iceberg,
}

/// <summary>The names by which table formats show in a listing.</summary>
internal static class TableFormatMarks
{
    /// <summary>Folder of Delta's log.</summary>
    public const string DeltaLog = "_delta_log/";

    /// <summary>Folder of Hudi's timeline.</summary>
    public const string HudiTimeline = ".hoodie/";

    /// <summary>
    /// Folder of Iceberg's metadata. Other tables may have a folder of this name too, so only the
    /// files in it are conclusive.
    /// </summary>
    public const string IcebergFolder = "metadata/";

    private const string HudiPartition = ".hoodie_partition_metadata";
    private const string IcebergMetadata = ".metadata.json";
    private const string IcebergHint = "version-hint.text";

    /// <summary>The format's name in messages.</summary>
    public static string ToName(this TableFormat format) => format switch
    {
        TableFormat.Delta => "Delta Lake",
        TableFormat.Hudi => "Apache Hudi",
        _ => "Apache Iceberg",
    };

    /// <summary>
    /// A file of this name in <see cref="IcebergFolder"/> makes the folder above it an Iceberg
    /// table: its metadata (older writers put <c>.gz</c> last), the hint at them, or a list of
    /// manifests.
    /// </summary>
    public static bool IsIcebergMetadata(ReadOnlySpan<char> name) =>
        name.EndsWith(IcebergMetadata, StringComparison.Ordinal)
        || name.EndsWith(IcebergMetadata + ".gz", StringComparison.Ordinal)
        || name.SequenceEqual(IcebergHint)
        || (name.StartsWith("snap-", StringComparison.Ordinal) && name.EndsWith(".avro", StringComparison.Ordinal));

    /// <summary>
    /// Finds a format's mark among the parts of a key, as
    /// <c>europe/_delta_log/00000000000000000000.json</c> below a table's folder.
    /// </summary>
    /// <param name="relativeKey">The key below the folder.</param>
    /// <param name="format">The format.</param>
    /// <param name="rootLength">Characters of the key before the mark: the root of the marked
    /// table.</param>
    public static bool TryFind(ReadOnlySpan<char> relativeKey, out TableFormat format, out int rootLength)
    {
        format = default;
        for (rootLength = 0; rootLength < relativeKey.Length;)
        {
            var rest = relativeKey[rootLength..];
            if (rest.StartsWith(DeltaLog, StringComparison.Ordinal))
                return true;
            format = TableFormat.Hudi;
            if (rest.StartsWith(HudiTimeline, StringComparison.Ordinal) || IsHudiPartition(rest))
                return true;
            format = TableFormat.Iceberg;
            if (IsIcebergPath(rest))
                return true;
            format = default;
            var end = rest.IndexOf('/');
            if (end < 0)
                return false;
            rootLength += end + 1;
        }

        return false;
    }

    /// <summary>The name may carry the extension of the table's files.</summary>
    private static bool IsHudiPartition(ReadOnlySpan<char> name) =>
        name.StartsWith(HudiPartition, StringComparison.Ordinal) && !name.Contains('/');

    private static bool IsIcebergPath(ReadOnlySpan<char> path) =>
        path.StartsWith(IcebergFolder, StringComparison.Ordinal)
        && !path[IcebergFolder.Length..].Contains('/')
        && IsIcebergMetadata(path[IcebergFolder.Length..]);
}
