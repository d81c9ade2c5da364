using System.Globalization;
using IdExtractor.Core.Storage;
using IdExtractor.Foundation.Errors;
using Xunit;

namespace IdExtractor.Testing.Contract;

/// <summary>Copies inside the store, and what they demand of their ends.</summary>
public abstract partial class ObjectStoreContract
{
    [Fact]
    public async Task CopyAsync_Object_ReplacesMetadataAndLeavesTheSource()
    {
        var source = await WriteAsync("stage/a", "text", new Dictionary<string, string> { ["from"] = "source" });

        var copied = await CopyAsync(source, "active/b", new Dictionary<string, string> { ["to"] = "destination" });

        var found = await Store.HeadAsync("active/b", default);
        Assert.Equal(found!.Stamp, copied.Stamp);
        Assert.Equal("active/b", copied.Key);
        Assert.Equal(4, copied.Size);
        Assert.Equal("destination", Assert.Single(found.Metadata).Value);
        Assert.Equal("text", await ReadAsync(found));
        Assert.Equal("source", (await Store.HeadAsync("stage/a", default))!.Metadata["from"]);
    }

    [Fact]
    public async Task CopyAsync_SourceReplaced_ReportsTheChangeAndCopiesNothing()
    {
        var source = await WriteAsync("a", "first", NoMetadata);
        await WriteAsync("a", "second", NoMetadata);
        await Assert.ThrowsAsync<ObjectChangedException>(async () => await CopyAsync(source, "b", NoMetadata));
        Assert.Null(await Store.HeadAsync("b", default));
    }

    [Fact]
    public async Task CopyAsync_SourceMissing_ReportsTheChange()
    {
        var source = await WriteAsync("a", "first", NoMetadata);
        await Store.DeleteAsync("a", default);
        await Assert.ThrowsAsync<ObjectChangedException>(async () => await CopyAsync(source, "b", NoMetadata));
    }

    [Fact]
    public async Task CopyAsync_DestinationAsExpected_Copies()
    {
        var source = await WriteAsync("a", "text", NoMetadata);
        var first = await CopyAsync(source, "b", NoMetadata, Destination.Absent);
        var other = await WriteAsync("c", "other", NoMetadata);
        await CopyAsync(other, "b", NoMetadata, new Destination(first.Stamp));
        Assert.Equal("other", await ReadAsync((await Store.HeadAsync("b", default))!));
    }

    [Fact]
    public async Task CopyAsync_DestinationNotAsExpected_ReportsTheChangeAndLeavesIt()
    {
        var source = await WriteAsync("a", "text", NoMetadata);
        var old = await WriteAsync("b", "old one", new Dictionary<string, string> { ["version"] = "old" });
        if (!ChecksDestinations)
        {
            Assert.Equal(4, (await CopyAsync(source, "b", NoMetadata, Destination.Absent)).Size);
            return;
        }

        await Assert.ThrowsAsync<ObjectChangedException>(async () => await CopyAsync(source, "b", NoMetadata, Destination.Absent));
        await Assert.ThrowsAsync<ObjectChangedException>(
            async () => await CopyAsync(source, "b", NoMetadata, new Destination(source.Stamp)));
        await Assert.ThrowsAsync<ObjectChangedException>(
            async () => await CopyAsync(source, "none", NoMetadata, new Destination(old.Stamp)));

        var found = await Store.HeadAsync("b", default);
        Assert.Equal(old.Stamp, found!.Stamp);
        Assert.Equal("old", found.Metadata["version"]);
        Assert.Null(await Store.HeadAsync("none", default));
    }

    [Fact]
    public async Task CopyAsync_ManyWithTheSameExpectation_LetsOneIn()
    {
        var old = await WriteAsync("b", "old", NoMetadata);
        var sources = new List<ObjectInfo>();
        for (var number = 0; number < 8; number++)
            sources.Add(await WriteAsync($"a{number}", $"text {number}", NoMetadata));

        var outcomes = await Task.WhenAll(sources.Select((source, number) => Task.Run(async () =>
        {
            try
            {
                await CopyAsync(source, "b", new Dictionary<string, string> { ["writer"] = $"{number}" }, new Destination(old.Stamp));
                return number;
            }
            catch (ObjectChangedException)
            {
                return -1;
            }
        })));

        if (ChecksDestinations)
            Assert.Single(outcomes, number => number >= 0);
        var found = await Store.HeadAsync("b", default);
        Assert.Contains(int.Parse(found!.Metadata["writer"], CultureInfo.InvariantCulture), outcomes);
        Assert.Equal($"text {found.Metadata["writer"]}", await ReadAsync(found));
    }
}
