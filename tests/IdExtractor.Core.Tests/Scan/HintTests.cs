using System.Globalization;
using System.IO.Hashing;
using System.Text;
using Xunit;

namespace IdExtractor.Core.Tests.Scan;

/// <summary>
/// Hints that are absent, contradict each other, or come from a writer that is known to write them
/// incorrectly: no row is lost, and no id comes from another row.
/// </summary>
public sealed class HintTests
{
    private const int Rows = 400;
    private const int PageRows = 50;
    private const int Wanted = 155;

    private static PagedColumn Ids =>
        PagedColumn.Text("id", Enumerable.Range(0, Rows).Select(row => string.Create(CultureInfo.InvariantCulture, $"id-{row}")), 160);

    /// <summary>Documents ascend by 1000, so that a wrong bound would rule rows out.</summary>
    private static PagedColumn Documents => PagedColumn.Text("documento", Enumerable.Range(0, Rows).Select(Document), PageRows);

    private static PagedColumn FixedDocuments => PagedColumn.FixedText("documento", Enumerable.Range(0, Rows).Select(Document), PageRows);

    private static PagedColumn Numbers =>
        PagedColumn.Int64("documento", Enumerable.Range(0, Rows).Select(row => (long?)((row * 1000) + 7)), PageRows);

    public static TheoryData<string> AbsentBounds =>
        ["text, empty", "fixed, empty", "fixed, zeros", "integers, zeros", "text, one page", "integers, one page"];

    [Theory]
    [MemberData(nameof(AbsentBounds))]
    public async Task PageBoundsLeftOut_KeyInSuchAPage_IsFound(string what)
    {
        var column = what.Split(',')[0] switch { "text" => Documents, "fixed" => FixedDocuments, _ => Numbers };
        var bound = what.EndsWith("empty", StringComparison.Ordinal) || column == Documents
            ? [] : new byte[what.StartsWith("fixed", StringComparison.Ordinal) ? 14 : 8];
        var pages = what.EndsWith("one page", StringComparison.Ordinal)
            ? Enumerable.Range(Wanted / PageRows, 1) : Enumerable.Range(0, Rows / PageRows);
        await AssertFoundAsync(column with { HasNoStatistics = true, Tamper = Leave });
        await AssertFoundAsync(column with { Tamper = Leave });

        void Leave(PageIndexSketch index)
        {
            foreach (var page in pages)
                (index.Min[page], index.Max[page]) = (bound, bound);
        }
    }

    [Fact]
    public async Task PageBoundsLeftOut_OfOnePage_StillRulesOutOthers()
    {
        var scan = await PagedScan.RunAsync(
            PagedFile.Write(Documents with { HasNoStatistics = true, Tamper = index => (index.Min[1], index.Max[1]) = ([], []) }, Ids),
            [Document(Wanted)]);
        Assert.Equal([$"id-{Wanted}"], scan.Ids);
        Assert.Equal((Rows / PageRows) - 2, scan.Progress.PagesSkipped);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task NullPagesThatHaveValues_WithoutNullCounts_AreRead(bool isKnownInFooter)
    {
        var column = Documents with { HasNoNullCount = !isKnownInFooter, Tamper = CallNull };
        await AssertFoundAsync(column);
        await AssertFoundAsync(column with { HasNoStatistics = true });

        static void CallNull(PageIndexSketch index)
        {
            var page = Wanted / PageRows;
            (index.NullPages[page], index.Min[page], index.Max[page], index.HasNullCounts) = (true, [], [], false);
        }
    }

    [Fact]
    public async Task NullPagesThatHaveValues_CountsInTheIndexOnly_AreRead()
    {
        await AssertFoundAsync(Documents with { HasNoStatistics = true, Tamper = CallNull });

        static void CallNull(PageIndexSketch index)
        {
            var page = Wanted / PageRows;
            (index.NullPages[page], index.Min[page], index.Max[page], index.NullCounts[page]) = (true, [], [], PageRows);
        }
    }

    [Theory]
    [InlineData(1, 2, 1)]
    [InlineData(1, 2, -3)]
    [InlineData(0, 3, 7)]
    [InlineData(2, 3, 49)]
    public async Task OffsetIndexRowsShifted_OnSkippedPagesOnly_PublishesNoOtherId(int from, int to, int rows)
    {
        await AssertFoundAsync(Documents with { Tamper = Shift });
        await AssertFoundAsync(Numbers with { Tamper = Shift });
        await AssertFoundAsync(Documents, Ids with { PageRows = PageRows, Tamper = Shift });

        // Page 3 begins where it should, or where the index shifts it to: then with as many rows as
        // it has.
        void Shift(PageIndexSketch index)
        {
            for (var page = from + 1; page <= to; page++)
                index.Pages[page] = index.Pages[page] with { FirstRow = index.Pages[page].FirstRow + rows };
            for (var page = to + 1; page < index.Pages.Count; page++)
                index.Pages[page] = index.Pages[page] with { FirstRow = index.Pages[page].FirstRow + (to == 3 ? rows : 0) };
            if (to == 3)
                index.Pages[^1] = index.Pages[^1] with { FirstRow = Rows - PageRows };
        }
    }

    [Fact]
    public async Task BloomFilter_ThatDeniesTheBoundsOfItsChunk_IsIgnored()
    {
        var ofTexts = BloomBits.Of(
            Enumerable.Range(0, Rows).Select(row => Encoding.ASCII.GetBytes(((row * 1000) + 7).ToString(CultureInfo.InvariantCulture))));
        await AssertFoundAsync(Numbers with { BloomFilter = ofTexts });
        await AssertFoundAsync(Numbers with { BloomFilter = new byte[32] });
        await AssertFoundAsync(Numbers with { BloomFilter = ofTexts, HasLegacyStatistics = true });
        await AssertFoundAsync(Documents with { BloomFilter = ofTexts });

        // No other hint confirms this one.
        await AssertFoundAsync(Numbers with { BloomFilter = ofTexts, HasNoStatistics = true });
    }

    [Fact]
    public async Task BloomFilter_OfTheValues_RulesTheRowGroupOut()
    {
        var values = Enumerable.Range(0, Rows).Select(row => BitConverter.GetBytes((row * 1000L) + 7));
        var scan = await PagedScan.RunAsync(
            PagedFile.Write(Numbers with { BloomFilter = BloomBits.Of(values) }, Ids), [PagedScan.Document(155_008)]);
        Assert.Equal(1, scan.Progress.RowGroupsSkipped);
        await AssertFoundAsync(Numbers with { BloomFilter = BloomBits.Of(values) });
    }

    [Theory]
    [InlineData(0, 100)]
    [InlineData(200, 399)]
    [InlineData(160, 170)]
    public async Task FooterBounds_NarrowerThanThePages_AreIgnored(int from, int to)
    {
        await AssertFoundAsync(Documents with { FooterBounds = (Documents.Values[from]!, Documents.Values[to]!) });
        await AssertFoundAsync(Numbers with { FooterBounds = (Numbers.Values[from]!, Numbers.Values[to]!) });
        await AssertFoundAsync(Numbers with { FooterBounds = (Numbers.Values[from]!, Numbers.Values[to]!), HasLegacyStatistics = true });
    }

    [Fact]
    public async Task FooterBounds_EmptyOrZero_AreAbsent()
    {
        static void NoIndex(PageIndexSketch index) => index.Bounds = [0x19, 0x11];

        await AssertFoundAsync(Documents with { FooterBounds = ([], []), Tamper = NoIndex });
        await AssertFoundAsync(FixedDocuments with { FooterBounds = (new byte[14], new byte[14]), Tamper = NoIndex });
        await AssertFoundAsync(Numbers with { FooterBounds = (new byte[8], new byte[8]), Tamper = NoIndex });
        await AssertFoundAsync(Documents with { FooterBounds = (Documents.Values[300]!, Documents.Values[100]!), Tamper = NoIndex });
    }

    [Theory]
    [InlineData("parquet-rs version 57.0.0")]
    [InlineData("github.com/parquet-go/parquet-go version 0.32.0(build )")]
    [InlineData("Polars")]
    [InlineData("parquet-cpp-arrow version 3.0.0")]
    public async Task DecimalBounds_OfWritersThatCompareBytes_AreIgnored(string createdBy)
    {
        // As unsigned bytes, -1 is the largest value, and 5 the smallest.
        long?[] values = [.. Enumerable.Range(0, Rows).Select(row => row == 0 ? -1L : row + 4L)];
        var column = PagedColumn.FixedDecimal("documento", values, PageRows) with
        {
            Order = (left, right) =>
            left.AsSpan().SequenceCompareTo(right),
            FooterBounds = ([0, 0, 0, 0, 0, 0, 0, 5], [0, 0, 0, 0, 0, 0, 0, 6])
        };
        var scan = await PagedScan.RunAsync(PagedFile.WriteAs(createdBy, column, Ids), [PagedScan.Document(Wanted + 4)]);
        Assert.Equal([$"id-{Wanted}"], scan.Ids);
        Assert.Equal(0, scan.Progress.PagesSkipped);
    }

    private static string Document(int row) => PagedScan.Document((row * 1000L) + 7);

    private static async Task AssertFoundAsync(PagedColumn documents, PagedColumn? ids = null)
    {
        foreach (var row in new[] { Wanted, 0, Rows - 1, 210 })
        {
            var scan = await PagedScan.RunAsync(PagedFile.Write(documents, ids ?? Ids), [Document(row)]);
            Assert.Equal([$"id-{row}"], scan.Ids);
            Assert.Equal((1, Rows), (scan.Progress.RowsMatched, scan.Progress.RowsScanned));
        }
    }

    /// <summary>Makes split-block bloom filters by the format's description.</summary>
    private static class BloomBits
    {
        private const int Blocks = 64;

        private static readonly uint[] s_salts = [
            0x47b6137b, 0x44974d91, 0x8824ad5b, 0xa2b7289d, 0x705495c7, 0x2df1424b, 0x9efc4947, 0x5c6bfb31
        ];

        public static byte[] Of(IEnumerable<byte[]> values)
        {
            var words = new uint[Blocks * s_salts.Length];
            foreach (var value in values)
            {
                var hash = XxHash64.HashToUInt64(value);
                var block = (int)(((hash >> 32) * Blocks) >> 32) * s_salts.Length;
                for (var i = 0; i < s_salts.Length; i++)
                    words[block + i] |= 1U << (int)(((uint)hash * s_salts[i]) >> 27);
            }

            return [.. words.SelectMany(BitConverter.GetBytes)];
        }
    }
}
