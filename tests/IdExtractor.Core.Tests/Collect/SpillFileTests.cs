using IdExtractor.Core.Collect;
using IdExtractor.Foundation.Errors;
using IdExtractor.Testing;
using Xunit;

namespace IdExtractor.Core.Tests.Collect;

public sealed class SpillFileTests : IDisposable
{
    private readonly string _temp = Directory.CreateTempSubdirectory("spill-tests-").FullName;

    public void Dispose() => Directory.Delete(_temp, recursive: true);

    [Fact]
    public void Flush_FullDisk_SaysWhatToDo()
    {
        const string Full = "/dev/full";
        if (!OperatingSystem.IsLinux())
            return;
        using var file = File.OpenHandle(Full, FileMode.Open, FileAccess.Write);
        var writer = new SpillWriter(file, "/spill", 1024);
        writer.Append("id"u8);
        var error = Assert.Throws<TransientException>(writer.Flush);
        Assert.Equal(ExitCode.Transient, error.ExitCode);
        Assert.Contains("disk is full", error.ToLine(), StringComparison.Ordinal);
        Assert.Contains("/spill", error.ToLine(), StringComparison.Ordinal);
        Assert.Contains("--max-memory", error.ToLine(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    public void Of_TemporaryFolderThatIsAFile_IsConfigurationThatNamesTmpdir(string end)
    {
        var path = Path.GetTempFileName();
        try
        {
            var error = Assert.Throws<ConfigurationException>(() => SpillFolder.Create(path + end));
            Assert.Contains("TMPDIR", error.ToLine(), StringComparison.Ordinal);
            Assert.Contains(path, error.ToLine(), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [UnixTheory]
    [InlineData(24, "ulimit -n")]
    [InlineData(27, "ulimit -f")]
    [InlineData(30, "TMPDIR")]
    public void Of_LimitsOfTheSystem_AreConfiguration(int code, string advice)
    {
        var error = Assert.IsType<ConfigurationException>(SpillErrors.Of(new IOException("system text", code), "/temp"));
        Assert.Contains(advice, error.Advice, StringComparison.Ordinal);
        Assert.DoesNotContain("system text", error.ToLine(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(28, "disk is full")]
    [InlineData(122, "disk is full")]
    [InlineData(unchecked((int)0x80070070), "disk is full")]
    [InlineData(5, "spill file failed")]
    public void Of_DiskErrors_AreTemporary(int code, string problem)
    {
        var error = SpillErrors.Of(new IOException("no", code), Path.GetTempPath());
        Assert.IsType<TransientException>(error);
        Assert.Contains(problem, error.ToLine(), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_NoPermission_IsAConfigurationError() =>
        Assert.IsType<ConfigurationException>(SpillErrors.Of(new UnauthorizedAccessException(), "/spill"));

    [Fact]
    public void MoveNext_FileThatWasCut_IsTold()
    {
        using var folder = SpillFolder.Create(_temp);
        using var file = folder.CreateFile();
        RandomAccess.Write(file, [3, (byte)'a', (byte)'b', (byte)'c', 9, (byte)'d'], 0);

        var reader = new SpillReader(file, folder.Path, 6, 64);
        Assert.True(reader.MoveNext());
        Assert.Throws<TransientException>(() => reader.MoveNext());
        Assert.Throws<TransientException>(() => new SpillReader(file, folder.Path, 60, 64).MoveNext());
    }

    [Theory]
    [InlineData(new byte[] { 0x80, 0x80, 0x80, 0x80, 0x80, 0x80 })]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0x0F })]
    public void MoveNext_ImpossibleLength_IsTold(byte[] content)
    {
        using var folder = SpillFolder.Create(_temp);
        using var file = folder.CreateFile();
        RandomAccess.Write(file, content, 0);
        Assert.Throws<TransientException>(() => new SpillReader(file, folder.Path, content.Length, 64).MoveNext());
    }

    [Fact]
    public void CreateFile_OnUnix_HasNoNameAnyMore()
    {
        if (OperatingSystem.IsWindows())
            return;
        using var folder = SpillFolder.Create(_temp);
        using var file = folder.CreateFile();
        Assert.Empty(Directory.GetFiles(folder.Path));
    }
}
