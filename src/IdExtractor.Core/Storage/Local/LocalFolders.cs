using IdExtractor.Foundation.Errors;

namespace IdExtractor.Core.Storage.Local;

/// <summary>
/// Creates folders that survive a power cut: each new one is flushed into its parent.
/// </summary>
internal sealed class LocalFolders(ILocalFileSystem files)
{
    private const int Exists = 17;

    /// <summary>Creates a folder and its missing parents.</summary>
    /// <param name="folder">Full path.</param>
    /// <exception cref="ConfigurationException">
    /// A file is in the way, or the file system cannot create folders there.
    /// </exception>
    public void Ensure(string folder)
    {
        var missing = new Stack<string>();
        for (var path = folder; path is not null; path = Path.GetDirectoryName(path))
        {
            if (files.Stat(path) is { } found)
            {
                if (found.IsFolder)
                    break;
                throw FileInTheWay(path);
            }

            missing.Push(path);
        }

        foreach (var path in missing)
        {
            Make(path);
            files.FlushFolder(LocalNames.FolderOf(path));
        }
    }

    /// <summary>
    /// Creates nothing, but checks on the nearest existing parent whether <see cref="Ensure"/>
    /// could create the folder and files could be created in it.
    /// </summary>
    /// <param name="folder">Full path.</param>
    /// <exception cref="ConfigurationException">A file is in the way.</exception>
    /// <exception cref="UnauthorizedAccessException">Nothing may be created there.</exception>
    public void EnsureCanMake(string folder)
    {
        for (var path = folder; path is not null; path = Path.GetDirectoryName(path))
        {
            if (files.Stat(path) is not { } found)
                continue;
            if (!found.IsFolder)
                throw FileInTheWay(path);
            files.RequireWritable(path);
            return;
        }
    }

    private static ConfigurationException FileInTheWay(string path) =>
        new("A folder is needed where a file stands", ErrorPlace.Of(path), "name another place or remove the file");

    private void Make(string path)
    {
        try
        {
            files.CreateFolder(path);
        }
        catch (IOException error) when (IsRefusal(error) && files.Stat(LocalNames.FolderOf(path)) is { IsFolder: true })
        {
            // The parent exists, so nothing was removed in the meantime: a dangling link has the
            // name, or this is a kernel file system such as /proc.
            throw new ConfigurationException("A folder cannot be made here", ErrorPlace.Of(path), "name another place", error);
        }
    }

    private static bool IsRefusal(IOException error) =>
        error is FileNotFoundException or DirectoryNotFoundException || (error.HResult == Exists && !OperatingSystem.IsWindows());
}
