using System.Text;
using IdExtractor.Core.Catalog;
using IdExtractor.Core.Errors;
using IdExtractor.Core.Parquet;
using IdExtractor.Core.Pipeline;
using IdExtractor.Core.Plan;
using IdExtractor.Core.Tests.Catalog;
using Xunit;

namespace IdExtractor.Core.Tests.Plan;

public sealed class TablePlannerTests
{
    private const int DefaultBudget = 64 << 20;

    private static readonly SketchColumn s_key = new("documento") { Converted = 0 };
    private static readonly SketchColumn s_id = new("id") { Converted = 0 };

    [Fact]
    public async Task PlanAsync_RealFiles_ArePinnedInOrder()
    {
        var folders = new TableFolders().Add("d=20251022/b.parquet", Real("text.parquet")).Add("d=20251022/a", Real("spark.parquet")).Add("d=20251021/c", [1]);
        var plan = await PlanAsync(folders);

        Assert.Equal("20251022", plan.SourcePartition);
        Assert.Equal(new DateTime(2025, 10, 22, 0, 0, 0, DateTimeKind.Utc), plan.PartitionTime);
        Assert.Equal(["/data/d=20251022/a", "/data/d=20251022/b.parquet"], plan.Files.Select(file => file.Name));
        Assert.All(plan.Files, file => Assert.Equal(("documento", "id"), (file.KeyColumn.Name, file.IdColumn!.Name)));
        Assert.All(plan.Files, file => Assert.All(file.RowGroups, group => Assert.Equal(["documento", "id"], group.Chunks.Select(chunk => chunk.Column.Name))));
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
        foreach (var name in (string[])["d=1/_SUCCESS", "d=1/.data.crc", "d=1/_temporary/0/data", "d=1/.hidden/data", "d=1/sub/_x/data", "d=1/_metadata"])
            folders.Add(name, [1, 2, 3]);
        folders.Add("d=1/empty", []).Add("loose.parquet", [1]);
        var plan = await PlanAsync(folders);

        Assert.Equal(["/data/d=1/data", "/data/d=1/sub/x=y/data2"], plan.Files.Select(file => file.Name));
        Assert.Equal(6, plan.Skipped.Count(item => item.Reason == "hidden"));
        Assert.Equal("/data/d=1/empty", plan.Skipped.Single(item => item.Reason == "0 bytes").Name);
        Assert.DoesNotContain(plan.Skipped, item => item.IsWarning);
    }

    [Fact]
    public async Task PlanAsync_FilesAndRowGroupsWithoutRows_AreLeftOut()
    {
        var folders = new TableFolders()
            .Add("d=1/a", Real("no-rows.parquet"))
            .Add("d=1/b", ParquetSketch.File([s_key, s_id], [0, 5, 0, 7, 0]))
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
        Assert.Equal(["/data/d=5/", "/data/d=4/", "/data/d=3/"], plan.Skipped.Where(item => item.IsWarning).Select(item => item.Name));
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
        var folders = new TableFolders().Add("y=2025/m=2/part", Real("no-rows.parquet")).Add("y=2025/m=1/part", Good()).Add("y=2024/m=12/part", Good());
        await Assert.ThrowsAsync<PartitionException>(() => PlanAsync(folders, policy: policy, pin: new PartitionPin([new("y", "2025"), new("m", "2")])));
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
        await Assert.ThrowsAsync<PartitionException>(() => PlanAsync(folders, new TableRequest { KeyColumn = "documento", MayHaveNoRows = true }));
    }

    [Fact]
    public async Task PlanAsync_PartitionedTableAWithoutRows_IsAnEmptyPartition()
    {
        var folders = new TableFolders().Add("d=1/part", Real("no-rows.parquet"));
        await Assert.ThrowsAsync<PartitionException>(() => PlanAsync(folders, new TableRequest { KeyColumn = "documento", MayHaveNoRows = true }));
    }

    [Theory]
    [InlineData("double-key.parquet", "DOUBLE", "documento")]
    [InlineData("decimal-scale-key.parquet", "DECIMAL(16,2)", "documento")]
    [InlineData("struct-key.parquet", "group", "documento")]
    [InlineData("list-id.parquet", "nested or repeated", "id")]
    [InlineData("encrypted.parquet", "Encrypted", "")]
    public async Task PlanAsync_FileThatCannotBeUsed_IsRefusedByName(string file, string problem, string column)
    {
        var error = await Assert.ThrowsAsync<UnsupportedFileException>(() => PlanAsync(new TableFolders().Add("d=1/" + file, Real(file))));
        Assert.Equal("/data/d=1/" + file, error.Place.Object);
        Assert.Contains(problem, error.ToLine(), StringComparison.Ordinal);
        Assert.Contains(column, error.Place.Column ?? "", StringComparison.Ordinal);
        Assert.Equal(ExitCode.BadInput, error.ExitCode);
    }

    [Fact]
    public async Task PlanAsync_TwoInexactNames_AreAmbiguous()
    {
        var error = await Assert.ThrowsAsync<InputDataException>(() => PlanAsync(new TableFolders().Add("d=1/p", Real("ambiguous-key.parquet"))));
        Assert.Contains("'documento'", error.ToLine(), StringComparison.Ordinal);
        Assert.Contains("'Documento' and 'DOCUMENTO'", error.ToLine(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task PlanAsync_StringBesideInteger_IsRefusedNamingBothFiles()
    {
        var folders = new TableFolders().Add("d=1/a", Real("text.parquet")).Add("d=1/b", Real("int64-key.parquet"));
        var error = await Assert.ThrowsAsync<InputDataException>(() => PlanAsync(folders));
        Assert.Equal("/data/d=1/b", error.Place.Object);
        Assert.Equal("documento", error.Place.Column);
        Assert.Contains("BYTE_ARRAY (STRING) as in /data/d=1/a", error.ToLine(), StringComparison.Ordinal);
        Assert.Contains("INT64", error.ToLine(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task PlanAsync_UuidIdBesideStringId_IsRefused()
    {
        var folders = new TableFolders().Add("d=1/a", Real("text.parquet")).Add("d=1/b", Real("uuid-id.parquet"));
        var error = await Assert.ThrowsAsync<InputDataException>(() => PlanAsync(folders));
        Assert.Equal("id", error.Place.Column);
        Assert.Contains("(UUID)", error.ToLine(), StringComparison.Ordinal);
    }

    public static TheoryData<SketchColumn, SketchColumn, bool> Neighbours => new()
    {
        { s_id, s_id with { Converted = null }, true },
        { s_id, s_id with { Converted = 4 }, true },
        { s_id, s_id with { Converted = 19, Repetition = 0 }, true },
        { s_id, Id(PhysicalType.FixedLenByteArray) with { TypeLength = 14 }, true },
        { s_id, Id(PhysicalType.Int32), false },
        { s_id, Id(PhysicalType.FixedLenByteArray) with { TypeLength = 16, Logical = 14 }, false },
        { Id(PhysicalType.Int32), Id(PhysicalType.Int64), true },
        { Id(PhysicalType.Int32) with { Converted = 13 }, Id(PhysicalType.Int64) with { Converted = 18 }, true },
        { Id(PhysicalType.Int64), Decimal(PhysicalType.Int64, 0), true },
        { Id(PhysicalType.Int64), Decimal(PhysicalType.Int64, 2), false },
        { Decimal(PhysicalType.Int64, 2), Decimal(PhysicalType.ByteArray, 2), true },
        { Decimal(PhysicalType.Int64, 2), Decimal(PhysicalType.Int64, 3), false },
        { s_id, Decimal(PhysicalType.ByteArray, 0), false },
        { s_id, Id(PhysicalType.Int32) with { Logical = 11 }, true },
        { Id(PhysicalType.Int32) with { Logical = 11 }, Decimal(PhysicalType.Int64, 3), true },
    };

    [Theory]
    [MemberData(nameof(Neighbours))]
    public async Task PlanAsync_NeighbouringTypes_GoTogetherOrNot(SketchColumn one, SketchColumn other, bool agree)
    {
        foreach (var (first, second) in ((SketchColumn, SketchColumn)[])[(one, other), (other, one)])
        {
            var folders = new TableFolders().Add("d=1/a", ParquetSketch.File([s_key, first], [3])).Add("d=1/b", ParquetSketch.File([s_key, second], [3]));
            if (agree)
                Assert.Equal(6, (await PlanAsync(folders)).RowCount);
            else
                Assert.Equal("/data/d=1/b", (await Assert.ThrowsAsync<InputDataException>(() => PlanAsync(folders))).Place.Object);
        }
    }

    [Fact]
    public async Task PlanAsync_ColumnOfNullsFirst_StillHoldsTheOthersTogether()
    {
        var folders = new TableFolders()
            .Add("d=1/a", ParquetSketch.File([s_key, Id(PhysicalType.Int32) with { Logical = 11 }], [3]))
            .Add("d=1/b", ParquetSketch.File([s_key, s_id], [3]))
            .Add("d=1/c", ParquetSketch.File([s_key, Id(PhysicalType.Int64)], [3]));
        var error = await Assert.ThrowsAsync<InputDataException>(() => PlanAsync(folders));
        Assert.Equal("/data/d=1/c", error.Place.Object);
        Assert.Contains("/data/d=1/b", error.ToLine(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DOCUMENTO,Id", "DOCUMENTO", "Id")]
    [InlineData("DOCUMENTO,documento,ID,id", "documento", "id")]
    [InlineData("dados(documento;id),documento,id", "documento", "id")]
    [InlineData("DOCUMENTO(id),documento,id", "documento", "id")]
    [InlineData("documento,dados(id),ID", "documento", "ID")]
    public async Task PlanAsync_Names_MatchExactlyElseWithoutCase(string schema, string key, string id)
    {
        var plan = await PlanAsync(new TableFolders().Add("d=1/p", ParquetSketch.File(Schema(schema), [3])));
        Assert.Equal([key], plan.Files[0].KeyColumn.Path);
        Assert.Equal([id], plan.Files[0].IdColumn!.Path);
    }

    [Theory]
    [InlineData("documento,dados(id)", "missing", "id")]
    [InlineData("documento,Id,iD", "Two columns", "id")]
    [InlineData("documento,Id(x),iD", "Two columns", "id")]
    [InlineData("documento,id,id", "Two columns", "id")]
    [InlineData("id", "missing", "documento")]
    [InlineData("documento.x,id", "missing", "documento")]
    public async Task PlanAsync_NamesThatDoNotFit_AreRefused(string schema, string problem, string column)
    {
        var error = await Assert.ThrowsAsync<InputDataException>(() => PlanAsync(new TableFolders().Add("d=1/p", ParquetSketch.File(Schema(schema), [3]))));
        Assert.Contains(problem, error.ToLine(), StringComparison.Ordinal);
        Assert.Equal(column, error.Place.Column);
        Assert.Equal("/data/d=1/p", error.Place.Object);
    }

    [Theory]
    [InlineData("documento(x;y),id", "documento")]
    [InlineData("documento(x),id,DOCUMENTO", "documento")]
    [InlineData("documento,id*", "id")]
    public async Task PlanAsync_NestedOrRepeated_IsRefused(string schema, string column)
    {
        var error = await Assert.ThrowsAsync<UnsupportedFileException>(() => PlanAsync(new TableFolders().Add("d=1/p", ParquetSketch.File(Schema(schema), [3]))));
        Assert.Equal(column, error.Place.Column);
    }

    [Fact]
    public async Task PlanAsync_ColumnMissingInAFileWithoutRows_IsRefusedToo()
    {
        var folders = new TableFolders().Add("d=1/a", Good()).Add("d=1/b", ParquetSketch.File([s_key], []));
        Assert.Equal("/data/d=1/b", (await Assert.ThrowsAsync<InputDataException>(() => PlanAsync(folders))).Place.Object);
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
        var folders = new TableFolders().Add("d=1/p", ParquetSketch.File([s_key, s_id], [3, 4], paddingBytes: padding));
        var plan = await PlanAsync(folders);

        Assert.Equal(7, plan.RowCount);
        Assert.Equal(padding + "sketch".Length, plan.Files[0].Footer.CreatedBy.Length);
        Assert.Equal(reads, folders.Reads);
    }

    [Fact]
    public async Task PlanAsync_FooterAtTheEdgeOfTheTail_IsWhole()
    {
        for (var padding = FooterReader.TailBytes - 300; padding < FooterReader.TailBytes + 20; padding++)
            Assert.Equal(3, (await PlanAsync(new TableFolders().Add("d=1/p", ParquetSketch.File([s_key, s_id], [3], 50, padding)))).RowCount);
    }

    [Fact]
    public async Task PlanAsync_FootersBeyondTheBudget_AreRefused()
    {
        var folders = new TableFolders();
        for (var i = 0; i < 20; i++)
            folders.Add($"d=1/p{i}", ParquetSketch.File([s_key, s_id], [3], paddingBytes: 5000));
        var error = await Assert.ThrowsAsync<InputDataException>(() => PlanAsync(folders, budget: 50_000));
        Assert.Contains("--max-memory", error.ToLine(), StringComparison.Ordinal);
        Assert.Equal(60, (await PlanAsync(folders, budget: 120_000)).RowCount);
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

    private static SketchColumn Id(PhysicalType physical) => new("id", physical);

    private static SketchColumn Decimal(PhysicalType physical, int scale) => Id(physical) with { Converted = 5, Precision = 18, Scale = scale };

    private static byte[] Good() => ParquetSketch.File([s_key, s_id], [3]);

    /// <summary><c>a,b(c;d),e*</c>: a leaf, a group of two, a repeated leaf.</summary>
    private static SketchColumn[] Schema(string text) => [.. text.Split(',').Select(part => part.TrimEnd(')').Split('(')).Select(part => part.Length == 1
        ? new SketchColumn(part[0].TrimEnd('*')) { Repetition = part[0].EndsWith('*') ? 2 : 1 }
        : new SketchColumn(part[0], null) { Children = [.. part[1].Split(';').Select(child => new SketchColumn(child))] })];

    private static byte[] Real(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Plan", "Files", name));

    private static async Task<TablePlan> PlanAsync(
        TableFolders folders, TableRequest? request = null, EmptyPartitionPolicy policy = EmptyPartitionPolicy.Fail, PartitionPin? pin = null, long budget = DefaultBudget)
    {
        var selection = await PartitionSearch.SelectAsync(new HivePartitionCatalog(folders.Root), pin, default);
        request ??= new TableRequest { KeyColumn = "documento", IdColumn = "id", OnEmptyPartition = policy };
        return await new TablePlanner(ParquetLimits.Default, budget).PlanAsync(selection, request, default);
    }
}
