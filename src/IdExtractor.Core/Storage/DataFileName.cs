namespace IdExtractor.Core.Storage;

/// <summary>
/// Which names in a table hold data (decision 3): a file or folder whose name begins with <c>_</c>
/// or <c>.</c> does not, nor does anything inside it.
/// </summary>
public static class DataFileName
{
    /// <summary>The name of one file or folder, without a <c>/</c>, is hidden.</summary>
    public static bool IsHidden(ReadOnlySpan<char> name) => name is ['_' or '.', ..];

    /// <summary>
    /// A key that is not a file but a marker that some S3 writers store for a folder: <c>2025/</c>,
    /// or Hadoop's <c>2025_$folder$</c>.
    /// </summary>
    public static bool IsFolderMarker(ReadOnlySpan<char> relativeKey) =>
        relativeKey is [] or [.., '/'] || relativeKey.EndsWith("_$folder$", StringComparison.Ordinal);

    /// <summary>A key below a partition's Location is hidden in one of its parts.</summary>
    public static bool HasHiddenPart(ReadOnlySpan<char> relativeKey)
    {
        foreach (var part in relativeKey.Split('/'))
        {
            if (IsHidden(relativeKey[part]))
                return true;
        }

        return false;
    }
}
