using IdExtractor.Core.Storage;
using IdExtractor.Core.Storage.Local;
using IdExtractor.Testing.Stores;
using Xunit;

namespace IdExtractor.Core.Tests.Storage.Local;

public sealed class AbandonedFilesTests : IDisposable
{
    private const string Temporary = ".name.0123456789abcdef0123456789abcdef.idx-tmp";
    private const string SideTemporary = ".name.metadata.json.0123456789abcdef0123456789abcdef.idx-tmp";
    private const string LockFile = ".name.idx-lock";

    private static readonly Dictionary<string, string> Some = new() { ["version"] = "1" };

    private readonly TempFolder _folder = new();
    private readonly LocalObjectStore _store;

    public AbandonedFilesTests() => _store = new LocalObjectStore(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task RemoveAbandonedAsync_RemainsOfTheDead_AreRemovedAndCounted()
    {
        await _store.WriteAsync("name", "text"u8.ToArray(), Some, new WriteOptions(), default);
        Touch(Temporary, SideTemporary, LockFile);

        Assert.Equal(new Remains(3, 0), await _store.RemoveAbandonedAsync("", _ => true, default));

        Assert.Equal(["name", "name.metadata.json"], Names());
        Assert.Equal(default, await _store.RemoveAbandonedAsync("", _ => true, default));
    }

    [Fact]
    public async Task RemoveAbandonedAsync_OrphanedSideFile_IsRemovedOnlyWhenItIsOurs()
    {
        await _store.WriteAsync("name", "text"u8.ToArray(), Some, new WriteOptions(), default);
        File.Delete(_folder.At("name"));
        File.WriteAllText(_folder.At("theirs.metadata.json"), """{"total_ids": "3"}""");

        Assert.Equal(new Remains(1, 0), await _store.RemoveAbandonedAsync("", _ => true, default));

        Assert.Equal(["theirs.metadata.json"], Names());
    }

    [Fact]
    public async Task RemoveAbandonedAsync_FilesOfOthers_AreLeftAlone()
    {
        Touch(".name.tmp", "name.idx-tmp", ".name.0123.idx-tmp", ".name.lock", "_temporary", "name");
        Assert.Equal(default, await _store.RemoveAbandonedAsync("", _ => true, default));
        Assert.Equal(6, Names().Count);
    }

    [Fact]
    public async Task RemoveAbandonedAsync_KeyReservedByTheLiving_IsLeftAlone()
    {
        await using var writer = await _store.CreateAsync("name", new WriteOptions { OnlyIfAbsent = true }, default);
        Touch(Temporary);
        Assert.Equal(default, await _store.RemoveAbandonedAsync("", _ => true, default));
        await writer.CompleteAsync(Some, default);
        await writer.DisposeAsync();
        Assert.Equal(new Remains(1, 0), await _store.RemoveAbandonedAsync("", _ => true, default));
        Assert.Equal(["name", "name.metadata.json"], Names());
    }

    [Fact]
    public async Task RemoveAbandonedAsync_ManyCleanersAndWriters_NeverHurtTheLiving()
    {
        using var stop = new CancellationTokenSource();
        var cleaning = Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
                await _store.RemoveAbandonedAsync("", _ => true, default);
        })));
        try
        {
            await Task.WhenAll(Enumerable.Range(0, 2).Select(writer => Task.Run(async () =>
            {
                for (var turn = 0; turn < 60; turn++)
                    await _store.WriteAsync($"name{writer}", new byte[1000], Some, new WriteOptions(), default);
            })));
        }
        finally
        {
            await stop.CancelAsync();
            await cleaning;
        }

        Assert.Equal(["name0", "name0.metadata.json", "name1", "name1.metadata.json"], Names());
    }

    private void Touch(params string[] names)
    {
        foreach (var name in names)
            File.WriteAllText(_folder.At(name), "");
    }

    private List<string?> Names() =>
        [.. Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal)];
}
