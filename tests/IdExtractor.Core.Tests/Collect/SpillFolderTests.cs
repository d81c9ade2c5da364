using IdExtractor.Core.Collect;
using IdExtractor.Testing.Stores;
using Xunit;

namespace IdExtractor.Core.Tests.Collect;

public sealed class SpillFolderTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Create_OtherRunsSweepAtTheSameTime_GivesAFolderThatTheyLeave()
    {
        Parallel.For(0, 20_000, new ParallelOptions { MaxDegreeOfParallelism = 4 }, _ =>
        {
            SpillFolder.RemoveAbandoned(_temp.Path);
            using var folder = SpillFolder.Create(_temp.Path);
            Assert.True(File.Exists(folder.Path + ".lock"));
            Assert.True(Directory.Exists(folder.Path));
        });

        SpillFolder.RemoveAbandoned(_temp.Path);
        Assert.Empty(Directory.GetFileSystemEntries(_temp.Path));
    }

    [Fact]
    public void RemoveAbandoned_FolderInUseAndFolderWithoutOwner_RemovesTheSecond()
    {
        using var used = SpillFolder.Create(_temp.Path);
        var abandoned = Path.Combine(_temp.Path, "idextractor-spill-0");
        Directory.CreateDirectory(abandoned);
        File.WriteAllText(Path.Combine(abandoned, "1.ids"), "1");
        File.WriteAllText(abandoned + ".lock", "");

        Assert.Equal(1, SpillFolder.RemoveAbandoned(_temp.Path));

        Assert.False(Directory.Exists(abandoned));
        Assert.True(Directory.Exists(used.Path));
        Assert.Equal(2, Directory.GetFileSystemEntries(_temp.Path).Length);
    }
}
