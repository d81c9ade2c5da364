using IdExtractor.Foundation.Errors;

namespace IdExtractor.Core.Storage.Local;

/// <summary>Keys as paths below one root.</summary>
internal sealed class LocalPaths
{
    /// <summary>Takes a root, relative ones from the current folder.</summary>
    public LocalPaths(string root)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        if (root.Contains('\0', StringComparison.Ordinal))
            throw new ConfigurationException("A folder's path holds a NUL character", null, "check the path");
        Root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));

        // .NET reads bytes that are not UTF-8 as this character, on the command line and in the
        // current folder; another folder would be meant.
        if (Root.Contains('\uFFFD', StringComparison.Ordinal))
            throw new ConfigurationException(
                "A folder's path is not UTF-8", ErrorPlace.Of(Root), "name a folder whose path is UTF-8, or rename it");
    }

    /// <summary>Full path of the root.</summary>
    public string Root { get; }

    /// <summary>The path of a key, or of a prefix, for messages; it is not checked.</summary>
    public string Describe(string key) => key.Length == 0 ? Root : Path.Join(Root, Native(key));

    /// <summary>Full path of an object that is looked up or read.</summary>
    /// <exception cref="ConfigurationException">The key cannot be used.</exception>
    public string Of(string key)
    {
        ObjectKey.Require(key);
        return Path.Join(Root, Native(key));
    }

    /// <summary>Full path of an object that is written or removed.</summary>
    /// <exception cref="ConfigurationException">The key cannot be used, or its name is one that the
    /// store keeps for itself.</exception>
    public string OfWritable(string key)
    {
        var path = Of(key);
        if (LocalNames.IsReserved(Path.GetFileName(path)))
        {
            throw new ConfigurationException(
                "A key cannot be used: its name is kept for side files, locks and temporary files", ErrorPlace.Of(path),
                "use a name that does not end with .metadata.json, .idx-lock or .idx-tmp");
        }

        return path;
    }

    /// <summary>Full path of the folder that a prefix names.</summary>
    /// <exception cref="ConfigurationException">The prefix cannot be used.</exception>
    public string OfFolder(string prefix)
    {
        ObjectKey.RequirePrefix(prefix);
        return prefix.Length == 0 ? Root : Path.Join(Root, Native(prefix[..^1]));
    }

    private static string Native(string key) => key.Replace('/', Path.DirectorySeparatorChar);
}
