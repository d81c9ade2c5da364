namespace IdExtractor.Core.Storage.Local;

/// <summary>What a local store and its writers share.</summary>
internal sealed class LocalStoreCore(ILocalFileSystem files, TimeProvider clock)
{
    public ILocalFileSystem Files { get; } = files;

    public TimeProvider Clock { get; } = clock;

    public LocalSnapshot Snapshot { get; } = new(files);

    public LocalCommit Commit { get; } = new(files);

    public LocalFolders Folders { get; } = new(files);
}
