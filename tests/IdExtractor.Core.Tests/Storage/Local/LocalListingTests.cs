using IdExtractor.Core.Storage;
using IdExtractor.Core.Storage.Local;
using IdExtractor.Foundation.Errors;
using IdExtractor.Testing;
using IdExtractor.Testing.Stores;
using Xunit;

namespace IdExtractor.Core.Tests.Storage.Local;

public sealed class LocalListingTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly LocalObjectStore _store;

    public LocalListingTests() => _store = new LocalObjectStore(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ListAsync_MissingInputRoot_IsAConfigurationError()
    {
        var store = new LocalObjectStore(_folder.At("none"));
        var error = await Assert.ThrowsAsync<ConfigurationException>(async () => await KeysAsync(store, ""));
        Assert.Equal(_folder.At("none"), error.Place.Object);
        await Assert.ThrowsAsync<ConfigurationException>(
            async () => await store.ListFoldersAsync("", default).GetAsyncEnumerator().MoveNextAsync());
    }

    [Fact]
    public async Task ListAsync_MissingOutputRoot_IsEmptyUntilTheFirstWriteMakesIt()
    {
        var store = new LocalObjectStore(_folder.At("deep", "none"), rootMayBeMissing: true);
        Assert.Empty(await KeysAsync(store, ""));
        Assert.Empty(await KeysAsync(store, "stage/"));
        Assert.Equal(default, await store.RemoveAbandonedAsync("stage/", _ => true, default));
        Assert.False(Directory.Exists(_folder.At("deep")));

        await store.WriteAsync("stage/name", default, ObjectInfo.EmptyMetadata, new WriteOptions(), default);
        Assert.Equal(["stage/name"], await KeysAsync(store, ""));
    }

    [Fact]
    public async Task ListAsync_RootIsAFile_IsAConfigurationError()
    {
        File.WriteAllText(_folder.At("file"), "");
        await Assert.ThrowsAsync<ConfigurationException>(
            async () => await KeysAsync(new LocalObjectStore(_folder.At("file"), rootMayBeMissing: true), ""));
    }

    [Fact]
    public async Task ListAsync_OwnFiles_AreHidden()
    {
        await _store.WriteAsync(
            "folder/name", "text"u8.ToArray(), new Dictionary<string, string> { ["a"] = "b" }, new WriteOptions(), default);
        File.WriteAllText(_folder.At("folder", ".name.idx-lock"), "");
        File.WriteAllText(_folder.At("folder", ".name.0123456789abcdef0123456789abcdef.idx-tmp"), "");
        File.WriteAllText(_folder.At("folder", ".name.tmp"), "");
        File.WriteAllText(_folder.At("folder", "alone.metadata.json"), "");
        Assert.Equal(["folder/.name.tmp", "folder/alone.metadata.json", "folder/name"], await KeysAsync(_store, ""));
    }

    [Fact]
    public async Task ListAsync_Links_AreFollowed()
    {
        using var elsewhere = new TempFolder();
        Directory.CreateDirectory(elsewhere.At("data"));
        File.WriteAllText(elsewhere.At("data", "part"), "12345");
        File.CreateSymbolicLink(_folder.At("file-link"), elsewhere.At("data", "part"));
        Directory.CreateSymbolicLink(_folder.At("folder-link"), elsewhere.At("data"));

        var found = new List<ObjectInfo>();
        await foreach (var info in _store.ListAsync("", default))
            found.Add(info);

        Assert.Equal(["file-link", "folder-link/part"], found.Select(info => info.Key));
        Assert.All(found, info => Assert.Equal(5, info.Size));
        foreach (var info in found)
        {
            Assert.Equal(info.Stamp, (await _store.HeadAsync(info.Key, default))!.Stamp);
            await using var reader = await _store.OpenAsync(info, default);
            Assert.Equal(5, reader.Length);
        }

        var folders = new List<string>();
        await foreach (var folder in _store.ListFoldersAsync("", default))
            folders.Add(folder);
        Assert.Equal(["folder-link/"], folders);
    }

    [Fact]
    public async Task ListAsync_LinkToNowhere_IsAConfigurationErrorUnlessHidden()
    {
        File.CreateSymbolicLink(_folder.At(".hidden"), _folder.At("none"));
        Assert.Empty(await KeysAsync(_store, ""));
        File.CreateSymbolicLink(_folder.At("part"), _folder.At("none"));
        var error = await Assert.ThrowsAsync<ConfigurationException>(async () => await KeysAsync(_store, ""));
        Assert.Equal(_folder.At("part"), error.Place.Object);
    }

    [UnixFact]
    public async Task ListAsync_Pipe_IsAConfigurationErrorUnlessHidden()
    {
        NamedPipe.Make(_folder.At("_hidden"));
        Assert.Equal(["_hidden"], await KeysAsync(_store, ""));
        NamedPipe.Make(_folder.At("part"));
        var error = await Assert.ThrowsAsync<ConfigurationException>(async () => await KeysAsync(_store, ""));
        Assert.Equal(_folder.At("part"), error.Place.Object);
    }

    [UnixFact]
    public async Task ListAsync_LinkToADevice_IsAConfigurationError()
    {
        File.CreateSymbolicLink(_folder.At("part"), "/dev/null");
        await Assert.ThrowsAsync<ConfigurationException>(async () => await KeysAsync(_store, ""));
    }

    [Fact]
    public async Task ListAsync_LoopOfLinks_EndsWithAnError()
    {
        Directory.CreateDirectory(_folder.At("a"));
        Directory.CreateSymbolicLink(_folder.At("a", "again"), _folder.At("a"));
        await Assert.ThrowsAnyAsync<IdExtractorException>(async () => await KeysAsync(_store, ""));
    }

    [Fact]
    public async Task ListAsync_FolderVanishesMeanwhile_LeavesItOut()
    {
        Directory.CreateDirectory(_folder.At("a"));
        Directory.CreateDirectory(_folder.At("b"));
        File.WriteAllText(_folder.At("a", "1"), "");
        File.WriteAllText(_folder.At("b", "1"), "");
        File.WriteAllText(_folder.At("c"), "");
        var keys = new List<string>();
        await foreach (var info in _store.ListAsync("", default))
        {
            keys.Add(info.Key);
            if (keys.Count == 1)
                Directory.Delete(_folder.At("b"), recursive: true);
        }

        Assert.Equal(["a/1", "c"], keys);
    }

    [Fact]
    public async Task ListAsync_EntryOfAnUnreadableFolder_IsAConfigurationError()
    {
        var files = new SteppingFileSystem(DiskFileSystem.Instance, step =>
        {
            if (step.Name == "list")
                throw new UnauthorizedAccessException();
        });
        var error = await Assert.ThrowsAsync<ConfigurationException>(async () =>
            await KeysAsync(new LocalObjectStore(_folder.Path, rootMayBeMissing: false, files, TimeProvider.System), ""));
        Assert.Contains("permission denied", error.Message, StringComparison.Ordinal);
    }

    private static async Task<List<string>> KeysAsync(LocalObjectStore store, string prefix)
    {
        var keys = new List<string>();
        await foreach (var info in store.ListAsync(prefix, default))
            keys.Add(info.Key);
        return keys;
    }
}
