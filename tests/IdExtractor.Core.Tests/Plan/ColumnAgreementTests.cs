using IdExtractor.Core.Tests.Catalog;
using IdExtractor.Foundation.Errors;
using IdExtractor.Parquet;
using Xunit;
using static IdExtractor.Core.Tests.Plan.PlanRun;

namespace IdExtractor.Core.Tests.Plan;

public sealed class ColumnAgreementTests
{
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
        var error = await Assert.ThrowsAsync<InputDataException>(
            () => PlanAsync(new TableFolders().Add("d=1/p", Real("ambiguous-key.parquet"))));
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
        { Id, Id with { Converted = null }, true },
        { Id, Id with { Converted = 4 }, true },
        { Id, Id with { Converted = 19, Repetition = 0 }, true },
        { Id, IdOf(PhysicalType.FixedLenByteArray) with { TypeLength = 14 }, true },
        { Id, IdOf(PhysicalType.Int32), false },
        { Id, IdOf(PhysicalType.FixedLenByteArray) with { TypeLength = 16, Logical = 14 }, false },
        { IdOf(PhysicalType.Int32), IdOf(PhysicalType.Int64), true },
        { IdOf(PhysicalType.Int32) with { Converted = 13 }, IdOf(PhysicalType.Int64) with { Converted = 18 }, true },
        { IdOf(PhysicalType.Int64), Decimal(PhysicalType.Int64, 0), true },
        { IdOf(PhysicalType.Int64), Decimal(PhysicalType.Int64, 2), false },
        { Decimal(PhysicalType.Int64, 2), Decimal(PhysicalType.ByteArray, 2), true },
        { Decimal(PhysicalType.Int64, 2), Decimal(PhysicalType.Int64, 3), false },
        { Id, Decimal(PhysicalType.ByteArray, 0), false },
        { Id, IdOf(PhysicalType.Int32) with { Logical = 11 }, true },
        { IdOf(PhysicalType.Int32) with { Logical = 11 }, Decimal(PhysicalType.Int64, 3), true },
    };

    [Theory]
    [MemberData(nameof(Neighbours))]
    public async Task PlanAsync_NeighbouringTypes_GoTogetherOrNot(SketchColumn one, SketchColumn other, bool agree)
    {
        foreach (var (first, second) in ((SketchColumn, SketchColumn)[])[(one, other), (other, one)])
        {
            var folders = new TableFolders()
                .Add("d=1/a", ParquetSketch.File([Key, first], [3]))
                .Add("d=1/b", ParquetSketch.File([Key, second], [3]));
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
            .Add("d=1/a", ParquetSketch.File([Key, IdOf(PhysicalType.Int32) with { Logical = 11 }], [3]))
            .Add("d=1/b", ParquetSketch.File([Key, Id], [3]))
            .Add("d=1/c", ParquetSketch.File([Key, IdOf(PhysicalType.Int64)], [3]));
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
    [InlineData("documento,id,id", "a column more than once", "id")]
    [InlineData("Documento,Documento,id", "a column more than once", "Documento")]
    [InlineData("id", "missing", "documento")]
    [InlineData("documento.x,id", "missing", "documento")]
    public async Task PlanAsync_NamesThatDoNotFit_AreRefused(string schema, string problem, string column)
    {
        var error = await Assert.ThrowsAsync<InputDataException>(
            () => PlanAsync(new TableFolders().Add("d=1/p", ParquetSketch.File(Schema(schema), [3]))));
        Assert.Contains(problem, error.ToLine(), StringComparison.Ordinal);
        Assert.Equal(column, error.Place.Column);
        Assert.Equal("/data/d=1/p", error.Place.Object);
    }

    [Fact]
    public async Task PlanAsync_TwoColumnsOfOneName_AdviceCanBeFollowed()
    {
        var error = await Assert.ThrowsAsync<InputDataException>(
            () => PlanAsync(new TableFolders().Add("d=1/p", ParquetSketch.File(Schema("documento,id,id"), [3]))));
        Assert.DoesNotContain("exact name", error.ToLine(), StringComparison.Ordinal);
        Assert.Contains("different names", error.ToLine(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("documento(x;y),id", "documento")]
    [InlineData("documento(x),id,DOCUMENTO", "documento")]
    [InlineData("documento,id*", "id")]
    public async Task PlanAsync_NestedOrRepeated_IsRefused(string schema, string column)
    {
        var error = await Assert.ThrowsAsync<UnsupportedFileException>(
            () => PlanAsync(new TableFolders().Add("d=1/p", ParquetSketch.File(Schema(schema), [3]))));
        Assert.Equal(column, error.Place.Column);
    }

    [Fact]
    public async Task PlanAsync_ColumnMissingInAFileWithoutRows_IsRefusedToo()
    {
        var folders = new TableFolders().Add("d=1/a", Good()).Add("d=1/b", ParquetSketch.File([Key], []));
        Assert.Equal("/data/d=1/b", (await Assert.ThrowsAsync<InputDataException>(() => PlanAsync(folders))).Place.Object);
    }

    private static SketchColumn IdOf(PhysicalType physical) => new("id", physical);

    private static SketchColumn Decimal(PhysicalType physical, int scale) =>
        IdOf(physical) with { Converted = 5, Precision = 18, Scale = scale };

    /// <summary><c>a,b(c;d),e*</c>: a leaf, a group of two, a repeated leaf.</summary>
    private static SketchColumn[] Schema(string text) =>
        [.. text.Split(',').Select(part => part.TrimEnd(')').Split('(')).Select(part => part.Length == 1
        ? new SketchColumn(part[0].TrimEnd('*')) { Repetition = part[0].EndsWith('*') ? 2 : 1 }
        : new SketchColumn(part[0], null) { Children = [.. part[1].Split(';').Select(child => new SketchColumn(child))] })];
}
