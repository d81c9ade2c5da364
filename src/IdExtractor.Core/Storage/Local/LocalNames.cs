using System.Text.RegularExpressions;

namespace IdExtractor.Core.Storage.Local;

/// <summary>Names of the files that accompany an object in its folder.</summary>
internal static partial class LocalNames
{
    /// <summary>
    /// What the name of a metadata side file has behind the name of its data file.
    /// </summary>
    public const string SideSuffix = ".metadata.json";

    private const string LockSuffix = ".idx-lock";

    /// <summary>Where the metadata of the object at a path are.</summary>
    public static string Side(string path) => path + SideSuffix;

    /// <summary>The lock that a writer must hold to replace the object at a path.</summary>
    public static string Lock(string path) => Path.Combine(FolderOf(path), $".{Path.GetFileName(path)}{LockSuffix}");

    /// <summary>A new name for a temporary file that will be moved to a path.</summary>
    public static string Temporary(string path) => Path.Combine(FolderOf(path), $".{Path.GetFileName(path)}.{Guid.NewGuid():N}.idx-tmp");

    /// <summary>Folder of a full path.</summary>
    public static string FolderOf(string path) => Path.GetDirectoryName(path) ?? path;

    /// <summary>A lock or a temporary file of this store.</summary>
    public static bool IsInternal(string name) => InternalName().IsMatch(name);

    /// <summary>A temporary file of this store.</summary>
    public static bool IsTemporary(string name) => IsInternal(name) && !name.EndsWith(LockSuffix, StringComparison.Ordinal);

    /// <summary>
    /// The object's name that a lock or a temporary file (also one of a side file) belongs to; null
    /// for other files.
    /// </summary>
    public static string? OwnerOf(string name)
    {
        var match = InternalName().Match(name);
        return match.Success ? WithoutSide(match.Groups["owner"].Value) : null;
    }

    /// <summary>A name that this store keeps for itself.</summary>
    public static bool IsReserved(string name) => name.EndsWith(SideSuffix, StringComparison.Ordinal) || IsInternal(name);

    /// <summary>The data file's name for a side file's; other names as they are.</summary>
    public static string WithoutSide(string name) =>
        name.Length > SideSuffix.Length && name.EndsWith(SideSuffix, StringComparison.Ordinal) ? name[..^SideSuffix.Length] : name;

    [GeneratedRegex(@"^\.(?<owner>.+)(\.[0-9a-f]{32}\.idx-tmp|\.idx-lock)$", RegexOptions.Singleline | RegexOptions.CultureInvariant
        | RegexOptions.ExplicitCapture)]
    private static partial Regex InternalName();
}
