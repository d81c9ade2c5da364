using System.Text;
using IdExtractor.Core.Job;
using IdExtractor.Core.Plan;
using IdExtractor.Core.Tests.Catalog;
using IdExtractor.Foundation.Errors;
using Xunit;
using static IdExtractor.Core.Tests.Plan.PlanRun;

namespace IdExtractor.Core.Tests.Plan;

public sealed class TablePlannerTests
{
    [Fact]
    public async Task PlanAsync_RealFiles_ArePinnedInOrder()
    {
        var folders = new TableFolders()
            .Add("d=20251022/b.parquet", Real("text.parquet"))
            .Add("d=20251022/a", Real("spark.parquet"))
            .Add("d=20251021/c", [1]);
        var plan = await PlanAsync(folders);

        Assert.Equal("20251022", plan.SourcePartition);
        Assert.Equal(new DateTime(2025, 10, 22, 0, 0, 0, DateTimeKind.Utc), plan.PartitionTime);
        Assert.Equal(["/data/d=20251022/a", "/data/d=20251022/b.parquet"], plan.Files.Select(file => file.Name));
        Assert.All(plan.Files, file => Assert.Equal(("documento", "id"), (file.KeyColumn.Name, file.IdColumn!.Name)));
        Assert.All(
            plan.Files,
            file => Assert.All(
                file.RowGroups, group => Assert.Equal(["documento", "id"], group.Chunks.Select(chunk => chunk.Column.Name))));
        Assert.Equal(plan.Files.Sum(file => file.Footer.RowCount), plan.RowCount);
        Assert.Equal(3, plan.Files[0].Footer.RowCount);
        Assert.Equal(Real("text.parquet").Length, plan.Files[1].Object.Size);
        Assert.Empty(plan.Skipped);
    }

    [Fact]
    public async Task PlanAsync_TableA_HasNoIdColumn()
    {
        var plan = await PlanAsync(new TableFolders().Add("a.parquet", Real("text.parquet")), new TableRequest { KeyColumn = "documento" });

        Assert.Equal("unpartitioned", plan.SourcePartition);
        Assert.Null(plan.Files.Single().IdColumn);
        Assert.All(plan.Files.Single().RowGroups, group => Assert.Single(group.Chunks));
    }

    [Fact]
    public async Task PlanAsync_Clutter_IsSkippedWithItsReason()
    {
        var folders = new TableFolders().Add("d=1/data", Good()).Add("d=1/sub/x=y/data2", Good());
        foreach (var name in (string[])["d=1/_SUCCESS", "d=1/.data.crc", "d=1/_temporary/0/data", "d=1/.hidden/data", "d=1/sub/_x/data",
            "d=1/_metadata"])
            folders.Add(name, [1, 2, 3]);
        folders.Add("d=1/empty", []).Add("loose.parquet", [1]);
        var plan = await PlanAsync(folders);

        Assert.Equal(["/data/d=1/data", "/data/d=1/sub/x=y/data2"], plan.Files.Select(file => file.Name));
        Assert.Equal(6, plan.Skipped.Count(item => item.Reason == "hidden"));
        Assert.Equal("/data/d=1/empty", plan.Skipped.Single(item => item.Reason == "0 bytes").Name);
        Assert.Equal(["/data/loose.parquet", "/data/d=1/empty"], plan.Skipped.Where(item => item.IsWarning).Select(item => item.Name));
    }

    [Fact]
    public async Task PlanAsync_FilesAndRowGroupsWithoutRows_AreLeftOut()
    {
        var folders = new TableFolders()
            .Add("d=1/a", Real("no-rows.parquet"))
            .Add("d=1/b", ParquetSketch.File([Key, Id], [0, 5, 0, 7, 0]))
            .Add("d=1/c", Real("no-row-groups.parquet"));
        var plan = await PlanAsync(folders);

        Assert.Equal([1, 3], plan.Files.Single().RowGroups.Select(group => group.Index));
        Assert.Equal(12, plan.RowCount);
        Assert.Equal(["/data/d=1/a", "/data/d=1/c"], plan.Skipped.Where(item => item.Reason == "no rows").Select(item => item.Name));
    }

    [Theory]
    [InlineData(EmptyPartitionPolicy.Fail, null)]
    [InlineData(EmptyPartitionPolicy.Previous, "2")]
    public async Task PlanAsync_EmptyLatest_FollowsThePolicy(EmptyPartitionPolicy policy, string? expected)
    {
        var folders = new TableFolders()
            .Add("d=5/_SUCCESS", [])
            .Add("d=4/part", Real("no-rows.parquet"))
            .Add("d=3/.part", Good()).Add("d=3/zero", [])
            .Add("d=2/part", Good())
            .Add("d=1/part", Good());
        if (expected is null)
        {
            var error = await Assert.ThrowsAsync<PartitionException>(() => PlanAsync(folders, policy: policy));
            Assert.Contains("/data/d=5/", error.ToLine(), StringComparison.Ordinal);
            Assert.Contains("no data files", error.ToLine(), StringComparison.Ordinal);
            Assert.Contains("--on-empty-partition previous", error.ToLine(), StringComparison.Ordinal);
            return;
        }

        var plan = await PlanAsync(folders, policy: policy);
        Assert.Equal(expected, plan.SourcePartition);
        Assert.Equal(
            ["/data/d=5/", "/data/d=4/", "/data/d=3/zero", "/data/d=3/"],
            plan.Skipped.Where(item => item.IsWarning).Select(item => item.Name));
    }

    [Fact]
    public async Task PlanAsync_AllPartitionsEmpty_IsAPartitionError()
    {
        var folders = new TableFolders().Add("d=2/part", Real("no-rows.parquet")).Add("d=1/_SUCCESS", []);
        await Assert.ThrowsAsync<PartitionException>(() => PlanAsync(folders, policy: EmptyPartitionPolicy.Previous));
    }

    [Theory]
    [InlineData(EmptyPartitionPolicy.Fail)]
    [InlineData(EmptyPartitionPolicy.Previous)]
    public async Task PlanAsync_PinnedAndEmpty_NeverLeavesThePin(EmptyPartitionPolicy policy)
    {
        var folders = new TableFolders()
            .Add("y=2025/m=2/part", Real("no-rows.parquet"))
            .Add("y=2025/m=1/part", Good())
            .Add("y=2024/m=12/part", Good());
        await Assert.ThrowsAsync<PartitionException>(
            () => PlanAsync(folders, policy: policy, pin: new PartitionPin([new("y", "2025"), new("m", "2")])));
        if (policy == EmptyPartitionPolicy.Previous)
        {
            var plan = await PlanAsync(folders, policy: policy, pin: new PartitionPin([new("y", "2025")]));
            Assert.Equal("y=2025/m=1", plan.SourcePartition);
        }
    }

    [Fact]
    public async Task PlanAsync_UnpartitionedWithoutRows_IsEmptyUnlessItMayBe()
    {
        var folders = new TableFolders().Add("part", Real("no-rows.parquet"));
        await Assert.ThrowsAsync<PartitionException>(() => PlanAsync(folders));

        var plan = await PlanAsync(folders, new TableRequest { KeyColumn = "documento", MayHaveNoRows = true });
        Assert.Empty(plan.Files);
        Assert.Equal(0, plan.RowCount);
    }

    [Fact]
    public async Task PlanAsync_NoDataFilesAtAll_IsAPartitionErrorEvenForTableA()
    {
        var folders = new TableFolders().Add("_SUCCESS", []).Add("sub/", []);
        await Assert.ThrowsAsync<PartitionException>(
            () => PlanAsync(folders, new TableRequest { KeyColumn = "documento", MayHaveNoRows = true }));
    }

    [Fact]
    public async Task PlanAsync_PartitionedTableAWithoutRows_IsAnEmptyPartition()
    {
        var folders = new TableFolders().Add("d=1/part", Real("no-rows.parquet"));
        await Assert.ThrowsAsync<PartitionException>(
            () => PlanAsync(folders, new TableRequest { KeyColumn = "documento", MayHaveNoRows = true }));
    }

    [Theory]
    [InlineData("id;documento\n")]
    [InlineData("PAR1PAR1")]
    [InlineData("PAR1")]
    [InlineData("a")]
    [InlineData("PAR1\0\0\0\0PAR1")]
    [InlineData("PAR1\u007f\u007f\0\0PAR1")]
    public async Task PlanAsync_NotParquet_IsCorruptByName(string content)
    {
        var folders = new TableFolders().Add("d=1/a", Good()).Add("d=1/b.csv", Encoding.Latin1.GetBytes(content));
        Assert.Equal("/data/d=1/b.csv", (await Assert.ThrowsAsync<CorruptFileException>(() => PlanAsync(folders))).Place.Object);
    }

    [Fact]
    public async Task PlanAsync_AnyCutOfAFile_IsCorrupt()
    {
        var whole = Real("spark.parquet");
        for (var length = 1; length < whole.Length; length++)
            await Assert.ThrowsAsync<CorruptFileException>(() => PlanAsync(new TableFolders().Add("d=1/p", whole[..length])));
    }

    [Fact]
    public async Task PlanAsync_SeveralBadFiles_NamesTheFirst()
    {
        var folders = new TableFolders();
        for (var i = 0; i < 100; i++)
            folders.Add($"d=1/p{i:000}", i < 7 ? Good() : [1, 2, 3]);
        Assert.Equal("/data/d=1/p007", (await Assert.ThrowsAsync<CorruptFileException>(() => PlanAsync(folders))).Place.Object);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(FooterReader.TailBytes - 1000, 1)]
    [InlineData(FooterReader.TailBytes, 2)]
    [InlineData(3_000_000, 2)]
    public async Task PlanAsync_FooterOfAnySize_TakesAtMostTwoReads(int padding, int reads)
    {
        var folders = new TableFolders().Add("d=1/p", ParquetSketch.File([Key, Id], [3, 4], paddingBytes: padding));
        var plan = await PlanAsync(folders);

        Assert.Equal(7, plan.RowCount);
        Assert.Equal(padding + "sketch".Length, plan.Files[0].Footer.CreatedBy.Length);
        Assert.Equal(reads, folders.Reads);
    }

    [Fact]
    public async Task PlanAsync_FooterAtTheEdgeOfTheTail_IsWhole()
    {
        for (var padding = FooterReader.TailBytes - 300; padding < FooterReader.TailBytes + 20; padding++)
            Assert.Equal(3, (await PlanAsync(new TableFolders().Add("d=1/p", ParquetSketch.File([Key, Id], [3], 50, padding)))).RowCount);
    }

    [Fact]
    public async Task PlanAsync_FootersBeyondTheBudget_AreRefused()
    {
        var folders = new TableFolders();
        for (var i = 0; i < 20; i++)
            folders.Add($"d=1/p{i}", ParquetSketch.File([Key, Id], [3], paddingBytes: 5000));
        var error = await Assert.ThrowsAsync<InputDataException>(() => PlanAsync(folders, budget: 50_000));
        Assert.Contains("--max-memory", error.ToLine(), StringComparison.Ordinal);
        Assert.Equal(60, (await PlanAsync(folders, budget: 120_000)).RowCount);
    }

    [Fact]
    public async Task PlanAsync_RowGroupsBeyondTheBudget_AreRefusedBeforeTheyTakeMemory()
    {
        var folders = new TableFolders().Add("d=1/p", ParquetSketch.File([Key, Id], [.. Enumerable.Repeat(1L, 20_000)]));
        var error = await Assert.ThrowsAsync<InputDataException>(() => PlanAsync(folders, budget: 8 << 20));
        Assert.Contains("--max-memory", error.ToLine(), StringComparison.Ordinal);
        Assert.Contains("20000 row groups", error.ToLine(), StringComparison.Ordinal);
        Assert.Equal(20_000, (await PlanAsync(folders, budget: 32 << 20)).RowCount);
    }

    [Fact]
    public async Task PlanAsync_HundredsOfFiles_AreReadSeveralAtATime()
    {
        var folders = new TableFolders();
        for (var i = 0; i < 300; i++)
            folders.Add($"d=1/p{i:000}", Good());
        var plan = await PlanAsync(folders);

        Assert.Equal(300, plan.Files.Count);
        Assert.Equal(plan.Files.OrderBy(file => file.Object.Key, StringComparer.Ordinal), plan.Files);
        Assert.InRange(folders.MostOpenReaders, 1, 16);
        Assert.Equal(300, folders.Reads);
    }
}
