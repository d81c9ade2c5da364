using Microsoft.Win32.SafeHandles;

namespace IdExtractor.Core.Storage.Local;

/// <summary>
/// A local path with everything that it may be another name for: relative paths, links, hard links
/// and mounts of one folder in two places. Two places are compared by what they lead to, so that an
/// input is recognized under any name. The file need not exist.
/// </summary>
public sealed class LocalPlace
{
    private const int MostLinks = 40;

    private static readonly StringComparison s_comparison = OperatingSystem.IsWindows()
        ? StringComparison.OrdinalIgnoreCase
        : StringComparison.Ordinal;

    private LocalPlace(string path) => Path = path;

    /// <summary>The full path without links, as far as it exists.</summary>
    public string Path { get; }

    /// <summary>Resolves a path. A path that may not be accessed is used as written.</summary>
    /// <param name="path">Relative paths are taken from the current folder.</param>
    public static LocalPlace Of(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var full = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        return new LocalPlace(Resolve(full, MostLinks));
    }

    /// <summary>The paths lead to one file or folder, or would, if it existed.</summary>
    public bool IsSameAs(LocalPlace other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return string.Equals(Path, other.Path, s_comparison) || (IdentityOf(Path) is { } identity && identity == IdentityOf(other.Path));
    }

    /// <summary>The path is below a folder, or is the folder.</summary>
    public bool IsWithin(LocalPlace folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var identity = IdentityOf(folder.Path);
        for (var path = Path; path is not null; path = System.IO.Path.GetDirectoryName(path))
        {
            if (string.Equals(path, folder.Path, s_comparison) || (identity is not null && identity == IdentityOf(path)))
                return true;
        }

        return false;
    }

    /// <summary>
    /// The path leads to the file, pipe or device that is open under a descriptor. Always false
    /// where the system does not say.
    /// </summary>
    public static bool IsOpenAs(string path, int descriptor)
    {
        if (!OperatingSystem.IsLinux())
            return false;
        using var open = new SafeFileHandle(descriptor, ownsHandle: false);
        try
        {
            return LinuxStat.Of(path)?.Identity is { } identity && identity == LinuxStat.Of(open).Identity;
        }
        catch (Exception error) when (LocalErrors.Knows(error))
        {
            return false;
        }
    }

    /// <summary>
    /// Resolves the links of a path, part by part from its root, dangling ones included.
    /// </summary>
    private static string Resolve(string full, int links)
    {
        var root = System.IO.Path.GetPathRoot(full) ?? "";
        var path = root;
        var parts = full[root.Length..].Split(System.IO.Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < parts.Length; i++)
        {
            path = System.IO.Path.Combine(path, parts[i]);
            if (links == 0 || TargetOf(path) is not { } target)
                continue;
            var rest = string.Join(System.IO.Path.DirectorySeparatorChar, parts[(i + 1)..]);
            return Resolve(
                System.IO.Path.GetFullPath(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(path) ?? root, target, rest)), links - 1);
        }

        return path;
    }

    private static string? TargetOf(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception error) when (LocalErrors.Knows(error))
        {
            return null;
        }
    }

    private static string? IdentityOf(string path)
    {
        try
        {
            return OperatingSystem.IsLinux() ? LinuxStat.Of(path)?.Identity : null;
        }
        catch (Exception error) when (LocalErrors.Knows(error))
        {
            return null;
        }
    }
}
