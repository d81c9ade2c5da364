namespace IdExtractor.Core.Storage.Local;

/// <summary>Makes folders that survive a power cut: each new one is flushed into its parent.</summary>
internal sealed class LocalFolders(ILocalFileSystem files)
{
    /// <summary>Makes a folder and those above it that are missing.</summary>
    /// <param name="folder">Full path.</param>
    public void Ensure(string folder)
    {
        var missing = new Stack<string>();
        for (var path = folder; path is not null && files.Stat(path) is null; path = Path.GetDirectoryName(path))
            missing.Push(path);
        foreach (var path in missing)
        {
            files.CreateFolder(path);
            files.FlushFolder(LocalNames.FolderOf(path));
        }
    }
}
