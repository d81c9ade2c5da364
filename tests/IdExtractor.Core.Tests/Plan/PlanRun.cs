using IdExtractor.Core.Catalog;
using IdExtractor.Core.Job;
using IdExtractor.Core.Plan;
using IdExtractor.Core.Tests.Catalog;
using IdExtractor.Parquet;

namespace IdExtractor.Core.Tests.Plan;

/// <summary>Plans tables of files in memory.</summary>
internal static class PlanRun
{
    public static SketchColumn Key { get; } = new("documento") { Converted = 0 };

    public static SketchColumn Id { get; } = new("id") { Converted = 0 };

    /// <summary>A file of three rows.</summary>
    public static byte[] Good() => ParquetSketch.File([Key, Id], [3]);

    /// <summary>A file that a writer wrote.</summary>
    public static byte[] Real(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Plan", "Files", name));

    public static async Task<TablePlan> PlanAsync(
        TableFolders folders, TableRequest? request = null, EmptyPartitionPolicy policy = EmptyPartitionPolicy.Fail,
        PartitionPin? pin = null, long budget = 64 << 20)
    {
        var selection = await PartitionSearch.SelectAsync(new HivePartitionCatalog(folders.Root), pin, default);
        request ??= new TableRequest { KeyColumn = "documento", IdColumn = "id", OnEmptyPartition = policy };
        return await new TablePlanner(ParquetLimits.Default, budget).PlanAsync(selection, request, default);
    }
}
