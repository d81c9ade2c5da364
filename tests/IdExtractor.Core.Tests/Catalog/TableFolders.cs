using System.Runtime.CompilerServices;
using IdExtractor.Core.Storage;

namespace IdExtractor.Core.Tests.Catalog;

/// <summary>
/// A read-only store of named files, with empty folders as a disk has them, that counts its calls.
/// </summary>
internal sealed class TableFolders : IObjectStore
{
    private readonly SortedDictionary<string, byte[]> _files = new(StringComparer.Ordinal);
    private readonly HashSet<string> _emptyFolders = [];
    private int _openReaders;

    public int Reads { get; private set; }

    public int MostOpenReaders { get; private set; }

    public StoreLocation Root => new(this, "");

    public static TableFolders Of(params string[] files)
    {
        var folders = new TableFolders();
        foreach (var file in files)
            folders.Add(file, [1]);
        return folders;
    }

    /// <summary>A name that ends with <c>/</c> is an empty folder.</summary>
    public TableFolders Add(string name, byte[] content)
    {
        if (name.EndsWith('/'))
            _emptyFolders.Add(name);
        else
            _files[name] = content;
        return this;
    }

    public string Describe(string key) => "/data/" + key;

    public ValueTask<bool> FolderExistsAsync(string prefix, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_files.Keys.Concat(_emptyFolders).Any(name => name.StartsWith(prefix, StringComparison.Ordinal)));

    public ValueTask<ObjectInfo?> HeadAsync(string key, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_files.TryGetValue(key, out var content) ? Info(key, content) : null);

    public async IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        foreach (var (key, content) in _files)
        {
            if (key.StartsWith(prefix, StringComparison.Ordinal))
                yield return Info(key, content);
        }
    }

    public async IAsyncEnumerable<LevelEntry> ListLevelAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        var entries = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var name in _files.Keys.Concat(_emptyFolders)
            .Where(name => name.Length > prefix.Length && name.StartsWith(prefix, StringComparison.Ordinal)))
        {
            if (name.IndexOf('/', prefix.Length) is >= 0 and var end)
                entries[name[..(end + 1)]] = 0;
            else
                entries[name] = _files[name].Length;
        }

        foreach (var (key, size) in entries)
            yield return new LevelEntry(key, size);
    }

    public ValueTask<IObjectReader> OpenAsync(ObjectInfo version, CancellationToken cancellationToken)
    {
        lock (_files)
            MostOpenReaders = Math.Max(MostOpenReaders, ++_openReaders);
        return ValueTask.FromResult<IObjectReader>(new Reader(this, _files[version.Key]));
    }

    public ValueTask<IObjectWriter> CreateAsync(string key, WriteOptions options, CancellationToken cancellationToken) =>
        throw new InvalidOperationException();

    public ValueTask<ObjectInfo> CopyAsync(
        string sourceKey, ObjectStamp sourceStamp, string destinationKey, CopyOptions options,
        CancellationToken cancellationToken) => throw new InvalidOperationException();

    public ValueTask DeleteAsync(string key, CancellationToken cancellationToken) => throw new InvalidOperationException();

    private static ObjectInfo Info(string key, byte[] content) =>
        new(key, content.Length, new ObjectStamp($"v{content.Length}"), DateTimeOffset.UnixEpoch);

    private sealed class Reader(TableFolders owner, byte[] content) : IObjectReader
    {
        public long Length => content.Length;

        public async ValueTask ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken)
        {
            await Task.Yield();
            lock (owner._files)
                owner.Reads++;
            content.AsMemory((int)offset, destination.Length).CopyTo(destination);
        }

        public ValueTask DisposeAsync()
        {
            lock (owner._files)
                owner._openReaders--;
            return ValueTask.CompletedTask;
        }
    }
}
