using IdExtractor.Core.Storage;
using IdExtractor.Core.Storage.Local;
using IdExtractor.Foundation.Errors;
using IdExtractor.Testing;
using IdExtractor.Testing.Stores;
using Xunit;

namespace IdExtractor.Core.Tests.Storage.Local;

public sealed class LocalErrorsTests
{
    public static TheoryData<int, string> FullDisks
    {
        get
        {
            if (OperatingSystem.IsWindows())
                return new() { { unchecked((int)0x80070070), "disk full" }, { unchecked((int)0x80070027), "disk full" } };
            return OperatingSystem.IsLinux()
                ? new() { { 28, "disk full" }, { 122, "quota" } }
                : new() { { 28, "disk full" }, { 69, "quota" } };
        }
    }

    [Theory]
    [MemberData(nameof(FullDisks))]
    public async Task AppendAsync_FullDisk_IsPassingAndSaysSo(int code, string said)
    {
        using var folder = new TempFolder();
        var files = new SteppingFileSystem(DiskFileSystem.Instance, step =>
        {
            if (step.Name == "write")
                throw new IOException("system text", code);
        });
        var store = new LocalObjectStore(folder.Path, rootMayBeMissing: true, files, TimeProvider.System);

        var error = await Assert.ThrowsAsync<TransientException>(async () =>
            await store.WriteAsync("name", "text"u8.ToArray(), ObjectInfo.EmptyMetadata, new WriteOptions(), default));

        Assert.Equal(ExitCode.Transient, error.ExitCode);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.Equal(folder.At("name"), error.Place.Object);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task CreateAsync_PermissionDenied_IsAConfigurationError()
    {
        using var folder = new TempFolder();
        var files = new SteppingFileSystem(DiskFileSystem.Instance, step =>
        {
            if (step.Name == "create")
                throw new UnauthorizedAccessException("system text");
        });
        var store = new LocalObjectStore(folder.Path, rootMayBeMissing: true, files, TimeProvider.System);
        var error = await Assert.ThrowsAsync<ConfigurationException>(
            async () => await store.CreateAsync("name", new WriteOptions(), default));
        Assert.Equal(ExitCode.Configuration, error.ExitCode);
    }

    [Fact]
    public void Translate_UnknownCode_NamesItAndIsPassing()
    {
        var error = LocalErrors.Translate(new IOException("secret text", 5), "read the file", "/data/x");
        Assert.IsType<TransientException>(error);
        Assert.Contains("error 5", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.ToLine(), StringComparison.Ordinal);
    }

    [UnixFact]
    public void Translate_PartOfThePathIsAFile_IsAConfigurationError() =>
        Assert.IsType<ConfigurationException>(LocalErrors.Translate(new IOException("system text", 20), "write the file", "/data/x"));

    [Theory]
    [InlineData("file", "", "name")]
    [InlineData("file/below", "", "name")]
    [InlineData("root", "active/name/below", "active/name/below/deep/name")]
    public async Task CreateAsync_FileInTheWayOfAFolder_IsAConfigurationError(string root, string taken, string key)
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.At("file"), "text");
        if (taken.Length > 0)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder.At(root, taken))!);
            File.WriteAllText(folder.At(root, taken), "text");
        }

        var store = new LocalObjectStore(folder.At(root), rootMayBeMissing: true);
        var error = await Assert.ThrowsAsync<ConfigurationException>(async () => await store.CreateAsync(key, new WriteOptions(), default));
        Assert.Equal(taken.Length > 0 ? folder.At(root, taken) : folder.At("file"), error.Place.Object);
    }

    [UnixFact]
    public async Task CreateAsync_LinkToNowhereAsRoot_IsAConfigurationError()
    {
        using var folder = new TempFolder();
        File.CreateSymbolicLink(folder.At("link"), folder.At("none", "deep"));
        var store = new LocalObjectStore(folder.At("link"), rootMayBeMissing: true);
        await Assert.ThrowsAsync<ConfigurationException>(async () => await store.CreateAsync("name", new WriteOptions(), default));
    }

    [Fact]
    public async Task CreateAsync_FileSystemThatMakesNoFolders_IsAConfigurationError()
    {
        // What /proc does.
        using var folder = new TempFolder();
        var files = new SteppingFileSystem(DiskFileSystem.Instance, step =>
        {
            if (step.Name == "folder")
                throw new DirectoryNotFoundException();
        });
        var store = new LocalObjectStore(folder.Path, rootMayBeMissing: true, files, TimeProvider.System);
        await Assert.ThrowsAsync<ConfigurationException>(async () => await store.CreateAsync("a/name", new WriteOptions(), default));
    }

    [Fact]
    public void Translate_LongPath_IsAConfigurationError() =>
        Assert.IsType<ConfigurationException>(LocalErrors.Translate(new PathTooLongException(), "write the file", "/data/x"));

    [Fact]
    public async Task CreateAsync_NameTooLong_IsAConfigurationError()
    {
        using var folder = new TempFolder();
        await Assert.ThrowsAsync<ConfigurationException>(async () =>
            await new LocalObjectStore(folder.Path).CreateAsync(new string('n', 250), new WriteOptions(), default));
    }
}
