using IdExtractor.Core.Storage.Local;
using IdExtractor.Foundation.Errors;
using IdExtractor.Testing;
using IdExtractor.Testing.Stores;
using Xunit;

namespace IdExtractor.Core.Tests.Storage.Local;

public sealed class EnsureWritableTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("missing")]
    [InlineData("missing/deep/down")]
    public async Task EnsureWritableAsync_FoldersThatCanBeMade_MakesNone(string root)
    {
        var store = new LocalObjectStore(_folder.At(root), rootMayBeMissing: true);
        await store.EnsureWritableAsync("active/latest.txt.gz", default);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Theory]
    [InlineData("file", "active/latest.txt.gz", "file")]
    [InlineData("file/below", "active/latest.txt.gz", "file")]
    [InlineData("", "file/latest.txt.gz", "file")]
    [InlineData("", "folder", "folder")]
    [InlineData("", "name", "name.metadata.json")]
    public async Task EnsureWritableAsync_SomethingInTheWay_NamesIt(string root, string key, string named)
    {
        await File.WriteAllTextAsync(_folder.At("file"), "text");
        Directory.CreateDirectory(_folder.At("folder"));
        Directory.CreateDirectory(_folder.At("name.metadata.json"));
        var store = new LocalObjectStore(_folder.At(root), rootMayBeMissing: true);
        var error = await Assert.ThrowsAsync<ConfigurationException>(async () => await store.EnsureWritableAsync(key, default));
        Assert.Equal(_folder.At(named), error.Place.Object);
        Assert.Equal(3, Directory.EnumerateFileSystemEntries(_folder.Path).Count());
    }

    [Fact]
    public async Task EnsureWritableAsync_FolderThatMayNotBeWrittenTo_IsAConfigurationError()
    {
        var files = new SteppingFileSystem(DiskFileSystem.Instance, step =>
        {
            if (step.Name == "require-writable")
                throw new UnauthorizedAccessException("system text");
        });
        var store = new LocalObjectStore(_folder.At("out"), rootMayBeMissing: true, files, TimeProvider.System);
        var error = await Assert.ThrowsAsync<ConfigurationException>(async () => await store.EnsureWritableAsync("name", default));
        Assert.Equal("Cannot write into the folder: permission denied", error.Message);
    }

    /// <summary>
    /// No false alarm anywhere; and an alarm where the mode of a folder says so, which only root
    /// may ignore.
    /// </summary>
    [UnixFact]
    public async Task EnsureWritableAsync_AskedOfTheSystem_AgreesWithMakingAFile()
    {
        var closed = _folder.At("closed");
        Directory.CreateDirectory(closed);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(closed, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        foreach (var place in new[] { _folder.Path, closed })
        {
            var store = new LocalObjectStore(place, rootMayBeMissing: true);
            var raised = await Record.ExceptionAsync(async () => await store.EnsureWritableAsync("name", default));
            Assert.True(raised is null == MayWrite(place), $"{place}: {raised?.Message ?? "no error"}");
        }
    }

    private static bool MayWrite(string folder)
    {
        try
        {
            var probe = Path.Combine(folder, $".{Guid.NewGuid():N}");
            File.WriteAllText(probe, "");
            File.Delete(probe);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
