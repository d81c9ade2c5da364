using System.Text;
using Xunit;

namespace IdExtractor.Testing.Contract;

/// <summary>Objects and folders below a prefix.</summary>
public abstract partial class ObjectStoreContract
{
    [Fact]
    public async Task ListAsync_Tree_IsRecursiveAndInTheOrderOfBytes()
    {
        string[] keys = [
            "a-b", "a.txt", "a/b/c", "a/b.txt", "a/z", "aa/x", "B", "b/_hidden/x", "b/.dot", "ç", "\uFF01", "\U0001F600", "d\uFF01/x",
            "d\U0001F600/x"
        ];
        foreach (var key in keys)
            await WriteAsync(key, key, new Dictionary<string, string> { ["name"] = "value" });

        var found = await ListAsync("");

        Assert.Equal(
            keys.OrderBy(key => Convert.ToHexString(Encoding.UTF8.GetBytes(key)), StringComparer.Ordinal), found.Select(info => info.Key));
        Assert.NotEqual(keys.Order(StringComparer.Ordinal), found.Select(info => info.Key));
        Assert.All(found, info => Assert.Empty(info.Metadata));
        Assert.All(found, info => Assert.Equal(Encoding.UTF8.GetByteCount(info.Key), info.Size));
        foreach (var info in found)
            Assert.Equal((await Store.HeadAsync(info.Key, default))!.Stamp, info.Stamp);
    }

    [Fact]
    public async Task ListAsync_Prefix_StaysInItsFolder()
    {
        foreach (var key in new[] { "a/1", "a/b/2", "ab/3", "a.4" })
            await WriteAsync(key, "x", NoMetadata);
        Assert.Equal(["a/1", "a/b/2"], (await ListAsync("a/")).Select(info => info.Key));
        Assert.Empty(await ListAsync("none/"));
        Assert.Empty(await ListAsync("a/1/"));
    }

    [Fact]
    public async Task ListFoldersAsync_Tree_GivesOneLevel()
    {
        foreach (var key in new[] { "t/a=2/x", "t/a=10/x/y", "t/a-1/x", "t/file", "u/x" })
            await WriteAsync(key, "x", NoMetadata);
        Assert.Equal(["t/a-1/", "t/a=10/", "t/a=2/"], await ListFoldersAsync("t/"));
        Assert.Equal(["t/", "u/"], await ListFoldersAsync(""));
        Assert.Empty(await ListFoldersAsync("u/"));
    }

    [Fact]
    public async Task ListLevelAsync_Tree_GivesObjectsAndFoldersOfOneLevel()
    {
        foreach (var key in new[] { "t/a=2/x", "t/a=10/x/y", "t/file", "t/g", "u/x" })
            await WriteAsync(key, "xy", NoMetadata);

        var entries = await Store.ListLevelAsync("t/", default).ToListAsync();

        Assert.Equal(["t/a=10/", "t/a=2/"], entries.Where(entry => entry.IsFolder).Select(entry => entry.Key));
        Assert.Equal([new("t/file", 2), new("t/g", 2)], entries.Where(entry => !entry.IsFolder));
    }

    [Fact]
    public async Task ListFoldersAsync_NamesBeyondTheFirstPlane_AreInTheOrderOfBytes()
    {
        string[] folders = ["t/\uD7FF/", "t/\uE000/", "t/\uFF01/", "t/\U00010000/", "t/\U0001F600/"];
        foreach (var folder in folders.Reverse())
            await WriteAsync(folder + "x", "x", NoMetadata);
        Assert.Equal(folders, await ListFoldersAsync("t/"));
    }

    [Fact]
    public async Task FolderExistsAsync_Folders_AreToldFromNames()
    {
        await WriteAsync("t/a=2/_x", "", NoMetadata);
        Assert.True(await Store.FolderExistsAsync("", default));
        Assert.True(await Store.FolderExistsAsync("t/", default));
        Assert.True(await Store.FolderExistsAsync("t/a=2/", default));
        Assert.False(await Store.FolderExistsAsync("t/a=/", default));
        Assert.False(await Store.FolderExistsAsync("u/", default));
    }

    [Fact]
    public async Task ListAsync_NoObjects_IsEmpty()
    {
        Assert.Empty(await ListAsync(""));
        Assert.Empty(await ListFoldersAsync(""));
    }
}
