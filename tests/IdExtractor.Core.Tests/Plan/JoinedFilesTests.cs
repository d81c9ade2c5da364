using IdExtractor.Core.Tests.Catalog;
using IdExtractor.Core.Tests.Scan;
using IdExtractor.Foundation.Errors;
using IdExtractor.Parquet.Footer;
using Xunit;
using static IdExtractor.Core.Tests.Plan.PlanRun;

namespace IdExtractor.Core.Tests.Plan;

/// <summary>
/// Files that were joined by <c>cat</c>, and files with bytes that belong to nothing, which are
/// sound.
/// </summary>
public sealed class JoinedFilesTests
{
    public static TheoryData<int, int> Sizes => new() { { 30, 30 }, { 30, 4000 }, { 4000, 30 }, { 4000, 4000 } };

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task PlanAsync_TwoFilesJoined_IsRefusedAtTheSeam(int first, int second)
    {
        byte[] joined = [.. File(first), .. File(second)];
        var error = await Assert.ThrowsAsync<CorruptFileException>(() => PlanAsync(new TableFolders().Add("p", joined)));
        Assert.Equal(("/data/p", (long?)File(first).Length), (error.Place.Object, error.Place.Offset));
    }

    [Fact]
    public async Task PlanAsync_ThreeFilesJoined_IsRefusedAtTheLastSeam()
    {
        byte[] joined = [.. File(300), .. File(20), .. File(70)];
        var error = await Assert.ThrowsAsync<CorruptFileException>(() => PlanAsync(new TableFolders().Add("p", joined)));
        Assert.Equal(joined.Length - File(70).Length, error.Place.Offset);
    }

    [Fact]
    public async Task PlanAsync_LastFileWithoutRowsOrWithPadding_IsRefusedToo()
    {
        foreach (byte[] last in new[] { ParquetSketch.File([Key, Id], []), Padded(File(70), new byte[1000]) })
            await Assert.ThrowsAsync<CorruptFileException>(() => PlanAsync(new TableFolders().Add("p", [.. File(300), .. last])));
    }

    public static TheoryData<int> Paddings => [1, 12, 13, 100, 70_000];

    [Theory]
    [MemberData(nameof(Paddings))]
    public async Task PlanAsync_BytesBetweenPagesAndFooter_AreNoFault(int length)
    {
        Assert.Equal(70, (await PlanAsync(new TableFolders().Add("p", Padded(File(70), new byte[length])))).RowCount);

        // Even those that look like seams, but have no length of a footer before them.
        var seams = Enumerable.Repeat("PAR1"u8.ToArray(), (length / 4) + 1).SelectMany(bytes => bytes).Take(length).ToArray();
        Assert.Equal(70, (await PlanAsync(new TableFolders().Add("p", Padded(File(70), seams)))).RowCount);
    }

    [Theory]
    [InlineData("PAR1PAR1", null)]
    [InlineData("\u0001\0\0\0PAR1PAR1", null)]
    [InlineData("...............\u0004\0\0\0PAR1PAR1", 23L)]
    [InlineData("...............\u0004\0\0\0PAR1PAR1..", 23L)]
    [InlineData("...............\u0004\0\0\u0001PAR1PAR1", null)]
    [InlineData("...............\0\0\0\0PAR1PAR1", null)]
    [InlineData("...............\u0004\0\0\0PAR1PAR2", null)]
    public void FindLast_Bytes_FindsSeamsWithAPlausibleFooterOnly(string window, long? place) =>
        Assert.Equal(place, JoinedFiles.FindLast(System.Text.Encoding.Latin1.GetBytes(window), start: 0));

    private static byte[] File(int rows) => PagedFile.Write(
        PagedColumn.Text("documento", Enumerable.Range(0, rows).Select(row => PagedScan.Document(row)), 50),
        PagedColumn.Text("id", Enumerable.Range(0, rows).Select(row => $"{row}"), 50));

    private static byte[] Padded(byte[] file, byte[] padding)
    {
        var footer = file.Length - 8 - BitConverter.ToInt32(file, file.Length - 8);
        return [.. file[..footer], .. padding, .. file[footer..]];
    }
}
