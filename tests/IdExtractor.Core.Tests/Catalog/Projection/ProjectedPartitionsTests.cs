using IdExtractor.Core.Catalog;
using IdExtractor.Core.Catalog.Projection;
using IdExtractor.Core.Job;
using IdExtractor.Core.Storage;
using IdExtractor.Foundation.Errors;
using IdExtractor.Testing.Stores;
using Xunit;

namespace IdExtractor.Core.Tests.Catalog.Projection;

public sealed class ProjectedPartitionsTests
{
    private static readonly DateTime s_now = new(2026, 11, 21, 14, 30, 59, DateTimeKind.Utc);

    [Fact]
    public async Task FindAsync_ThreeIntegers_FindsTheNewestWithDataFirst()
    {
        var store = Files(
            "year=2026/month=11/day=19/a", "year=2026/month=9/day=30/a", "year=2025/month=12/day=31/a",
            "year=2026/month=11/day=21/_SUCCESS");
        var projection = Projection(
            ["year", "month", "day"],
            ("year.type", "integer"), (
                "year.range", "2000,2100"), ("month.type", "integer"), ("month.range", "1,12"), ("day.type", "integer"), ("day.range",
                "1,31"));

        Assert.Equal(
            ["year=2026/month=11/day=19", "year=2026/month=9/day=30", "year=2025/month=12/day=31"], await FindAsync(projection, store));
    }

    [Fact]
    public async Task FindAsync_YearsAheadOfTheData_CostNoRequests()
    {
        var log = new RecordingObjectStore(Files("year=2026/month=11/day=19/a"));
        var projection = Projection(
            ["year", "month", "day"],
            ("year.type", "integer"), (
                "year.range", "1900,2900"), ("month.type", "integer"), ("month.range", "1,12"), ("day.type", "integer"), ("day.range",
                "1,31"));

        Assert.Single(await FindAsync(projection, log));

        Assert.Equal(4, log.Total);
    }

    [Fact]
    public async Task FindAsync_DateWithSlashes_FollowsTheTemplate()
    {
        var store = Files("2026/11/20/a", "2026/11/22/a", "2026/10/31/a", "2019/01/01/a");
        var projection = Projection(
            ["day"], ("day.type", "date"), ("day.format", "yyyy/MM/dd"), ("day.range", "2020/01/01,NOW"),
            ("template", "s3://bucket/table/${day}/"));

        Assert.Equal(["day=2026/11/20", "day=2026/10/31"], await FindAsync(projection, store));
    }

    [Fact]
    public async Task FindAsync_DatesInAnotherForm_AreOrderedByTime()
    {
        var store = Files("01-11-2026/a", "30-10-2026/a", "02-01-2026/a");
        var projection = Projection(
            ["day"], ("day.type", "date"), ("day.format", "dd-MM-yyyy"), ("day.range", "01-01-2020,NOW"),
            ("template", "s3://bucket/table/${day}/"));
        var found = await FindAllAsync(projection, store, null);
        var table = new CatalogTable("glue://db/t", new StoreLocation(store, ""), ["day"]);

        var selection = PartitionSelector.Select(table, found.Reverse(), null);

        Assert.Equal(["01-11-2026", "30-10-2026", "02-01-2026"], selection.Candidates.Select(candidate => candidate.SourcePartition));
        Assert.Equal(new DateTime(2026, 11, 1, 0, 0, 0, DateTimeKind.Utc), selection.Candidates[0].Time);
    }

    [Theory]
    [InlineData("30-10-2026")]
    [InlineData("2026-10-30")]
    [InlineData("20261030")]
    public async Task FindAsync_DatePinnedInAnyForm_IsFound(string pinned)
    {
        var store = Files("01-11-2026/a", "30-10-2026/a", "02-01-2026/a");
        var projection = Projection(
            ["day"], ("day.type", "date"), ("day.format", "dd-MM-yyyy"), ("day.range", "01-01-2020,NOW"),
            ("template", "s3://bucket/table/${day}/"));
        var pin = new PartitionPin([new PartitionValue("day", pinned)]);
        var table = new CatalogTable("glue://db/t", new StoreLocation(store, ""), ["day"]);

        var selection = PartitionSelector.Select(table, await FindAllAsync(projection, store, pin), pin);

        Assert.Equal("30-10-2026", Assert.Single(selection.Candidates).SourcePartition);
        Assert.True(projection.Order.Compare("01-11-2026", selection.Candidates[0].SourcePartition) > 0);
    }

    [Fact]
    public async Task FindAsync_TextKeyPinned_FindsTheLatestOfIt()
    {
        var store = Files("SP/2026-11-19/a", "RJ/2026-11-20/a", "SP/2026-11-18/a");
        var projection = Projection(
            ["uf", "day"],
            ("uf.type", "enum"), ("uf.values", "RJ,SP"), ("day.type", "date"), ("day.format", "yyyy-MM-dd"),
                ("day.range", "NOW-1YEARS,NOW"), ("template", "s3://bucket/table/${uf}/${day}/"));

        Assert.Equal(
            ["uf=SP/day=2026-11-19", "uf=SP/day=2026-11-18"],
            await FindAsync(projection, store, new PartitionPin([new PartitionValue("uf", "SP")])));
        var error = await Assert.ThrowsAsync<PartitionException>(() => FindAsync(projection, store));
        Assert.Contains("--partition uf=VALUE", error.ToLine(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindAsync_PinInAnotherSpelling_IsFound()
    {
        var projection = Projection(["month"], ("month.type", "integer"), ("month.range", "1,12"), ("month.digits", "2"));

        Assert.Equal(
            ["month=09"],
            await FindAsync(projection, Files("month=09/a", "month=10/a"), new PartitionPin([new PartitionValue("month", "9")])));
    }

    [Fact]
    public async Task FindAsync_PinOutsideTheRange_FindsNothing()
    {
        var projection = Projection(["month"], ("month.type", "integer"), ("month.range", "1,12"));

        Assert.Empty(await FindAsync(projection, Files("month=13/a"), new PartitionPin([new PartitionValue("month", "13")])));
    }

    [Fact]
    public async Task FindAsync_NoData_FindsNothing()
    {
        var projection = Projection(["day"], ("day.type", "date"), ("day.format", "yyyyMMdd"), ("day.range", "NOW-5YEARS,NOW"));

        Assert.Empty(await FindAsync(projection, Files("day=20261121/.hidden", "day=20261120/_x/a", "other/a")));
    }

    [Fact]
    public async Task FindAsync_ManyWithData_TellsOfTheNewest()
    {
        var store = Files([.. Enumerable.Range(0, 100).Select(back => $"day={s_now.AddDays(-back):yyyyMMdd}/a")]);
        var projection = Projection(["day"], ("day.type", "date"), ("day.format", "yyyyMMdd"), ("day.range", "NOW-5YEARS,NOW"));

        var found = await FindAsync(projection, store);

        Assert.Equal(ProjectedPartitions.MostFound, found.Count);
        Assert.Equal("day=20261121", found[0]);
    }

    [Theory]
    [InlineData("dd-MM-yyyy", "01-11-2026", "30-10-2026", 1)]
    [InlineData("dd-MM-yyyy", "2026-10-30", "30-10-2026", 0)]
    [InlineData("dd-MM-yyyy", "2026-10-29", "30-10-2026", -1)]
    [InlineData("yyyy/MM/dd", "2026/11/01", "2026/10/30", 1)]
    [InlineData("dd-MM-yyyy", "text", "30-10-2026", null)]
    public void Order_DatesInAFormOfTheirOwn_AreComparedAsDates(string format, string left, string right, int? expected)
    {
        var projection = Projection(["day"], ("day.type", "date"), ("day.format", format), ("day.range", "NOW-1YEARS,NOW"));

        var order = projection.Order.Compare(left, right);

        Assert.Equal(expected, order is { } known ? Math.Sign(known) : null);
        Assert.Equal(order, projection.Order.Compare($"uf=SP/day={left}", $"uf=SP/day={right}"));
    }

    [Fact]
    public async Task FindAsync_FoldersThatTheProjectionMisses_AreStrays()
    {
        var projection = Projection(["lote"], ("lote.type", "integer"), ("lote.range", "0,500"), ("lote.interval", "5"));

        var strays = await StraysAsync(
            projection, Files("lote=110/a", "lote=112/a", "lote=105/a", "lote=505/a", "backup/a", "extra.parquet", "_tmp/a", ".x"));

        Assert.Equal(["/data/table/backup/", "/data/table/extra.parquet", "/data/table/lote=112/", "/data/table/lote=505/"], strays);
    }

    [Fact]
    public async Task FindAsync_DateOfSeveralFolders_HasStraysAtEveryLevel()
    {
        var store = Files("2026/11/20/a", "2026/11/99/a", "2026/x/a", "y/a", "2026/11/19/inner/a");
        var projection = Projection(
            ["day"], ("day.type", "date"), ("day.format", "yyyy/MM/dd"), ("day.range", "2020/01/01,NOW"),
            ("template", "s3://bucket/table/${day}/"));

        Assert.Equal(["/data/table/2026/11/99/", "/data/table/2026/x/", "/data/table/y/"], await StraysAsync(projection, store));
    }

    [Fact]
    public async Task FindAsync_MoreThanAreTold_ReportsNoneOfTheOlderAsStrays()
    {
        var store = Files([.. Enumerable.Range(0, 100).Select(back => $"day={s_now.AddDays(-back):yyyyMMdd}/a")]);
        var projection = Projection(["day"], ("day.type", "date"), ("day.format", "yyyyMMdd"), ("day.range", "NOW-5YEARS,NOW"));

        Assert.Empty(await StraysAsync(projection, store));
    }

    [Fact]
    public async Task FindAsync_Pinned_HasNoStrays()
    {
        var projection = Projection(["lote"], ("lote.type", "integer"), ("lote.range", "0,500"));

        Assert.Empty(await StraysAsync(projection, Files("lote=110/a", "lote=x/a"), new PartitionPin([new PartitionValue("lote", "110")])));
    }

    [Theory]
    [InlineData("s3://bucket/table/${day}/bfc-", "20261120/bfc-1/a")]
    [InlineData("s3://bucket/table/contas-${day}-", "contas-20261120-0.parquet")]
    [InlineData("s3://bucket/table/contas-${day}", "contas-20261120.parquet")]
    public async Task FindAsync_TemplateThatEndsInsideAName_IsRefused(string template, string file)
    {
        var projection = Projection(
            ["day"], ("day.type", "date"), ("day.format", "yyyyMMdd"), ("day.range", "NOW-5YEARS,NOW"), ("template", template));

        var error = await Assert.ThrowsAsync<ConfigurationException>(() => FindAsync(projection, Files(file)));

        Assert.Contains("template", error.ToLine(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindAsync_TemplateWithoutSlashAtTheEnd_NamesFoldersTheSame()
    {
        var projection = Projection(
            ["month"], ("month.type", "integer"), ("month.range", "1,12"), ("template", "s3://bucket/table/m${month}"));

        Assert.Equal(["month=12", "month=10"], await FindAsync(projection, Files("m10/a", "m12/a")));
    }

    [Fact]
    public async Task FindAsync_FutureWithData_DoesNotUseUpTheNumberOfFound()
    {
        var store = Files([.. Enumerable.Range(-50, 60).Select(back => $"day={s_now.AddDays(-back):yyyyMMdd}/a")]);
        var projection = Projection(["day"], ("day.type", "date"), ("day.format", "yyyyMMdd"), ("day.range", "NOW-1YEARS,NOW+1YEARS"));
        var table = new CatalogTable("glue://db/t", new StoreLocation(store, ""), ["day"]);

        var selection = PartitionSelector.Select(
            table, await FindAllAsync(projection, store, null), null, s_now + PartitionSearch.FutureLimit);

        Assert.Equal("20261123", selection.Candidates[0].SourcePartition);
        Assert.Equal(48, selection.Skipped.Count);
    }

    private static async Task<IReadOnlyList<string>> StraysAsync(
        PartitionProjection projection, IObjectStore store, PartitionPin? pin = null)
    {
        var projected = new ProjectedPartitions(projection, address => new StoreLocation(store, address["s3://bucket/".Length..]));
        await foreach (var _ in projected.FindAsync(pin, s_now, CancellationToken.None))
            continue;
        Assert.All(projected.Strays, item => Assert.True(item.IsWarning));
        return [.. projected.Strays.Select(item => item.Name)];
    }

    private static TableFolders Files(params string[] files) => TableFolders.Of([.. files.Select(file => "table/" + file)]);

    private static PartitionProjection Projection(string[] keys, params (string Setting, string Value)[] settings)
    {
        var properties = settings.ToDictionary(
            setting => setting.Setting == "template" ? "storage.location.template" : "projection." + setting.Setting,
            setting => setting.Value);
        return PartitionProjection.Parse("glue://db/t", keys, properties, "s3://bucket/table/");
    }

    private static async Task<IReadOnlyList<string>> FindAsync(
        PartitionProjection projection, IObjectStore store, PartitionPin? pin = null) =>
        [.. (await FindAllAsync(projection, store, pin)).Select(partition => new PartitionPin(partition.Values).ToString())];

    private static async Task<IReadOnlyList<CatalogPartition>> FindAllAsync(
        PartitionProjection projection, IObjectStore store, PartitionPin? pin)
    {
        var found = new List<CatalogPartition>();
        await foreach (var partition in new ProjectedPartitions(projection, address =>
            new StoreLocation(store, address["s3://bucket/".Length..])).FindAsync(pin, s_now, CancellationToken.None))
            found.Add(partition);
        return found;
    }
}
