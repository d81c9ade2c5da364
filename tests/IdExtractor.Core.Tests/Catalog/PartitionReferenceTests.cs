using IdExtractor.Core.Catalog;
using IdExtractor.Core.Job;
using IdExtractor.Core.Storage;
using IdExtractor.Core.Storage.Local;
using IdExtractor.Foundation.Errors;
using IdExtractor.Testing.Stores;
using Xunit;

namespace IdExtractor.Core.Tests.Catalog;

/// <summary>References that end in partition folders.</summary>
public sealed class PartitionReferenceTests : IDisposable
{
    private readonly TempFolder _disk = new();

    public void Dispose() => _disk.Dispose();

    [Theory]
    [InlineData("b/ano_mes_dia=20251021", "20251021")]
    [InlineData("b/ano_mes_dia=20251021/", "20251021")]
    [InlineData("b/ano=2025/mes=10/dia=09", "ano=2025/mes=10/dia=09")]
    [InlineData("b/ano=2025/mes=10", "ano=2025/mes=10/dia=22")]
    [InlineData("b/dt=2025-10-22 10%3A00%3A00", "2025-10-22 10:00:00")]
    [InlineData("b/uf=SP", "SP")]
    [InlineData("b/d=__HIVE_DEFAULT_PARTITION__", "__HIVE_DEFAULT_PARTITION__")]
    public async Task Select_PartitionFolder_IsThatPartitionOfTheTableAbove(string reference, string sourcePartition)
    {
        foreach (var folder in (string[])["ano_mes_dia=20251021", "ano_mes_dia=20251022", "ano=2025/mes=10/dia=09",
            "ano=2025/mes=10/dia=22", "ano=2025/mes=11/dia=01", "dt=2025-10-22 10%3A00%3A00", "uf=SP", "d=__HIVE_DEFAULT_PARTITION__"])
            Write($"b/{folder}/part-0.parquet");

        var selection = await SelectAsync(reference);

        Assert.Equal(sourcePartition, selection.Candidates[0].SourcePartition);
        Assert.True(selection.IsPartitioned);
    }

    [Fact]
    public async Task Select_PartitionFolderInMemory_IsFoundByItsPrefix()
    {
        var store = TableFolders.Of("b/ano=2025/mes=10/p", "b/ano=2025/mes=11/p");

        var selection = await PartitionSearch.SelectAsync(
            new HivePartitionCatalog(new StoreLocation(store, "b/ano=2025/mes=10/")), null, default);

        Assert.Equal("ano=2025/mes=10", Assert.Single(selection.Candidates).SourcePartition);
    }

    [Fact]
    public async Task Select_PartitionFolderAndPin_AreJoined()
    {
        Write("b/ano=2025/mes=10/dia=09/p");
        Write("b/ano=2025/mes=10/dia=22/p");

        Assert.Equal(
            "ano=2025/mes=10/dia=09", (await SelectAsync("b/ano=2025/mes=10", Pin("dia", "9"))).Candidates.Single().SourcePartition);
        await Assert.ThrowsAsync<PartitionException>(() => SelectAsync("b/ano=2025/mes=10", Pin("mes", "11")));
    }

    [Fact]
    public async Task Select_PartitionFolderThatIsMissing_IsAPartitionErrorOrNoFolder()
    {
        Write("b/ano_mes_dia=20251022/p");

        var error = await Assert.ThrowsAsync<PartitionException>(() => SelectAsync("b/ano_mes_dia=20251021"));
        Assert.Equal("ano_mes_dia=20251021", error.Place.Expected);
        await Assert.ThrowsAsync<ConfigurationException>(() => SelectAsync("c/ano_mes_dia=20251021"));
    }

    [Fact]
    public async Task Select_KeyOfTheReferenceBelowIt_IsRefused()
    {
        Write("b/d=1/d=2/p");

        var error = await Assert.ThrowsAsync<InputDataException>(() => SelectAsync("b/d=1"));

        Assert.Contains("two levels", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Select_FolderWithoutKey_IsATableOfItsOwn()
    {
        Write("env=prod/b/ano_mes_dia=20251022/p");

        Assert.Equal("20251022", (await SelectAsync("env=prod/b")).Candidates[0].SourcePartition);
    }

    [Fact]
    public async Task Select_FuturePartitionFolder_IsTaken()
    {
        Write("b/d=99991231/p");

        Assert.Equal("99991231", (await SelectAsync("b/d=99991231", newest: new DateTime(2025, 1, 1))).Candidates[0].SourcePartition);
    }

    private static PartitionPin Pin(string key, string value) => new([new PartitionValue(key, value)]);

    private Task<PartitionSelection> SelectAsync(string reference, PartitionPin? pin = null, DateTime? newest = null) =>
        PartitionSearch.SelectAsync(
            new HivePartitionCatalog(new StoreLocation(new LocalObjectStore(_disk.At(reference)), "")), pin, CancellationToken.None,
            newest);

    private void Write(string file)
    {
        var path = _disk.At(file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "x");
    }
}
