using System.Text.Json;
using IdExtractor.Core.Storage;
using IdExtractor.Core.Storage.Local;
using IdExtractor.Foundation.Errors;
using IdExtractor.Testing;
using IdExtractor.Testing.Stores;
using Xunit;

namespace IdExtractor.Core.Tests.Storage.Local;

public sealed class LocalObjectStoreTests : IDisposable
{
    private static readonly Dictionary<string, string> Version1 = new() { ["version"] = "1" };
    private static readonly Dictionary<string, string> Version2 = new() { ["version"] = "2" };

    private readonly TempFolder _folder = new();
    private readonly LocalObjectStore _store;

    public LocalObjectStoreTests() => _store = new LocalObjectStore(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task CompleteAsync_WithMetadata_LeavesDataAndSideFileAndNothingElse()
    {
        await WriteAsync("active/latest.txt.gz", "text", Version1);
        await WriteAsync("active/latest.txt.gz", "text 2", Version2);
        Assert.Equal(["latest.txt.gz", "latest.txt.gz.metadata.json"], NamesIn("active"));
    }

    [Fact]
    public async Task CompleteAsync_WithMetadata_WritesTheDocumentedSideFile()
    {
        await WriteAsync("name", "text", Version1);
        using var side = JsonDocument.Parse(File.ReadAllBytes(_folder.At("name.metadata.json")));
        Assert.Equal(["metadata", "sha256", "size"], side.RootElement.EnumerateObject().Select(property => property.Name));
        Assert.Equal("1", side.RootElement.GetProperty("metadata").GetProperty("version").GetString());
        Assert.Equal(
            "982d9e3eb996f559e633f4d194def3761d909f5a3b647d1a851fead67c32c9d1", side.RootElement.GetProperty("sha256").GetString());
        Assert.Equal(4, side.RootElement.GetProperty("size").GetInt64());
    }

    [Fact]
    public async Task CompleteAsync_WithoutMetadata_WritesNoSideFile()
    {
        await WriteAsync("name", "text", []);
        Assert.Equal(["name"], NamesIn(""));
    }

    [Fact]
    public async Task CompleteAsync_SameSizeInQuickSuccession_NeverRepeatsAStamp()
    {
        var stamps = new HashSet<ObjectStamp>();
        for (var turn = 0; turn < 50; turn++)
            Assert.True(stamps.Add((await WriteAsync("name", "same", [])).Stamp));
    }

    [Fact]
    public async Task CompleteAsync_ClockOfTheOldFileAhead_StillGrows()
    {
        var old = await WriteAsync("name", "old", []);
        File.SetLastWriteTimeUtc(_folder.At("name"), DateTime.UtcNow.AddDays(1));
        old = (await _store.HeadAsync("name", default))!;
        var written = await WriteAsync("name", "new", []);
        Assert.True(written.LastModified > old.LastModified);
    }

    [UnixFact]
    public async Task HeadAndOpen_Pipe_AreConfigurationErrorsAndDoNotWait()
    {
        NamedPipe.Make(_folder.At("keys.csv"));
        File.CreateSymbolicLink(_folder.At("link.csv"), _folder.At("keys.csv"));
        foreach (var key in new[] { "keys.csv", "link.csv" })
        {
            var error = await Assert.ThrowsAsync<ConfigurationException>(async () => await _store.HeadAsync(key, default));
            Assert.Equal(_folder.At(key), error.Place.Object);
            await Assert.ThrowsAsync<ConfigurationException>(
                async () => await _store.OpenAsync(new ObjectInfo(key, 1, new ObjectStamp("any"), default), default));
        }
    }

    [UnixFact]
    public async Task HeadAsync_PipeAsSideFile_DoesNotWait()
    {
        File.WriteAllText(_folder.At("name"), "text");
        NamedPipe.Make(_folder.At("name.metadata.json"));
        Assert.NotNull((await _store.HeadAsync("name", default))!.MetadataProblem);
    }

    [UnixFact]
    public async Task HeadAsync_Device_IsAConfigurationError() =>
        await Assert.ThrowsAsync<ConfigurationException>(async () => await new LocalObjectStore("/dev").HeadAsync("null", default));

    [Fact]
    public async Task HeadAsync_SideFileOfTheNextVersionCameFirst_GivesTheMetadataOfTheBytesThere()
    {
        // What a writer leaves when it is killed between its two renames.
        await WriteAsync("name", "old text", Version1);
        await WriteAsync("other", "new text", Version2);
        var alternate = File.ReadAllText(_folder.At("name.metadata.json"));
        var primary = File.ReadAllText(_folder.At("other.metadata.json"));
        File.WriteAllText(_folder.At("name.metadata.json"), primary.TrimEnd().TrimEnd('}') + ", \"alternate\": " + alternate + "}");
        Assert.Equal("1", (await _store.HeadAsync("name", default))!.Metadata["version"]);

        File.Move(_folder.At("other"), _folder.At("name"), overwrite: true);
        Assert.Equal("2", (await _store.HeadAsync("name", default))!.Metadata["version"]);
    }

    [Fact]
    public async Task CompleteAsync_AfterADeathBetweenTheRenames_KeepsTheMetadataOfTheBytesThere()
    {
        await WriteAsync("name", "old text", Version1);
        var died = new SteppingFileSystem(
            DiskFileSystem.Instance, step => ThrowWhen(step is { Name: "replace" } && step.Path == _folder.At("name")));
        var dying = new LocalObjectStore(_folder.Path, rootMayBeMissing: true, died, TimeProvider.System);
        await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await dying.WriteAsync("name", "never"u8.ToArray(), Version2, new WriteOptions(), default));
        Assert.Contains("\"alternate\"", File.ReadAllText(_folder.At("name.metadata.json")), StringComparison.Ordinal);
        Assert.Equal("1", (await _store.HeadAsync("name", default))!.Metadata["version"]);

        died = new SteppingFileSystem(
            DiskFileSystem.Instance, step => ThrowWhen(step is { Name: "replace" } && step.Path == _folder.At("name")));
        dying = new LocalObjectStore(_folder.Path, rootMayBeMissing: true, died, TimeProvider.System);
        await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await dying.WriteAsync("name", "never either"u8.ToArray(), Version2, new WriteOptions(), default));
        Assert.Equal("1", (await _store.HeadAsync("name", default))!.Metadata["version"]);
    }

    [Fact]
    public async Task CompleteAsync_RenameRefused_LeavesTheSideFileSayingWhatIsThere()
    {
        await WriteAsync("name", "old text", Version1);
        var refusing = new SteppingFileSystem(DiskFileSystem.Instance, step =>
        {
            if (step.Name == "replace" && step.Path == _folder.At("name"))
                throw new IOException("refused");
        });
        var store = new LocalObjectStore(_folder.Path, rootMayBeMissing: true, refusing, TimeProvider.System);

        await Assert.ThrowsAsync<TransientException>(
            async () => await store.WriteAsync("name", "new"u8.ToArray(), Version2, new WriteOptions(), default));

        using var side = JsonDocument.Parse(File.ReadAllBytes(_folder.At("name.metadata.json")));
        Assert.Equal("1", side.RootElement.GetProperty("metadata").GetProperty("version").GetString());
        Assert.Equal("1", (await _store.HeadAsync("name", default))!.Metadata["version"]);
        Assert.Equal(["name", "name.metadata.json"], NamesIn(""));
    }

    [Fact]
    public async Task CompleteAsync_RenameReportedAsFailedButDone_IsUnderstoodAsDone()
    {
        await WriteAsync("name", "old text", Version1);
        var lying = new SteppingFileSystem(DiskFileSystem.Instance, _ => { })
        {
            AfterReplace = step =>
            {
                if (step.Path == _folder.At("name"))
                    throw new IOException("no reply");
            },
        };
        var store = new LocalObjectStore(_folder.Path, rootMayBeMissing: true, lying, TimeProvider.System);

        await Assert.ThrowsAsync<TransientException>(
            async () => await store.WriteAsync("name", "new"u8.ToArray(), Version2, new WriteOptions(), default));

        var found = await _store.HeadAsync("name", default);
        Assert.Equal(3, found!.Size);
        Assert.Equal("2", found.Metadata["version"]);
    }

    [Theory]
    [InlineData("""{"total_ids": "3", "ignored": 4}""", "3")]
    [InlineData("""{"metadata": {"total_ids": "3"}}""", "3")]
    [InlineData("""{"metadata": {"total_ids": "3"}, "sha256": "982d9e3eb996f559e633f4d194def3761d909f5a3b647d1a851fead67c32c9d1"}""", "3")]
    [InlineData("""{"metadata": {"total_ids": "3"}, "sha256": "0000"}""", null)]
    [InlineData("""{"total_ids": "3", "gz_sha256": "982d9e3eb996f559e633f4d194def3761d909f5a3b647d1a851fead67c32c9d1"}""", "3")]
    [InlineData("""{"total_ids": "3", "gz_sha256": "0000"}""", null)]
    [InlineData("[1, 2]", null)]
    [InlineData("{\"total_ids\": \"3\"", null)]
    [InlineData("", null)]
    [InlineData("{\"total_ids\": \"\\ud800\"}", null)]
    public async Task HeadAsync_SideFileOfAnotherWriter_TakesWhatSpeaksOfTheseBytes(string side, string? total)
    {
        File.WriteAllText(_folder.At("name"), "text");
        File.WriteAllText(_folder.At("name.metadata.json"), side);
        var found = await _store.HeadAsync("name", default);
        Assert.Equal(total, found!.Metadata.GetValueOrDefault("total_ids"));
    }

    [Fact]
    public async Task HeadAsync_HugeSideFile_IsNotRead()
    {
        File.WriteAllText(_folder.At("name"), "text");
        File.WriteAllText(_folder.At("name.metadata.json"), """{"total_ids": "3"}""" + new string(' ', SideFile.MaxBytes));
        Assert.Empty((await _store.HeadAsync("name", default))!.Metadata);
    }

    [Fact]
    public async Task HeadAsync_DataFileReplacedByHand_ClaimsNoMetadata()
    {
        await WriteAsync("name", "text", Version1);
        File.WriteAllText(_folder.At("name"), "else");
        Assert.Empty((await _store.HeadAsync("name", default))!.Metadata);
    }

    [Fact]
    public async Task HeadAsync_ManyPromotionsMeanwhile_AlwaysPairsBytesAndMetadata()
    {
        await WriteAsync("name", "text 0", new Dictionary<string, string> { ["version"] = "text 0" });
        using var stop = new CancellationTokenSource();
        var writing = Task.WhenAll(Enumerable.Range(0, 2).Select(writer => Task.Run(async () =>
        {
            for (var turn = 1; !stop.IsCancellationRequested; turn++)
            {
                var text = $"text {turn * 2 + writer}";
                await WriteAsync("name", text, new Dictionary<string, string> { ["version"] = text });
            }
        })));

        var seen = new HashSet<string>();
        try
        {
            while (seen.Count < 40)
            {
                var found = (await _store.HeadAsync("name", default))!;
                try
                {
                    await using var reader = await _store.OpenAsync(found, default);
                    var bytes = new byte[reader.Length];
                    await reader.ReadAsync(0, bytes, default);
                    Assert.Equal(found.Metadata["version"], System.Text.Encoding.UTF8.GetString(bytes));
                    seen.Add(found.Metadata["version"]);
                }
                catch (ObjectChangedException)
                {
                    // Replaced between the two calls: the next round will notice.
                }
            }
        }
        finally
        {
            await stop.CancelAsync();
            await writing;
        }
    }

    [Fact]
    public async Task HeadAsync_Folder_IsNoObject()
    {
        Directory.CreateDirectory(_folder.At("folder"));
        Assert.Null(await _store.HeadAsync("folder", default));
        Assert.Null(await _store.HeadAsync("folder/name/name", default));
    }

    [Fact]
    public async Task CreateAsync_FolderInTheWay_IsAConfigurationError()
    {
        Directory.CreateDirectory(_folder.At("folder"));
        await Assert.ThrowsAsync<ConfigurationException>(async () => await WriteAsync("folder", "text", []));
        Assert.Equal(["folder"], NamesIn(""));
    }

    [Theory]
    [InlineData("folder/name.metadata.json")]
    [InlineData("folder/.name.idx-lock")]
    [InlineData("folder/.name.0123456789abcdef0123456789abcdef.idx-tmp")]
    public async Task CreateAsync_ReservedName_IsRefused(string key) =>
        await Assert.ThrowsAsync<ConfigurationException>(async () => await WriteAsync(key, "text", []));

    [Fact]
    public async Task CreateAsync_KeyReserved_IsToldToTheSecondAtOnce()
    {
        await using var first = await _store.CreateAsync("name", new WriteOptions { OnlyIfAbsent = true }, default);
        await Assert.ThrowsAsync<ObjectExistsException>(
            async () => await _store.CreateAsync("name", new WriteOptions { OnlyIfAbsent = true }, default));
    }

    [Fact]
    public async Task OpenAsync_FileChangedInPlace_ReportsTheChange()
    {
        var info = await WriteAsync("name", "text", []);
        File.AppendAllText(_folder.At("name"), "more");
        await Assert.ThrowsAsync<ObjectChangedException>(async () => await _store.OpenAsync(info, default));
        await Assert.ThrowsAsync<ObjectChangedException>(async () => await _store.EnsureUnchangedAsync(info, default));
    }

    [Fact]
    public async Task ReadAsync_FileCutMeanwhile_ReportsTheChange()
    {
        var info = await WriteAsync("name", "a longer text", []);
        await using var reader = await _store.OpenAsync(info, default);
        using (var file = new FileStream(_folder.At("name"), FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            file.SetLength(3);
        await Assert.ThrowsAsync<ObjectChangedException>(async () => await reader.ReadAsync(0, new byte[13], default));
    }

    [Fact]
    public async Task EnsureUnchangedAsync_SameFile_Passes()
    {
        var info = await WriteAsync("name", "text", Version1);
        await _store.EnsureUnchangedAsync(info, default);
    }

    private static void ThrowWhen(bool dies)
    {
        if (dies)
            throw new InvalidOperationException("the process ends here");
    }

    private ValueTask<ObjectInfo> WriteAsync(string key, string text, Dictionary<string, string> metadata) =>
        _store.WriteAsync(key, System.Text.Encoding.UTF8.GetBytes(text), metadata, new WriteOptions(), default);

    private IEnumerable<string?> NamesIn(string folder) =>
        Directory.EnumerateFileSystemEntries(_folder.At(folder)).Select(Path.GetFileName).Order(StringComparer.Ordinal);
}
