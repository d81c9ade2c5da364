using IdExtractor.Core.Catalog;
using IdExtractor.Core.Job;
using IdExtractor.Core.Plan;
using IdExtractor.Core.Storage;
using IdExtractor.Core.Storage.Formats;
using IdExtractor.Core.Storage.Local;
using IdExtractor.Foundation.Errors;
using IdExtractor.Parquet;
using IdExtractor.Testing;
using IdExtractor.Testing.Stores;
using Xunit;

namespace IdExtractor.Core.Tests.Storage.Formats;

/// <summary>
/// Folders of Delta, Hudi and Iceberg tables, at, above and below what a run is given.
/// </summary>
public sealed class TableFormatCheckTests : IDisposable
{
    private readonly string _lake = Directory.CreateTempSubdirectory("idextractor-formats-").FullName;

    public void Dispose() => Directory.Delete(_lake, recursive: true);

    public static TheoryData<string, string> Marks => new()
    {
        { "_delta_log/00000000000000000000.json", "Delta Lake" },
        { ".hoodie/hoodie.properties", "Apache Hudi" },
        { "metadata/v1.metadata.json", "Apache Iceberg" },
        { "metadata/00001-0d2a4f7e.gz.metadata.json", "Apache Iceberg" },
        { "metadata/v2.metadata.json.gz", "Apache Iceberg" },
        { "metadata/version-hint.text", "Apache Iceberg" },
        { "metadata/snap-5723-1-0d2a4f7e.avro", "Apache Iceberg" },
    };

    [Theory]
    [MemberData(nameof(Marks))]
    public async Task EnsurePlain_MarkAtTheFolder_IsRefusedByFormatAndRoot(string mark, string format)
    {
        Write("t/" + mark);

        var error = await Assert.ThrowsAsync<ConfigurationException>(() => CheckAsync("t"));

        Assert.Contains(format, error.Message, StringComparison.Ordinal);
        Assert.EndsWith("at " + Path.Combine(_lake, "t"), error.Place.Actual, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Marks))]
    public async Task EnsurePlain_MarkAboveTheFolder_IsRefusedByTheRoot(string mark, string format)
    {
        Write("t/" + mark);
        Write("t/data/ano_mes_dia=20251022/part-0.parquet");

        var error = await Assert.ThrowsAsync<ConfigurationException>(() => CheckAsync("t/data/ano_mes_dia=20251022"));

        Assert.Contains(format, error.Message, StringComparison.Ordinal);
        Assert.EndsWith("at " + Path.Combine(_lake, "t"), error.Place.Actual, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Marks))]
    public async Task Plan_MarkBelowThePartition_IsRefused(string mark, string format)
    {
        Write("t/ano_mes_dia=20251022/inner/" + mark);

        var error = await Assert.ThrowsAsync<ConfigurationException>(() => PlanAsync("t"));

        Assert.Contains(format, error.Message, StringComparison.Ordinal);
        Assert.EndsWith(
            "at " + Path.Combine(_lake, "t", "ano_mes_dia=20251022", "inner"), error.Place.Actual!.TrimEnd('/'), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plan_MarkBetweenTableAndPartition_IsRefused()
    {
        Write("t/pais=BR/_delta_log/00000000000000000000.json");
        Write("t/pais=BR/ano_mes_dia=20251022/part-0.parquet");

        var error = await Assert.ThrowsAsync<ConfigurationException>(
            () => PlanAsync("t", new PartitionPin([new PartitionValue("pais", "BR")])));

        Assert.Contains("Delta Lake", error.Message, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task EnsurePlain_LinkIntoATable_IsRefused()
    {
        Write("t/_delta_log/00000000000000000000.json");
        Write("t/ano_mes_dia=20251022/part-0.parquet");
        Directory.CreateDirectory(Path.Combine(_lake, "other"));
        Directory.CreateSymbolicLink(Path.Combine(_lake, "latest"), Path.Combine(_lake, "t", "ano_mes_dia=20251022"));
        Directory.CreateSymbolicLink(
            Path.Combine(_lake, "other", "ano_mes_dia=20251022"), Path.Combine(_lake, "t", "ano_mes_dia=20251022"));

        await Assert.ThrowsAsync<ConfigurationException>(() => CheckAsync("latest"));
        await Assert.ThrowsAsync<ConfigurationException>(() => PlanAsync("other"));
    }

    [Fact]
    public async Task Plan_PartitionFileOfHudi_IsRefusedThoughTheTimelineIsOutOfSight()
    {
        Write("t/ano_mes_dia=20251022/.hoodie_partition_metadata");

        var error = await Assert.ThrowsAsync<ConfigurationException>(() => PlanAsync("t"));

        Assert.Contains("Hudi", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("t/metadata/part-0.parquet")]
    [InlineData("t/metadata/deeper/v1.metadata.json")]
    [InlineData("t/_delta_log")]
    [InlineData("t/delta_log/x.json")]
    [InlineData("t/v1.metadata.json")]
    [InlineData("neighbour/_delta_log/00000000000000000000.json")]
    public async Task EnsurePlain_NamesThatOnlyLookAlike_ArePlain(string file)
    {
        Write("t/part-0.parquet");
        Write(file);

        await CheckAsync("t");
    }

    [Fact]
    public async Task EnsurePlain_FolderAboveThatMayNotBeListed_IsPlainAndReported()
    {
        var check = new TableFormatCheck();

        await check.EnsurePlainAsync(new StoreLocation(new Below(new Closed()), ""), clean: null, CancellationToken.None);

        Assert.Equal(["memory://"], check.Unlisted);
    }

    [Fact]
    public async Task EnsurePlain_FolderThatMayNotBeListed_IsAnError() =>
        await Assert.ThrowsAsync<ConfigurationException>(
            () => new TableFormatCheck().EnsurePlainAsync(new StoreLocation(new Closed(), ""), clean: null, CancellationToken.None));

    [Fact]
    public async Task Publish_PartsInADeltaTable_AreRefused()
    {
        Write("t/_delta_log/00000000000000000000.json");
        Write("t/part-00000.txt");
        var planner = new PartsPlanner(ParquetLimits.Default, 1 << 20);

        foreach (var from in (string[])["t", "t/part-00000.txt"])
        {
            var error = await Assert.ThrowsAsync<ConfigurationException>(
                () => planner.PlanAsync(new LocalStoreProvider(), Path.Combine(_lake, from), "id", CancellationToken.None));
            Assert.Contains("Delta Lake", error.Message, StringComparison.Ordinal);
        }
    }

    private void Write(string file)
    {
        var path = Path.Combine(_lake, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "{}");
    }

    private Task CheckAsync(string folder) =>
        new TableFormatCheck().EnsurePlainAsync(
            new StoreLocation(new LocalObjectStore(Path.Combine(_lake, folder)), ""), clean: null, CancellationToken.None);

    private async Task<TablePlan> PlanAsync(string table, PartitionPin? pin = null)
    {
        var catalog = new HivePartitionCatalog(new StoreLocation(new LocalObjectStore(Path.Combine(_lake, table)), ""));
        var selection = await PartitionSearch.SelectAsync(catalog, pin, CancellationToken.None);
        return await new TablePlanner(ParquetLimits.Default, 1 << 20).PlanAsync(
            selection, new TableRequest { KeyColumn = "documento", IdColumn = "id" }, CancellationToken.None);
    }

    /// <summary>An empty store that is a folder of another one.</summary>
    private sealed class Below(IObjectStore above) : ObjectStoreDecorator(new MemoryObjectStore())
    {
        public override FolderAbove? Above => new(above, "t");

        protected override ValueTask<T> InvokeAsync<T>(
            StoreCall request, Func<CancellationToken, ValueTask<T>> send, CancellationToken cancellationToken) => send(cancellationToken);
    }

    /// <summary>A store that answers nothing.</summary>
    private sealed class Closed() : ObjectStoreDecorator(new MemoryObjectStore())
    {
        protected override ValueTask<T> InvokeAsync<T>(
            StoreCall request, Func<CancellationToken, ValueTask<T>> send, CancellationToken cancellationToken) =>
            throw new ConfigurationException("Access is denied");
    }
}
