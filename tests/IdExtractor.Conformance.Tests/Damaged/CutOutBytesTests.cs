using IdExtractor.Conformance.Tests.Catalogue;
using IdExtractor.Foundation.Errors;
using IdExtractor.Fuzz.Reading;
using IdExtractor.Parquet.Footer;

namespace IdExtractor.Conformance.Tests.Damaged;

/// <summary>
/// Files with bytes missing in the middle, between magic and footer. Where pages have no CRC and
/// values have any length, the data after the gap may look valid. Only the footer shows the damage:
/// its offsets point into the footer itself.
/// </summary>
public sealed class CutOutBytesTests
{
    private static readonly int[] s_cuts = [1, 4, 16, 333];

    public static TheoryData<string> Files => [.. ConformanceSet.Files.Select(file => file.Key)];

    [ConformanceTheory]
    [MemberData(nameof(Files))]
    public void Open_BytesCutOutAnywhere_IsRefusedWhicheverColumnIsWanted(string file)
    {
        var bytes = ConformanceSet.Read(file);
        var random = new Random(file.Length);
        foreach (var cut in s_cuts.Where(cut => CanTell(file, bytes, cut)))
        {
            var start = random.Next(4, (int)FooterStart(bytes) - cut);
            byte[] damaged = [.. bytes[..start], .. bytes[(start + cut)..]];
            foreach (var column in ParquetImage.Open(file, bytes).Footer.Columns.Take(3))
            {
                var error = Assert.Throws<CorruptFileException>(() => ParquetImage.Open(file, damaged).Footer.ReadRowGroups([column]));
                Assert.Equal(file, error.Place.Object);
            }
        }
    }

    [ConformanceFact]
    public void Files_MostOfThem_CanTell()
    {
        var files = ConformanceSet.Files.Select(file => file.Key).ToList();
        Assert.InRange(
            files.Count(file => s_cuts.Any(cut => CanTell(file, ConformanceSet.Read(file), cut))), files.Count * 4 / 5, files.Count);
    }

    /// <summary>
    /// Without this many bytes, some chunk or index of the last row group, as the intact file has
    /// them, begins before the footer and ends in it. Not so where the writer left a gap before the
    /// footer, or where nothing is stored.
    /// </summary>
    private static bool CanTell(string file, byte[] bytes, int cut)
    {
        var footerStart = FooterStart(bytes) - cut;
        return footerStart > 4 && Ranges(file, bytes).Any(range => range.Offset < footerStart && range.Offset + range.Length > footerStart);
    }

    private static IEnumerable<FileRange> Ranges(string file, byte[] bytes)
    {
        try
        {
            var footer = ParquetImage.Open(file, bytes).Footer;
            var chunks = footer.ReadRowGroups(footer.Columns) is [.., var last] ? last.Chunks : [];
            return chunks.SelectMany(
                chunk => new[] { new FileRange(chunk.Offset, chunk.Length), chunk.ColumnIndex, chunk.OffsetIndex }).OfType<FileRange>();
        }
        catch (IdExtractorException)
        {
            // Refused as it is.
            return [];
        }
    }

    private static long FooterStart(byte[] bytes) =>
        bytes.Length - FooterTail.Length - BitConverter.ToUInt32(bytes, bytes.Length - FooterTail.Length);
}
