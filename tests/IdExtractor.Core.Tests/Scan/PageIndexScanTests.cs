using System.Globalization;
using IdExtractor.Testing.Stores;
using Xunit;

namespace IdExtractor.Core.Tests.Scan;

/// <summary>
/// What the page index saves, and that it changes nothing else. The reference implementation is the
/// scan that reads every page.
/// </summary>
public sealed class PageIndexScanTests
{
    private const int Rows = 4000;
    private const int PageRows = 100;

    /// <summary>Bytes read of a page that is skipped.</summary>
    private const long HeadBytes = 128;

    /// <summary>
    /// Documents ascend, so a key is in one page of forty. The ids have other page boundaries.
    /// </summary>
    private static PagedColumn Documents =>
        PagedColumn.Text("documento", Enumerable.Range(0, Rows).Select(row => PagedScan.Document(row * 10L)), PageRows);

    private static PagedColumn Ids =>
        PagedColumn.Text("id", Enumerable.Range(0, Rows).Select(row => string.Create(CultureInfo.InvariantCulture, $"id-{row}")), 160);

    [Fact]
    public async Task RunAsync_OneKeyInClusteredDocuments_ReadsOnePageOfEachColumn()
    {
        PageIndexSketch documents = new(), ids = new();
        var file = PagedFile.Write(Documents with { Tamper = index => documents = index }, Ids with { Tamper = index => ids = index });
        var scan = await PagedScan.RunAsync(file, [PagedScan.Document(12340)]);
        Assert.Equal(["id-1234"], scan.Ids);
        Assert.Equal(39, scan.Progress.PagesSkipped);

        // Offsets and bounds of the documents, their page, offsets of the ids, their page; and of
        // the pages before these, the headers.
        Assert.Equal((documents.Pages[12].Offset, documents.Pages[12].Size), RangeOf(scan.Reads[2]));
        Assert.Equal(documents.Pages.Take(12).Select(page => (page.Offset, HeadBytes)), scan.Reads.Skip(3).Take(12).Select(RangeOf));
        Assert.Equal(ids.Pages.Take(7).Select(page => (page.Offset, HeadBytes)), scan.Reads.Skip(16).Take(7).Select(RangeOf));
        Assert.Equal((ids.Pages[7].Offset, ids.Pages[7].Size), RangeOf(scan.Reads[23]));
        Assert.Equal(24, scan.Reads.Count);
        Assert.Equal(scan.Reads.Sum(read => read.Length), scan.Progress.BytesRead);
        Assert.InRange(scan.Progress.BytesRead, 1, file.Length / 5);
    }

    [Fact]
    public async Task RunAsync_KeysInPagesBackToBack_ReadsThemInOneGo()
    {
        PageIndexSketch documents = new(), ids = new();
        var file = PagedFile.Write(Documents with { Tamper = index => documents = index }, Ids with { Tamper = index => ids = index });
        var scan = await PagedScan.RunAsync(file, [PagedScan.Document(990), PagedScan.Document(1000), PagedScan.Document(39990)]);
        Assert.Equal(["id-100", "id-3999", "id-99"], scan.Ids);
        Assert.Equal((documents.Pages[0].Offset, documents.Pages[0].Size + documents.Pages[1].Size), RangeOf(scan.Reads[2]));
        Assert.Equal((documents.Pages[39].Offset, documents.Pages[39].Size), RangeOf(scan.Reads[3]));
        Assert.Equal((ids.Pages[0].Offset, ids.Pages[0].Size), RangeOf(scan.Reads[^2]));
        Assert.Equal((ids.Pages[24].Offset, ids.Pages[24].Size), RangeOf(scan.Reads[^1]));
        Assert.Equal(7, scan.Reads.Count(read => read.Length != HeadBytes));
    }

    [Fact]
    public async Task RunAsync_NoPageCanHoldAKey_LeavesTheRowGroupOut()
    {
        var scan = await PagedScan.RunAsync(PagedFile.Write(Gapped(), Ids), [PagedScan.Document(5)]);
        Assert.Empty(scan.Ids);
        Assert.Equal((1, Rows), (scan.Progress.RowGroupsSkipped, scan.Progress.RowsScanned));
        Assert.Equal(2, scan.Reads.Count);

        // Documents of every page lie in a range of their own, and the key between two of these.
        static PagedColumn Gapped() =>
            PagedColumn.Text(
                "documento",
                Enumerable.Range(0, Rows).Select(row => PagedScan.Document((row / PageRows * 1000L) + (row % PageRows == 0 ? 0 : 1))),
                PageRows);
    }

    [Fact]
    public async Task RunAsync_ScatteredDocuments_LooksAtAFewIndexesAtMost()
    {
        var random = new Random(1);
        var scattered = PagedColumn.Text(
            "documento", Enumerable.Range(0, Rows).Select(_ => PagedScan.Document(random.Next(100_000))), PageRows);
        var scan = await PagedScan.RunAsync(PagedFile.Write(scattered, Ids), [PagedScan.Document(50_000)]);
        Assert.Equal(0, scan.Progress.PagesSkipped);
        Assert.Equal(Rows, scan.Progress.RowsScanned);
    }

    [Fact]
    public async Task RunAsync_ManyKeys_DoesNotReadTheIndex()
    {
        PageIndexSketch documents = new();
        var file = PagedFile.Write(Documents with { Tamper = index => documents = index }, Ids);
        var scan = await PagedScan.RunAsync(file, Enumerable.Range(0, Rows / 2).Select(row => PagedScan.Document(row * 20L)));
        Assert.Equal(Rows / 2, scan.Ids.Count);
        Assert.Equal(documents.Pages[0].Offset, scan.Reads[0].Offset);
    }

    [Fact]
    public async Task RunAsync_NullPages_AreLeftOutAndNeverMatch()
    {
        var documents = PagedColumn.Text(
            "documento", Enumerable.Range(0, Rows).Select(row => row / PageRows % 2 == 0 ? PagedScan.Document(row) : null), PageRows);
        var scan = await PagedScan.RunAsync(PagedFile.Write(documents, Ids), [PagedScan.Document(650), PagedScan.Document(750)]);
        Assert.Equal(["id-650"], scan.Ids);
        Assert.Equal(39, scan.Progress.PagesSkipped);
        Assert.Equal(Rows / 2, scan.Progress.NullDocuments);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task RunAsync_NumbersAsDocuments_AgreeWithTheTwin(int seed)
    {
        var random = new Random(seed);
        var numbers = Enumerable.Range(0, Rows)
            .Select(row => random.Next(20) == 0 ? (long?)null : ((row - 1000) * 50_000_000L) + random.Next(1000))
            .ToArray();
        PagedColumn[] columns =
        [
            PagedColumn.Int64("documento", numbers, PageRows),
            PagedColumn.Int64("documento", numbers, PageRows) with { HasLegacyStatistics = true },
            PagedColumn.FixedDecimal("documento", numbers, PageRows),
            PagedColumn.FixedDecimal("documento", numbers.Reverse(), PageRows) with { HasNoStatistics = true },
            PagedColumn.UInt32(
                "documento", numbers.Select((number, row) => number is null ? (uint?)null : (uint)row * 1_000_000), PageRows),
        ];
        foreach (var column in columns)
        {
            var known = numbers.OfType<long>().Where(number => number >= 0).ToArray();
            string[] keys = [.. Enumerable.Range(0, 5).Select(_ => PagedScan.Document(known[random.Next(known.Length)])),
                PagedScan.Document(random.Next(Rows) * 1_000_000L), "99999999999999999999999", "not a number"];
            await AssertSameAsTwinAsync(PagedFile.Write(column, Ids), keys, $"seed {seed}, {column.Schema.Physical}", mustSkip: true);
        }
    }

    [Fact]
    public async Task RunAsync_RandomLayoutsAndTampering_AgreeWithTheTwin()
    {
        for (var seed = 0; seed < 120; seed++)
        {
            var random = new Random(seed);
            var rows = random.Next(1, 600);
            var documents = Enumerable.Range(0, rows)
                .Select(row => random.Next(10) == 0 ? null : PagedScan.Document((row * 7L) + random.Next(30)))
                .ToArray();
            var tampered = random.Next(2);
            var file = PagedFile.Write(
                PagedColumn.Text("documento", documents, random.Next(1, 50)) with
                {
                    Tamper = index => TamperOffsets(index, random, tampered == 0)
                },
                PagedColumn.Text(
                    "id", Enumerable.Range(0, rows).Select(row => random.Next(20) == 0 ? null : $"x{row}"),
                    random.Next(1, 50)) with
                { Tamper = index => TamperOffsets(index, random, tampered == 1) });
            var keys = documents.OfType<string>()
                .Where(_ => random.Next(100) == 0)
                .Append(PagedScan.Document(random.Next(rows * 7)))
                .Distinct();
            await AssertSameAsTwinAsync(file, [.. keys], $"seed {seed}", mustSkip: false);
        }
    }

    /// <summary>
    /// Each makes the index contradict the pages or the other index, in a way that would lose or
    /// misplace rows.
    /// </summary>
    public static TheoryData<string> Contradictions => [.. s_contradictions.Keys];

    private static readonly Dictionary<string, Action<PageIndexSketch>> s_contradictions = new()
    {
        ["a page starts a row late"] = index => index.Pages[12] = index.Pages[12] with { FirstRow = index.Pages[12].FirstRow + 1 },
        ["a page is larger"] = index => Shift(index, 12, 5),
        ["all pages start elsewhere"] = index => Shift(index, 0, 1),
        ["a page is missing"] = index => index.Pages.RemoveAt(12),
        ["two pages are one"] = Merge,
        ["rows do not ascend"] = index => index.Pages[13] = index.Pages[13] with { FirstRow = index.Pages[12].FirstRow },
        ["a page lies beyond the file"] = index => index.Pages[12] = index.Pages[12] with { Offset = long.MaxValue },
        ["a negative size"] = index => index.Pages[12] = index.Pages[12] with { Size = -1 },
        ["no pages"] = index => index.Pages.Clear(),
        ["a bound is missing"] = index => index.Min.RemoveAt(3),
        ["bounds are crossed"] = index => (index.Min[12], index.Max[12]) = (index.Max[12], index.Min[12]),
        ["pages do not ascend as they claim"] = index => (index.Order, index.Min[12], index.Max[12]) = (1, index.Min[0], index.Max[0]),
        ["pages do not descend as they claim"] = index => index.Order = 2,
        ["an unknown order"] = index => (index.Order, index.NullPages[12]) = (7, true),
        ["a null page with values"] = index => index.NullPages[12] = true,
        ["more nulls than rows"] = index => index.NullCounts[12] = 1000,
        ["other nulls than the footer's"] = index => (index.NullCounts[0], index.Max[12]) = (1, index.Min[12]),
        ["bounds beside the footer's"] = index => (index.Min[12], index.Max[12]) = ([0xF0], [0xFF]),
        ["bounds that do not reach the footer's"] = index => (
            index.Min[0], index.Min[12], index.Max[12]) = (index.Max[0], index.Max[12], index.Max[12]),
        ["no structure"] = index => index.Bounds = [0x19, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F],
        ["a structure that is cut"] = index => index.Bounds = [0x19, 0x11],
    };

    [Theory]
    [MemberData(nameof(Contradictions))]
    public async Task RunAsync_IndexThatContradicts_IsIgnored(string contradiction)
    {
        string[] keys = [PagedScan.Document(12340)];
        var inDocuments = await PagedScan.RunAsync(PagedFile.Write(Documents with { Tamper = s_contradictions[contradiction] }, Ids), keys);
        Assert.Equal(["id-1234"], inDocuments.Ids);
        Assert.Equal(1, inDocuments.Progress.RowsMatched);

        // The page of ids that would be read.
        var ids = Ids with { PageRows = PageRows, Tamper = s_contradictions[contradiction] };
        var inIds = await PagedScan.RunAsync(PagedFile.Write(Documents, ids), keys);
        Assert.Equal(["id-1234"], inIds.Ids);
        Assert.Equal(1, inIds.Progress.RowsMatched);
    }

    private static async Task AssertSameAsTwinAsync(byte[] file, string[] keys, string what, bool mustSkip)
    {
        var twin = await PagedScan.RunAsync(file, keys, prune: false);
        var pruned = await PagedScan.RunAsync(file, keys);
        Assert.True(twin.Ids.SequenceEqual(pruned.Ids), $"{what}: {twin.Ids.Count} ids, {pruned.Ids.Count} with the index");
        Assert.Equal(
            (twin.Progress.RowsMatched, twin.Progress.RowsScanned, twin.Progress.NullIdsDropped),
            (pruned.Progress.RowsMatched, pruned.Progress.RowsScanned, pruned.Progress.NullIdsDropped));
        Assert.Equal(0, twin.Progress.PagesSkipped);
        Assert.True(!mustSkip || pruned.Progress.PagesSkipped > 0, $"{what}: no page was left out");
    }

    /// <summary>
    /// Moves rows or bytes from one page to another, which only the pages themselves can
    /// contradict.
    /// </summary>
    private static void TamperOffsets(PageIndexSketch index, Random random, bool isWanted)
    {
        var page = random.Next(index.Pages.Count);
        if (!isWanted || page == 0)
            return;
        if (random.Next(2) == 0)
            index.Pages[page] = index.Pages[page] with { FirstRow = index.Pages[page].FirstRow + random.Next(-1, 2) };
        else
            Shift(index, page, random.Next(-1, 2));
    }

    /// <summary>
    /// Makes a page begin some bytes later, at the cost of the one before, so that the index itself
    /// looks whole.
    /// </summary>
    private static void Shift(PageIndexSketch index, int page, int bytes)
    {
        if (page > 0)
            index.Pages[page - 1] = index.Pages[page - 1] with { Size = index.Pages[page - 1].Size + bytes };
        index.Pages[page] = index.Pages[page] with { Offset = index.Pages[page].Offset + bytes, Size = index.Pages[page].Size - bytes };
    }

    private static void Merge(PageIndexSketch index)
    {
        index.Pages[12] = index.Pages[12] with { Size = index.Pages[12].Size + index.Pages[13].Size };
        index.Pages.RemoveAt(13);
        index.NullPages.RemoveAt(13);
        index.Min.RemoveAt(13);
        index.Max[12] = index.Max[13];
        index.Max.RemoveAt(13);
        index.NullCounts[12] += index.NullCounts[13];
        index.NullCounts.RemoveAt(13);
    }

    private static (long Offset, long Length) RangeOf(StoreCall read) => (read.Offset, read.Length);
}
