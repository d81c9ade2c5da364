using System.Globalization;
using IdExtractor.Core.Scan;
using IdExtractor.Foundation.Errors;
using Xunit;

namespace IdExtractor.Core.Tests.Scan;

/// <summary>
/// Pages within <c>--max-memory</c>: a page that does not fit next to the others is read by itself,
/// and one that does not fit at all is refused by name.
/// </summary>
public sealed class ScanMemoryTests
{
    private const long MiB = 1 << 20;
    private const int Rows = 150_000;

    /// <summary>Each is a page of 1.2 MB that is read whole, because its bytes are split.</summary>
    private static PagedColumn Numbers(string name) =>
        PagedColumn.Int64(name, Enumerable.Range(0, Rows).Select(row => (long?)row), Rows) with { IsSplit = true };

    private static PagedColumn Texts(string name) =>
        PagedColumn.Text(name, Enumerable.Range(0, Rows).Select(row => PagedScan.Document(row)), Rows);

    public static TheoryData<bool> InWhichColumn => [true, false];

    [Theory]
    [MemberData(nameof(InWhichColumn))]
    public async Task RunAsync_PageThatFitsOnlyByItself_IsReadLast(bool isInDocuments)
    {
        var file = isInDocuments ? PagedFile.Write(Numbers("documento"), Texts("id")) : PagedFile.Write(Texts("documento"), Numbers("id"));
        string[] keys = [PagedScan.Document(7), PagedScan.Document(140_000)];
        var plenty = await PagedScan.RunAsync(file, keys);
        var scarce = await PagedScan.RunAsync(file, keys, pageMemory: (3 * ScanMemory.LaneBytes) + (MiB / 4));
        Assert.Equal(2, plenty.Ids.Count);
        Assert.Equal(plenty.Ids, scarce.Ids);
        Assert.Equal((Rows, 2L, 0L), (scarce.Progress.RowsScanned, scarce.Progress.RowsMatched, scarce.Progress.NullDocuments));

        // It was started twice.
        Assert.True(scarce.Progress.BytesRead > plenty.Progress.BytesRead);
    }

    [Theory]
    [MemberData(nameof(InWhichColumn))]
    public async Task RunAsync_PageThatFitsNowhere_IsRefusedWithItsPlaceAndSize(bool isInDocuments)
    {
        var file = isInDocuments ? PagedFile.Write(Numbers("documento"), Texts("id")) : PagedFile.Write(Texts("documento"), Numbers("id"));
        var error = await Assert.ThrowsAsync<MemoryLimitException>(
            () => PagedScan.RunAsync(file, [PagedScan.Document(7)], pageMemory: ScanMemory.LaneBytes + MiB));
        Assert.Equal(ExitCode.BadInput, error.ExitCode);
        Assert.Equal((0, isInDocuments ? "documento" : "id"), (error.Place.RowGroup, error.Place.Column));
        Assert.NotNull(error.Place.Offset);
        Assert.Contains($"at most {MiB} bytes", error.Place.Expected, StringComparison.Ordinal);
        var wanted = long.Parse(error.Place.Actual!.Split(' ')[0], CultureInfo.InvariantCulture);
        Assert.InRange(wanted, Rows * sizeof(long), (Rows * sizeof(long)) + MiB);
        Assert.Contains("--max-memory", error.ToLine(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 8, 1)]
    [InlineData(32, 8, 2)]
    [InlineData(256, 2, 2)]
    [InlineData(256, 1024, 21)]
    public void ThreadsFor_SomeMemory_LeavesHalfOfItForPages(long mebibytes, int wanted, int threads) =>
        Assert.Equal(threads, ScanMemory.ThreadsFor(mebibytes * MiB, wanted));
}
