using IdExtractor.Core.Job;
using IdExtractor.Core.Tests.Plan;
using IdExtractor.Foundation.Errors;
using IdExtractor.Parquet;
using Xunit;

namespace IdExtractor.Core.Tests.Scan;

/// <summary>
/// Columns of the logical type UNKNOWN, which writers give to columns that hold nulls only.
/// </summary>
public sealed class AlwaysNullTests
{
    private const int Rows = 100;

    public static TheoryData<PhysicalType> Stored => [PhysicalType.Int32, PhysicalType.ByteArray];

    [Theory]
    [MemberData(nameof(Stored))]
    public async Task RunAsync_DocumentsAlwaysNull_MatchNothing(PhysicalType physical)
    {
        var scan = await PagedScan.RunAsync(PagedFile.Write(AlwaysNull("documento", physical), Texts("id")), [PagedScan.Document(7)]);
        Assert.Empty(scan.Ids);
        Assert.Equal((Rows, Rows, 0L), (scan.Progress.RowsScanned, scan.Progress.NullDocuments, scan.Progress.RowsMatched));
    }

    [Theory]
    [MemberData(nameof(Stored))]
    public async Task RunAsync_IdsAlwaysNull_AreDroppedOrFailTheRun(PhysicalType physical)
    {
        var file = PagedFile.Write(Texts("documento"), AlwaysNull("id", physical));
        var dropped = await PagedScan.RunAsync(file, [PagedScan.Document(7)]);
        Assert.Empty(dropped.Ids);
        Assert.Equal((1L, 1L), (dropped.Progress.RowsMatched, dropped.Progress.NullIdsDropped));
        await Assert.ThrowsAsync<InputDataException>(() => PagedScan.RunAsync(file, [PagedScan.Document(7)], onNullId: NullIdPolicy.Fail));
    }

    private static PagedColumn AlwaysNull(string name, PhysicalType physical) =>
        new(
            new SketchColumn(name, physical) { Logical = 11 }, new byte[]?[Rows], 10,
            (left, right) => left.AsSpan().SequenceCompareTo(right));

    private static PagedColumn Texts(string name) =>
        PagedColumn.Text(name, Enumerable.Range(0, Rows).Select(row => PagedScan.Document(row)), 10);
}
