using IdExtractor.Core.Catalog;
using IdExtractor.Core.Job;
using IdExtractor.Core.Storage;
using IdExtractor.Core.Storage.Local;
using IdExtractor.Foundation.Errors;
using Xunit;

namespace IdExtractor.Core.Tests.Catalog;

public sealed class HivePartitionCatalogTests
{
    [Fact]
    public async Task SelectAsync_OneKey_FindsTheLatestFolder()
    {
        var selection = await SelectAsync(TableFolders.Of("ano_mes_dia=20251021/a", "ano_mes_dia=20251022/b", "ano_mes_dia=20250930/c"));

        Assert.Equal("20251022", selection.Candidates[0].SourcePartition);
        Assert.Equal("ano_mes_dia=20251022/", selection.Candidates[0].Location.Prefix);
        Assert.Equal("/data/", selection.Table);
    }

    [Fact]
    public async Task SelectAsync_FilesAndFoldersNextToPartitions_AreStraysAtEveryLevel()
    {
        var folders = TableFolders.Of(
            "extra.parquet", "backup/p", "_SUCCESS", ".hidden/p", "ano=2025_$folder$", "ano=2025/loose", "ano=2025/mes=10/p",
            "ano=2025/mes=10/inner/p", "ano=2024/mes=1/p");

        var selection = await SelectAsync(folders);

        Assert.Equal(["/data/ano=2025/loose", "/data/backup/", "/data/extra.parquet"], selection.Strays.Select(item => item.Name));
        Assert.All(selection.Strays, item => Assert.True(item.IsWarning));
    }

    [Fact]
    public async Task SelectAsync_WithoutPartitions_HasNoStrays() =>
        Assert.Empty((await SelectAsync(TableFolders.Of("part-0", "backup/p"))).Strays);

    [Fact]
    public async Task SelectAsync_VeryManyFilesNextToPartitions_AreCounted()
    {
        var selection = await SelectAsync(TableFolders.Of([.. Enumerable.Range(0, 10_005).Select(i => $"x{i}"), "d=1/p"]));

        Assert.Equal(10_001, selection.Strays.Count);
        Assert.Equal("5 others", selection.Strays[^1].Name);
    }

    [Fact]
    public async Task SelectAsync_UnderAPrefix_StaysInsideIt()
    {
        var folders = TableFolders.Of("x/t/d=20251021/a", "x/t2/d=20251022/a", "d=20251023/a");
        var selection = await PartitionSearch.SelectAsync(new HivePartitionCatalog(new StoreLocation(folders, "x/t/")), null, default);

        Assert.Equal("x/t/d=20251021/", selection.Candidates.Single().Location.Prefix);
    }

    [Fact]
    public async Task SelectAsync_ThreeKeys_ReadsEveryLevel()
    {
        var selection = await SelectAsync(
            TableFolders.Of(
                "year=2025/month=12/day=31/p", "year=2026/month=1/day=1/p", "year=2026/month=__HIVE_DEFAULT_PARTITION__/day=5/p"));

        Assert.Equal(
            ["year=2026/month=1/day=1", "year=2025/month=12/day=31"], selection.Candidates.Select(candidate => candidate.SourcePartition));
        Assert.Single(selection.Skipped);
    }

    [Fact]
    public async Task SelectAsync_EscapedFolders_AreDecoded()
    {
        var selection = await SelectAsync(TableFolders.Of("carga=2025-10-22%2009%3A59%3A59/p", "carga=2025-10-22 10%3A00%3A00/p"));

        Assert.Equal("2025-10-22 10:00:00", selection.Candidates[0].SourcePartition);
        Assert.Equal("carga=2025-10-22 10%3A00%3A00/", selection.Candidates[0].Location.Prefix);
    }

    [Fact]
    public async Task SelectAsync_HiddenFoldersAtAnyLevel_AreIgnored()
    {
        var selection = await SelectAsync(TableFolders.Of(
            "_temporary/d=20251030/h=1/p", ".d=20251029/h=1/p", "_d=20251029/h=1/p", "d=20251022/_h=2/p", "d=20251022/.h=3/p",
            "d=20251022/h=1/p"));

        Assert.Equal("d=20251022/h=1", selection.Candidates.Single().SourcePartition);
    }

    [Fact]
    public async Task SelectAsync_FilesAndPlainFoldersBesidePartitions_AreIgnored()
    {
        var selection = await SelectAsync(TableFolders.Of("solto.parquet", "backup/p", "d=20251022/p", "d=20251022/lote1/p"));
        Assert.Equal("d=20251022/", selection.Candidates.Single().Location.Prefix);
    }

    [Theory]
    [InlineData("part-0", "sub/part-1")]
    [InlineData("part-0", "_temporary/d=1/p")]
    [InlineData("part-0", "sub/d=1/p")]
    [InlineData("folder/")]
    [InlineData("/")]
    public async Task SelectAsync_NoPartitionFolderInTheRoot_IsTheWholeTable(params string[] files)
    {
        var folders = new TableFolders();
        foreach (var file in files)
            folders.Add(file, [1]);
        var selection = await SelectAsync(folders);

        Assert.Equal("unpartitioned", selection.Candidates.Single().SourcePartition);
        Assert.Equal("", selection.Candidates.Single().Location.Prefix);
    }

    [Fact]
    public async Task SelectAsync_NoFolder_IsAConfigurationError()
    {
        var folders = TableFolders.Of("there/p");
        var error = await Assert.ThrowsAsync<ConfigurationException>(() =>
            PartitionSearch.SelectAsync(new HivePartitionCatalog(new StoreLocation(folders, "absent/")), null, default));
        Assert.Contains("/data/absent/", error.ToLine(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("d=20251021/p", "dt=20251022/p", "/data/d=20251021/", "/data/dt=20251022/")]
    [InlineData("y=1/m=1/p", "y=2/mes=1/p", "/data/y=1/m=1/", "/data/y=2/mes=1/")]
    public async Task SelectAsync_DifferentKeysAtOneLevel_AreRefusedNamingBoth(string one, string other, string first, string second)
    {
        var error = await Assert.ThrowsAsync<InputDataException>(() => SelectAsync(TableFolders.Of(one, other)));
        Assert.Contains(first, error.ToLine(), StringComparison.Ordinal);
        Assert.Contains(second, error.ToLine(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SelectAsync_KeysThatDifferInCaseOnly_AreOneKey()
    {
        var selection = await SelectAsync(TableFolders.Of("Dia=20251021/p", "dia=20251022/p"));
        Assert.Equal("20251022", selection.Candidates[0].SourcePartition);
    }

    [Fact]
    public async Task SelectAsync_DifferentDepths_AreRefusedNamingBoth()
    {
        var error = await Assert.ThrowsAsync<InputDataException>(() => SelectAsync(TableFolders.Of("d=20251021/p", "d=20251022/h=1/p")));
        Assert.Contains("/data/d=20251021/", error.ToLine(), StringComparison.Ordinal);
        Assert.Contains("/data/d=20251022/h=1/", error.ToLine(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SelectAsync_ShallowFolderWithoutData_IsSkipped()
    {
        var folders = TableFolders.Of("d=20251021/h=1/p", "d=20251022/_SUCCESS").Add("d=20251022/empty", []).Add("d=20251023/", []);
        var selection = await SelectAsync(folders);

        Assert.Equal("d=20251021/h=1", selection.Candidates.Single().SourcePartition);
        Assert.Equal(2, selection.Skipped.Count);
    }

    [Fact]
    public async Task SelectAsync_OneKeyAtTwoLevels_IsRefused() =>
        await Assert.ThrowsAsync<InputDataException>(() => SelectAsync(TableFolders.Of("d=1/d=2/p")));

    [Fact]
    public async Task SelectAsync_AbsurdDepth_IsRefused()
    {
        var path = string.Concat(Enumerable.Range(0, 100).Select(level => $"k{level}=1/"));
        await Assert.ThrowsAsync<InputDataException>(() => SelectAsync(TableFolders.Of(path + "p")));
    }

    [Fact]
    public async Task SelectAsync_ManyFolders_FindsTheLatest()
    {
        var first = new DateTime(2016, 1, 1);
        var files = Enumerable.Range(0, 3000)
            .Select(day => first.AddDays(day))
            .Select(day => $"y={day.Year}/m={day.Month}/d={day.Day}/p")
            .ToArray();
        var selection = await SelectAsync(TableFolders.Of(files));

        Assert.Equal(3000, selection.Candidates.Count);
        Assert.Equal("y=2024/m=3/d=18", selection.Candidates[0].SourcePartition);
    }

    [Fact]
    public async Task SelectAsync_EmptyPartitionFolder_IsACandidate()
    {
        var selection = await SelectAsync(TableFolders.Of("d=20251021/p").Add("d=20251022/", []));
        Assert.Equal("20251022", selection.Candidates[0].SourcePartition);
    }

    [Fact]
    public async Task SelectAsync_OnDisk_TellsAMissingFolderFromAnEmptyOne()
    {
        var root = Directory.CreateTempSubdirectory("catalog-tests-").FullName;
        try
        {
            var empty = await PartitionSearch.SelectAsync(
                new HivePartitionCatalog(new StoreLocation(new LocalObjectStore(root), "")), null, default);
            Assert.Equal("unpartitioned", empty.Candidates.Single().SourcePartition);
            await Assert.ThrowsAsync<ConfigurationException>(() =>
                PartitionSearch.SelectAsync(
                    new HivePartitionCatalog(new StoreLocation(new LocalObjectStore(root), "absent/")), null, default));
            await Assert.ThrowsAsync<ConfigurationException>(() =>
                PartitionSearch.SelectAsync(
                    new HivePartitionCatalog(new StoreLocation(new LocalObjectStore(root + "-absent"), "")), null, default));
        }
        finally
        {
            Directory.Delete(root);
        }
    }

    private static Task<PartitionSelection> SelectAsync(TableFolders folders) =>
        PartitionSearch.SelectAsync(new HivePartitionCatalog(folders.Root), null, default);
}
