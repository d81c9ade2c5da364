using IdExtractor.Core.Catalog;
using IdExtractor.Core.Catalog.Projection;
using IdExtractor.Core.Errors;
using IdExtractor.Core.Pipeline;
using IdExtractor.Core.Storage;
using IdExtractor.Core.Storage.Decorators;
using Xunit;

namespace IdExtractor.Core.Tests.Catalog.Projection;

public sealed class ProjectedPartitionsTests
{
    private static readonly DateTime s_now = new(2026, 11, 21, 14, 30, 59, DateTimeKind.Utc);

    [Fact]
    public async Task FindAsync_ThreeIntegers_FindsTheNewestWithDataFirst()
    {
        var store = Files("year=2026/month=11/day=19/a", "year=2026/month=9/day=30/a", "year=2025/month=12/day=31/a", "year=2026/month=11/day=21/_SUCCESS");
        var projection = Projection(
            ["year", "month", "day"],
            ("year.type", "integer"), ("year.range", "2000,2100"), ("month.type", "integer"), ("month.range", "1,12"), ("day.type", "integer"), ("day.range", "1,31"));

        Assert.Equal(["year=2026/month=11/day=19", "year=2026/month=9/day=30", "year=2025/month=12/day=31"], await FindAsync(projection, store));
    }

    [Fact]
    public async Task FindAsync_YearsAheadOfTheData_CostNoRequests()
    {
        var log = new RecordingObjectStore(Files("year=2026/month=11/day=19/a"));
        var projection = Projection(
            ["year", "month", "day"],
            ("year.type", "integer"), ("year.range", "1900,2900"), ("month.type", "integer"), ("month.range", "1,12"), ("day.type", "integer"), ("day.range", "1,31"));

        Assert.Single(await FindAsync(projection, log));

        Assert.Equal(4, log.Total);
    }

    [Fact]
    public async Task FindAsync_DateWithSlashes_FollowsTheTemplate()
    {
        var store = Files("2026/11/20/a", "2026/11/22/a", "2026/10/31/a", "2019/01/01/a");
        var projection = Projection(
            ["day"], ("day.type", "date"), ("day.format", "yyyy/MM/dd"), ("day.range", "2020/01/01,NOW"), ("template", "s3://bucket/table/${day}/"));

        Assert.Equal(["day=2026/11/20", "day=2026/10/31"], await FindAsync(projection, store));
    }

    [Fact]
    public async Task FindAsync_DatesInAnotherForm_AreOrderedByTime()
    {
        var store = Files("01-11-2026/a", "30-10-2026/a", "02-01-2026/a");
        var projection = Projection(["day"], ("day.type", "date"), ("day.format", "dd-MM-yyyy"), ("day.range", "01-01-2020,NOW"), ("template", "s3://bucket/table/${day}/"));
        var found = await FindAllAsync(projection, store, null);
        var table = new CatalogTable("glue://db/t", new StoreLocation(store, ""), ["day"]);

        var selection = PartitionSelector.Select(table, found.Reverse(), null);

        Assert.Equal(["2026-11-01", "2026-10-30", "2026-01-02"], selection.Candidates.Select(candidate => candidate.SourcePartition));
        Assert.Equal(new DateTime(2026, 11, 1, 0, 0, 0, DateTimeKind.Utc), selection.Candidates[0].Time);
    }

    [Theory]
    [InlineData("30-10-2026")]
    [InlineData("2026-10-30")]
    [InlineData("20261030")]
    public async Task FindAsync_DatePinnedInAnyForm_IsFound(string pinned)
    {
        var store = Files("01-11-2026/a", "30-10-2026/a", "02-01-2026/a");
        var projection = Projection(["day"], ("day.type", "date"), ("day.format", "dd-MM-yyyy"), ("day.range", "01-01-2020,NOW"), ("template", "s3://bucket/table/${day}/"));
        var pin = new PartitionPin([new PartitionValue("day", pinned)]);
        var table = new CatalogTable("glue://db/t", new StoreLocation(store, ""), ["day"]);

        var selection = PartitionSelector.Select(table, await FindAllAsync(projection, store, pin), pin);

        Assert.Equal("2026-10-30", Assert.Single(selection.Candidates).SourcePartition);
        Assert.True(SourcePartition.Order.Compare("2026-11-01", selection.Candidates[0].SourcePartition) > 0);
    }

    [Fact]
    public async Task FindAsync_TextKeyPinned_FindsTheLatestOfIt()
    {
        var store = Files("SP/2026-11-19/a", "RJ/2026-11-20/a", "SP/2026-11-18/a");
        var projection = Projection(
            ["uf", "day"],
            ("uf.type", "enum"), ("uf.values", "RJ,SP"), ("day.type", "date"), ("day.format", "yyyy-MM-dd"), ("day.range", "NOW-1YEARS,NOW"), ("template", "s3://bucket/table/${uf}/${day}/"));

        Assert.Equal(["uf=SP/day=2026-11-19", "uf=SP/day=2026-11-18"], await FindAsync(projection, store, new PartitionPin([new PartitionValue("uf", "SP")])));
        var error = await Assert.ThrowsAsync<PartitionException>(() => FindAsync(projection, store));
        Assert.Contains("--partition uf=VALUE", error.ToLine(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindAsync_PinInAnotherSpelling_IsFound()
    {
        var projection = Projection(["month"], ("month.type", "integer"), ("month.range", "1,12"), ("month.digits", "2"));

        Assert.Equal(["month=09"], await FindAsync(projection, Files("month=09/a", "month=10/a"), new PartitionPin([new PartitionValue("month", "9")])));
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

    private static TableFolders Files(params string[] files) => TableFolders.Of([.. files.Select(file => "table/" + file)]);

    private static PartitionProjection Projection(string[] keys, params (string Setting, string Value)[] settings)
    {
        var properties = settings.ToDictionary(setting => setting.Setting == "template" ? "storage.location.template" : "projection." + setting.Setting, setting => setting.Value);
        return PartitionProjection.Parse("glue://db/t", keys, properties, "s3://bucket/table/");
    }

    private static async Task<IReadOnlyList<string>> FindAsync(PartitionProjection projection, IObjectStore store, PartitionPin? pin = null) =>
        [.. (await FindAllAsync(projection, store, pin)).Select(partition => new PartitionPin(partition.Values).ToString())];

    private static async Task<IReadOnlyList<CatalogPartition>> FindAllAsync(PartitionProjection projection, IObjectStore store, PartitionPin? pin)
    {
        var found = new List<CatalogPartition>();
        await foreach (var partition in new ProjectedPartitions(projection, address => new StoreLocation(store, address["s3://bucket/".Length..])).FindAsync(pin, s_now, CancellationToken.None))
            found.Add(partition);
        return found;
    }
}
