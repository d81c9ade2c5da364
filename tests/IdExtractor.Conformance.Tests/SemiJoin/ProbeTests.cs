using System.Text;
using IdExtractor.Conformance.Tests.Catalogue;
using IdExtractor.Foundation.Errors;
using IdExtractor.Fuzz.Reading;
using IdExtractor.Parquet.Footer;
using IdExtractor.Testing.Programs;

namespace IdExtractor.Conformance.Tests.SemiJoin;

/// <summary>
/// The production's scan of every generated file with its dataset's probe list, against the answer
/// in the set.
/// </summary>
public sealed class ProbeTests
{
    private static readonly Lazy<Dictionary<string, ProbeAnswer>> s_answers =
        new(
            () => ConformanceSet.Load<DatasetEntry>("datasets.json").ToDictionary(
                dataset => dataset.Name, dataset => dataset.Probe, StringComparer.Ordinal));

    public static TheoryData<string> Files =>
        [.. ConformanceSet.Files.Where(file => file.Count(entry => entry.Dataset is not null && entry.Column is "id" or "documento") == 2)
            .Select(file => file.Key)];

    [ConformanceTheory]
    [MemberData(nameof(Files))]
    public void Scan_WithProbeList_GivesTheAnswer(string file)
    {
        var dataset = ConformanceSet.Columns(file).First().Dataset!;
        var image = ParquetImage.Open(file, ConformanceSet.Read(file));
        var (documents, ids) = (Column(image, "documento"), Column(image, "id"));
        var lines = File.ReadAllLines(TestInput.Conformance.Path("expected", "generated", $"{dataset}.probe.txt"));
        var keys = lines.Select(line => KeyOf(documents, line)).OfType<byte[]>().ToList();
        var sample = KeySample.Of(documents, keys);
        var expected = Join(image, documents, ids, sample);

        // Where every probe can be a key, the set's own answer has to come out of the plain reading
        // first.
        if (keys.Count == lines.Length)
            AssertAnswer(s_answers.Value[dataset], expected);
        try
        {
            var (found, progress) = TableRun.Run(
                [image], _ => documents, _ => ids, sample.Keys, threads: 2, longestId: 1 << 16, prune: true);
            Assert.False(expected.MustFail, "an id was published that must not be");
            Assert.Equal(expected.Sorted, found);
            Assert.Equal((expected.Matched, expected.Dropped), (progress.RowsMatched, progress.NullIdsDropped));
        }
        catch (InputDataException e)
        {
            Assert.True(expected.MustFail, e.ToLine());
        }
    }

    private static ExpectedIds Join(ParquetImage image, ColumnDescriptor documents, ColumnDescriptor ids, KeySample sample)
    {
        using var reading = new PlainReading();
        var expected = new ExpectedIds();
        foreach (var (documentRows, idRows) in Rows(image, documents, reading).Zip(Rows(image, ids, reading)))
        {
            if (documentRows is not null && sample.Matches(documentRows))
                expected.Add(ids, idRows);
        }

        return expected;
    }

    private static List<byte[]?> Rows(ParquetImage image, ColumnDescriptor column, PlainReading reading)
    {
        var rows = new List<byte[]?>();
        reading.Read(image, column, (isNull, value) => rows.Add(isNull ? null : value.ToArray()));
        return rows;
    }

    private static void AssertAnswer(ProbeAnswer answer, ExpectedIds expected)
    {
        Assert.Equal(answer.RowsMatching, expected.Matched);
        if (!expected.MustFail)
            Assert.Equal((answer.DistinctNonNullIds, answer.MatchingRowsWithNullId), (expected.Sorted.Count(), expected.Dropped));
    }

    private static ColumnDescriptor Column(ParquetImage image, string name) => image.Footer.Columns.Single(column => column.Name == name);

    /// <summary>
    /// A probe as a key: decimals by their unscaled digits; null for negative numbers, which are
    /// never keys.
    /// </summary>
    private static byte[]? KeyOf(ColumnDescriptor column, string line)
    {
        var isNumber = ValueText.Number(column, new byte[8]) is not null;
        if (isNumber)
            return line.StartsWith('-') ? null : Encoding.ASCII.GetBytes(line.Replace(".", "", StringComparison.Ordinal));
        return line.StartsWith("\\x", StringComparison.Ordinal) ? Convert.FromHexString(line[2..]) : Encoding.UTF8.GetBytes(line);
    }
}
