using System.Globalization;
using System.Text;
using IdExtractor.Core.Storage;
using IdExtractor.Foundation.Errors;
using Xunit;

namespace IdExtractor.Testing.Contract;

/// <summary>
/// What every store must do. Each store's tests derive from it. This file covers writing, removing
/// and names; the files next to it hold the rest.
/// </summary>
public abstract partial class ObjectStoreContract
{
    private static readonly IReadOnlyDictionary<string, string> NoMetadata = new Dictionary<string, string>();

    /// <summary>A store without objects.</summary>
    protected abstract IObjectStore Store { get; }

    /// <summary>False for stores that copy regardless of what the destination holds.</summary>
    protected virtual bool ChecksDestinations => true;

    [Fact]
    public async Task HeadAsync_NoObject_ReturnsNull() => Assert.Null(await Store.HeadAsync("folder/none", default));

    [Fact]
    public async Task CompleteAsync_Object_IsReadBackWithItsMetadata()
    {
        var metadata = new Dictionary<string, string>
        {
            ["total_ids"] = "3",
            ["source-partition"] = "mês=São Paulo/x=1 2",
            ["empty_value"] = ""
        };
        var written = await WriteAsync("folder/name.txt", "hello", metadata);

        var found = await Store.HeadAsync("folder/name.txt", default);

        Assert.NotNull(found);
        Assert.Equal("folder/name.txt", found.Key);
        Assert.Equal(5, found.Size);
        Assert.Equal(metadata.OrderBy(pair => pair.Key), found.Metadata.OrderBy(pair => pair.Key));
        Assert.Equal(written.Stamp, found.Stamp);
        Assert.Equal(written.Size, found.Size);
        Assert.Equal("hello", await ReadAsync(found));
    }

    [Fact]
    public async Task CompleteAsync_NothingAppended_MakesAnEmptyObject()
    {
        var info = await WriteAsync("empty", "", NoMetadata);
        Assert.Equal(0, info.Size);
        Assert.Equal("", await ReadAsync(info));
        Assert.Equal(0, Assert.Single(await ListAsync("")).Size);
    }

    [Fact]
    public async Task CompleteAsync_ManyAppends_JoinsThemInOrder()
    {
        var random = new Random(17);
        var all = new byte[6_500_000];
        random.NextBytes(all);
        await using var writer = await Store.CreateAsync("big", new WriteOptions(), default);
        for (var offset = 0; offset < all.Length;)
        {
            var length = Math.Min(random.Next(0, 700_000), all.Length - offset);
            var reused = all.AsSpan(offset, length).ToArray();
            await writer.AppendAsync(reused, default);
            Array.Clear(reused);
            offset += length;
        }

        var info = await writer.CompleteAsync(NoMetadata, default);

        Assert.Equal(all.Length, info.Size);
        await using var reader = await Store.OpenAsync(info, default);
        var read = new byte[all.Length];
        await reader.ReadAsync(0, read, default);
        Assert.True(all.AsSpan().SequenceEqual(read));
    }

    [Fact]
    public async Task CreateAsync_NotCompleted_ShowsNothing()
    {
        await using var writer = await Store.CreateAsync("folder/later", new WriteOptions(), default);
        await writer.AppendAsync("text"u8.ToArray(), default);

        Assert.Null(await Store.HeadAsync("folder/later", default));
        Assert.Empty(await ListAsync(""));
    }

    [Fact]
    public async Task DisposeAsync_NotCompleted_LeavesTheOldObject()
    {
        var old = await WriteAsync("folder/name", "old", new Dictionary<string, string> { ["version"] = "old" });
        await using (var writer = await Store.CreateAsync("folder/name", new WriteOptions(), default))
            await writer.AppendAsync("new text"u8.ToArray(), default);

        var found = await Store.HeadAsync("folder/name", default);
        Assert.Equal(old.Stamp, found!.Stamp);
        Assert.Equal("old", found.Metadata["version"]);
        Assert.Equal("old", await ReadAsync(found));
        Assert.Single(await ListAsync(""));
    }

    [Fact]
    public async Task CompleteAsync_KeyTaken_ReplacesBytesAndMetadata()
    {
        var old = await WriteAsync("name", "old", new Dictionary<string, string> { ["version"] = "old", ["only_old"] = "1" });
        var written = await WriteAsync("name", "new text", new Dictionary<string, string> { ["version"] = "new" });

        var found = await Store.HeadAsync("name", default);
        Assert.NotEqual(old.Stamp, written.Stamp);
        Assert.Equal(written.Stamp, found!.Stamp);
        Assert.Equal("new", Assert.Single(found.Metadata).Value);
        Assert.Equal("new text", await ReadAsync(found));
    }

    [Fact]
    public async Task CompleteAsync_WithoutMetadataOverObjectWithSome_HasNone()
    {
        await WriteAsync("name", "old", new Dictionary<string, string> { ["version"] = "old" });
        await WriteAsync("name", "new", NoMetadata);
        Assert.Empty((await Store.HeadAsync("name", default))!.Metadata);
    }

    [Fact]
    public async Task CreateAsync_OnlyIfAbsentAndTaken_Fails()
    {
        var old = await WriteAsync("name", "old", NoMetadata);
        await Assert.ThrowsAsync<ObjectExistsException>(async () => await WriteAsync("name", "new", NoMetadata, onlyIfAbsent: true));
        Assert.Equal(old.Stamp, (await Store.HeadAsync("name", default))!.Stamp);
    }

    [Fact]
    public async Task CreateAsync_OnlyIfAbsentAndFree_Writes()
    {
        await WriteAsync("name", "new", NoMetadata, onlyIfAbsent: true);
        Assert.Equal(3, (await Store.HeadAsync("name", default))!.Size);
    }

    [Fact]
    public async Task CreateAsync_OnlyIfAbsentAfterAnAbandonedTry_Writes()
    {
        await using (var writer = await Store.CreateAsync("name", new WriteOptions { OnlyIfAbsent = true }, default))
            await writer.AppendAsync("half"u8.ToArray(), default);
        await WriteAsync("name", "new", NoMetadata, onlyIfAbsent: true);
        Assert.Equal(3, (await Store.HeadAsync("name", default))!.Size);
    }

    [Fact]
    public async Task CompleteAsync_KeyTakenMeanwhile_GoesToTheOtherKey()
    {
        await using var writer = await Store.CreateAsync("name", new WriteOptions { OnlyIfAbsent = true, KeyIfTaken = "other" }, default);
        await writer.AppendAsync("new"u8.ToArray(), default);
        ObjectInfo? old = null;
        try
        {
            old = await WriteAsync("name", "old", NoMetadata, onlyIfAbsent: true);
        }
        catch (ObjectExistsException)
        {
            // A store that claims the key on creation rejects all other writers.
        }

        var written = await writer.CompleteAsync(NoMetadata, default);
        Assert.Equal(old is null ? "name" : "other", written.Key);
        Assert.Equal("new", await ReadAsync(written));
        if (old is not null)
            Assert.Equal("old", await ReadAsync(old));
    }

    [Fact]
    public async Task CreateAsync_OnlyIfAbsentByMany_LetsOneIn()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => Task.Run(async () =>
        {
            try
            {
                await WriteAsync("name", $"text {number}", new Dictionary<string, string> { ["writer"] = $"{number}" }, onlyIfAbsent: true);
                return number;
            }
            catch (ObjectExistsException)
            {
                return -1;
            }
        })));

        var winner = Assert.Single(outcomes, number => number >= 0);
        var found = await Store.HeadAsync("name", default);
        Assert.Equal($"{winner}", found!.Metadata["writer"]);
        Assert.Equal($"text {winner}", await ReadAsync(found));
    }

    [Fact]
    public async Task CompleteAsync_ManyWriters_LeavesOneWhole()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(number =>
            Task.Run(async () => await WriteAsync("name", $"text {number}", new Dictionary<string, string> { ["writer"] = $"{number}" }))));

        var found = await Store.HeadAsync("name", default);
        Assert.Equal($"text {found!.Metadata["writer"]}", await ReadAsync(found));
    }

    [Fact]
    public async Task DeleteAsync_Object_RemovesItAndMayBeRepeated()
    {
        await WriteAsync("folder/name", "text", new Dictionary<string, string> { ["name"] = "value" });
        await Store.DeleteAsync("folder/name", default);
        await Store.DeleteAsync("folder/name", default);
        Assert.Null(await Store.HeadAsync("folder/name", default));
        Assert.Empty(await ListAsync(""));
    }

    [Fact]
    public async Task DeleteAsync_ThenWritten_HasOnlyTheNewMetadata()
    {
        await WriteAsync("name", "text", new Dictionary<string, string> { ["name"] = "value" });
        await Store.DeleteAsync("name", default);
        await WriteAsync("name", "text", NoMetadata);
        Assert.Empty((await Store.HeadAsync("name", default))!.Metadata);
    }

    [Fact]
    public async Task DeleteVersionAsync_TheVersionThatIsThere_RemovesItOnce()
    {
        var found = await WriteAsync("folder/name", "text", NoMetadata);
        Assert.True(await Store.DeleteVersionAsync(found, default));
        Assert.Null(await Store.HeadAsync("folder/name", default));
        Assert.False(await Store.DeleteVersionAsync(found, default));
    }

    [Fact]
    public async Task DeleteVersionAsync_AnotherVersion_IsLeftAlone()
    {
        var old = await WriteAsync("name", "text", NoMetadata);
        await WriteAsync("name", "another text", NoMetadata);
        await Assert.ThrowsAsync<ObjectChangedException>(async () => await Store.DeleteVersionAsync(old, default));
        Assert.Equal("another text", await ReadAsync((await Store.HeadAsync("name", default))!));
    }

    [Fact]
    public async Task RemoveAbandonedAsync_LivingWriter_LeavesItAlone()
    {
        await WriteAsync("folder/done", "text", NoMetadata);
        await using var writer = await Store.CreateAsync("folder/name", new WriteOptions(), default);
        await writer.AppendAsync("text"u8.ToArray(), default);

        Assert.Equal(default, await Store.RemoveAbandonedAsync("folder/", _ => true, default));

        await writer.CompleteAsync(NoMetadata, default);
        Assert.Equal(["folder/done", "folder/name"], (await ListAsync("")).Select(info => info.Key));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/absolute")]
    [InlineData("../outside")]
    [InlineData("folder/../../outside")]
    [InlineData("folder/..")]
    [InlineData("./name")]
    [InlineData("folder//name")]
    [InlineData("folder/")]
    [InlineData("nul\0name")]
    [InlineData("line\nbreak")]
    public async Task AnyCall_KeyThatCannotBeUsed_IsRefused(string key)
    {
        var source = await WriteAsync("source", "text", NoMetadata);
        await Assert.ThrowsAsync<ConfigurationException>(async () => await Store.HeadAsync(key, default));
        await Assert.ThrowsAsync<ConfigurationException>(async () => await Store.OpenAsync(source with { Key = key }, default));
        await Assert.ThrowsAsync<ConfigurationException>(async () => await Store.CreateAsync(key, new WriteOptions(), default));
        await Assert.ThrowsAsync<ConfigurationException>(async () => await CopyAsync(source, key, NoMetadata));
        await Assert.ThrowsAsync<ConfigurationException>(async () => await Store.DeleteAsync(key, default));
    }

    [Fact]
    public async Task AnyCall_Cancelled_Stops()
    {
        var source = await WriteAsync("source", "text", NoMetadata);
        await using var reader = await Store.OpenAsync(source, default);
        await using var writer = await Store.CreateAsync("other", new WriteOptions(), default);
        var cancelled = new CancellationToken(canceled: true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await reader.ReadAsync(0, new byte[4], cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await writer.AppendAsync(new byte[4], cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await writer.CompleteAsync(NoMetadata, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Store.OpenAsync(source, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await Store.CreateAsync("third", new WriteOptions(), cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await Store.CopyAsync("source", source.Stamp, "copy", new CopyOptions { Metadata = NoMetadata }, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in Store.ListAsync("", cancelled))
            {
            }
        });

        await writer.DisposeAsync();
        Assert.Equal(["source"], (await ListAsync("")).Select(info => info.Key));
    }

    [Fact]
    public async Task Describe_KeyAndRoot_NameBoth()
    {
        await WriteAsync("folder/name", "text", NoMetadata);
        Assert.EndsWith("name", Store.Describe("folder/name"), StringComparison.Ordinal);
        Assert.NotEqual("", Store.Describe(""));
    }

    private async Task<ObjectInfo> WriteAsync(
        string key, string text, IReadOnlyDictionary<string, string> metadata, bool onlyIfAbsent = false) =>
        await Store.WriteAsync(key, Encoding.UTF8.GetBytes(text), metadata, new WriteOptions { OnlyIfAbsent = onlyIfAbsent }, default);

    private async Task<ObjectInfo> CopyAsync(
        ObjectInfo source, string destination, IReadOnlyDictionary<string, string> metadata, Destination? expected = null) =>
        await Store.CopyAsync(
            source.Key, source.Stamp, destination, new CopyOptions { Metadata = metadata, ExpectedDestination = expected }, default);

    private async Task<string> ReadAsync(ObjectInfo info)
    {
        await using var reader = await Store.OpenAsync(info, default);
        var bytes = new byte[reader.Length];
        await reader.ReadAsync(0, bytes, default);
        return Encoding.UTF8.GetString(bytes);
    }

    private async Task<List<ObjectInfo>> ListAsync(string prefix)
    {
        var found = new List<ObjectInfo>();
        await foreach (var info in Store.ListAsync(prefix, default))
            found.Add(info);
        return found;
    }

    private async Task<List<string>> ListFoldersAsync(string prefix)
    {
        var found = new List<string>();
        await foreach (var folder in Store.ListFoldersAsync(prefix, default))
            found.Add(folder);
        return found;
    }
}
