using IdExtractor.Core.Catalog;
using IdExtractor.Core.Job;
using IdExtractor.Core.Plan;
using IdExtractor.Core.Tests.Catalog;
using IdExtractor.Parquet;
using Xunit;

namespace IdExtractor.Core.Tests.Plan;

public sealed class PlanSummaryTests
{
    private static readonly SketchColumn[] s_columns = [
        new("documento") { Converted = 0 }, new("x", PhysicalType.Double), new("id", PhysicalType.Int64)
    ];

    [Fact]
    public async Task Of_Plan_SumsItUp()
    {
        var one = ParquetSketch.File(s_columns, [5, 0, 6], chunkBytes: 100);
        var other = ParquetSketch.File([new("documento"), new("id", PhysicalType.Int64)], [7], chunkBytes: 1000);
        var summary = PlanSummary.Of(
            await PlanAsync(new TableFolders().Add("d=20251022/a", one).Add("d=20251022/b", other).Add("d=20251022/_x", [1])));

        Assert.Equal(("20251022", 2, 3L, 18L), (summary.SourcePartition, summary.Files, summary.RowGroups, summary.Rows));
        Assert.Equal(one.Length + other.Length, summary.FileBytes);
        Assert.Equal((1200, 1200), (summary.KeyBytes, summary.IdBytes));
        Assert.Equal(["BYTE_ARRAY (STRING)", "BYTE_ARRAY"], summary.KeyTypes);
        Assert.Equal(["INT64"], summary.IdTypes);
        Assert.Equal(
            [new InputColumn("documento", "BYTE_ARRAY (STRING), BYTE_ARRAY", 1200), new InputColumn("id", "INT64", 1200)],
            summary.Columns());
        Assert.Equal(["sketch"], summary.Writers);
        Assert.Equal("hidden", summary.Skipped.Single().Reason);
    }

    [Fact]
    public async Task Of_IdThatIsTheKey_IsCountedOnce()
    {
        var file = ParquetSketch.File(s_columns, [5], chunkBytes: 100);
        var summary = PlanSummary.Of(await PlanAsync(new TableFolders().Add("d=20251022/a", file), "documento"));
        Assert.Equal((100, 0), (summary.KeyBytes, summary.IdBytes));
    }

    private static async Task<TablePlan> PlanAsync(TableFolders folders, string id = "id")
    {
        var selection = await PartitionSearch.SelectAsync(new HivePartitionCatalog(folders.Root), null, default);
        return await new TablePlanner(ParquetLimits.Default, 1 << 20).PlanAsync(
            selection, new TableRequest { KeyColumn = "documento", IdColumn = id }, default);
    }
}
