using IdExtractor.Core.Catalog;
using IdExtractor.Core.Job;
using IdExtractor.Core.Storage;
using IdExtractor.Foundation.Errors;
using Xunit;

namespace IdExtractor.Core.Tests.Catalog;

/// <summary>Partitions that begin after the limit, which is the end of 22 October 2025.</summary>
public sealed class FuturePartitionTests
{
    private static readonly DateTime s_newest = new(2025, 10, 22, 23, 59, 59, DateTimeKind.Utc);
    private static readonly TableFolders s_store = new();

    [Theory]
    [InlineData("d=20251021 d=20251022 d=20251023 d=99991231", "20251022", "d=20251023 d=99991231")]
    [InlineData("d=2025-10-21 d=2099-12-31", "2025-10-21", "d=2099-12-31")]
    [InlineData("d=2025-10-22T23:00:00 d=2025-10-23T00:00:00", "2025-10-22T23:00:00", "d=2025-10-23T00:00:00")]
    [InlineData("ano=2025/mes=10/dia=22 ano=9999/mes=12/dia=31", "ano=2025/mes=10/dia=22", "ano=9999/mes=12/dia=31")]
    [InlineData("ano=2025/mes=10 ano=2025/mes=11 ano=2099/mes=1", "ano=2025/mes=10", "ano=2025/mes=11 ano=2099/mes=1")]
    [InlineData("year=2025 year=2026", "2025", "year=2026")]
    [InlineData("d=20251021/hora=10 d=20991231/hora=1", "d=20251021/hora=10", "d=20991231/hora=1")]
    [InlineData("ano=2025/mes=10/dia=22 ano=9999/mes=99/dia=99", "ano=2025/mes=10/dia=22", "ano=9999/mes=99/dia=99")]
    [InlineData("ano=2025/mes=10 ano=99999/mes=10", "ano=2025/mes=10", "ano=99999/mes=10")]
    [InlineData("ano_mes=202510 ano_mes=209912 ano_mes=999999", "202510", "ano_mes=209912 ano_mes=999999")]
    [InlineData("uf=35/ref_year_month=202510 uf=35/ref_year_month=202511", "uf=35/ref_year_month=202510", "uf=35/ref_year_month=202511")]
    public void Select_LaterThanTheLimit_IsSkippedByName(string folders, string latest, string skipped)
    {
        var selection = Select(folders);

        Assert.Equal(latest, selection.Candidates[0].SourcePartition);
        Assert.Equal(skipped.Split(' ').Select(name => $"/data/{name}/").Order(), selection.Skipped.Select(item => item.Name).Order());
        Assert.All(selection.Skipped, item => Assert.True(item.IsWarning));
        Assert.All(selection.Skipped, item => Assert.Contains("--allow-future-partition", item.Reason, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("lote=99991231999", null, "99991231999")]
    [InlineData("lote=202510 lote=209912", null, "209912")]
    [InlineData("ano_mes=202510 ano_mes=209912", "ano_mes=209912", "209912")]
    [InlineData("ano=2025/mes=9 ano=2025/mes=13", null, "ano=2025/mes=13")]
    [InlineData("d=99991231", "d=99991231", "99991231")]
    [InlineData("d=20251022 d=99991231", "d=9999-12-31", "99991231")]
    [InlineData("ano=2099/mes=1/dia=2 ano=2025/mes=1/dia=2", "ano=2099", "ano=2099/mes=1/dia=2")]
    [InlineData("ano=2025/mes=12/dia=31 ano=2025/mes=1/dia=2", "ano=2025/mes=12", "ano=2025/mes=12/dia=31")]
    public void Select_NoDateOrPinned_IsTaken(string folders, string? pin, string latest) =>
        Assert.Equal(latest, Select(folders, pin).Candidates[0].SourcePartition);

    /// <summary>
    /// A pin that leaves the date free does not put the partition into the future.
    /// </summary>
    [Theory]
    [InlineData("pais=BR/d=20251022 pais=BR/d=99991231", "pais=BR", "pais=BR/d=20251022")]
    [InlineData("ano=2025/mes=10/dia=22 ano=2025/mes=12/dia=31", "ano=2025", "ano=2025/mes=10/dia=22")]
    public void Select_PinOfAnotherKey_LeavesTheLimit(string folders, string pin, string latest)
    {
        var selection = Select(folders, pin);

        Assert.Equal(latest, selection.Candidates[0].SourcePartition);
        Assert.Single(selection.Skipped);
    }

    [Fact]
    public void Select_NoLimit_TakesAny() =>
        Assert.Equal(
            "99991231", PartitionSelector.Select(Table("d"), Partitions("d=20251022 d=99991231"), null).Candidates[0].SourcePartition);

    [Fact]
    public void Select_OnlyFuture_IsAnErrorThatNamesOneAndTheOption()
    {
        var error = Assert.Throws<PartitionException>(() => Select("d=20991231 d=99991231"));

        Assert.Contains("2 later ones, such as /data/d=", error.ToLine(), StringComparison.Ordinal);
        Assert.Contains("--allow-future-partition", error.ToLine(), StringComparison.Ordinal);
    }

    private static PartitionSelection Select(string folders, string? pin = null)
    {
        var keys = folders.Split(' ')[0].Split('/').Select(part => part.Split('=')[0]).ToArray();
        var pinned = pin is null ? null : new PartitionPin([.. Values(pin)]);
        return PartitionSelector.Select(Table(keys), Partitions(folders), pinned, s_newest);
    }

    private static CatalogTable Table(params string[] keys) => new("/data/", s_store.Root, keys);

    private static IEnumerable<CatalogPartition> Partitions(string folders) =>
        folders.Split(' ').Select(folder => new CatalogPartition([.. Values(folder)], new StoreLocation(s_store, folder + "/")));

    private static IEnumerable<PartitionValue> Values(string folder) =>
        folder.Split('/').Select(part => part.Split('=')).Select(pair => new PartitionValue(pair[0], pair[1]));
}
