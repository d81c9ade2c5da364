using IdExtractor.Conformance.Tests.Catalogue;
using IdExtractor.Core.Errors;
using IdExtractor.Core.Parquet;
using IdExtractor.Core.Parquet.Footer;
using IdExtractor.Fuzz.Reading;

namespace IdExtractor.Conformance.Tests.Values;

/// <summary>Every column of every valid file, read the plain way, against what the set says it holds.</summary>
public sealed class ValuesTests
{
    public static TheoryData<string> Files => [.. ConformanceSet.Files.Select(file => file.Key)];

    [ConformanceTheory]
    [MemberData(nameof(Files))]
    public void Read_EveryColumn_IsWhatTheSetExpects(string file)
    {
        var image = ParquetImage.Open(file, ConformanceSet.Read(file));
        using var reading = new PlainReading();
        var problems = ConformanceSet.Columns(file)
            .Select(entry => (entry.Column, Problem: ProblemOf(image, entry, reading)))
            .Where(found => found.Problem is not null)
            .Select(found => $"{found.Column}: {found.Problem}");
        Assert.Empty(problems);
    }

    private static string? ProblemOf(ParquetImage image, ManifestEntry entry, PlainReading reading)
    {
        var column = image.Footer.Columns[entry.ColumnIndex];
        var outcome = Read(image, column, reading);
        return entry.Expect switch
        {
            "values" when outcome.Refusal is not null => entry.ExpectAlternative is null ? $"refused: {outcome}" : null,
            "values" => outcome == new Outcome(entry.Md5!, entry.Rows, entry.Nulls, null) ? null : $"{outcome}, expected {entry.Md5}, {entry.Rows} rows, {entry.Nulls} nulls",
            "refuse_or_skip" => outcome.Refusal is UnsupportedFileException || outcome.Rows == 0 || IsBeyondTheSet(image, column) ? null : $"not refused as unsupported: {outcome}",
            "disputed" or "error_or_correct_values" => outcome.Refusal is not null || entry.AcceptedHashes.Contains(outcome.Md5) ? null : $"{outcome}, which is none of the readings",
            "unverified" => null,
            _ => $"the set expects '{entry.Expect}', which no test knows",
        };
    }

    /// <summary>The set has no values for LZ4 in Hadoop's framing, as none of its readers knows it; spec section 4 asks for it.</summary>
    private static bool IsBeyondTheSet(ParquetImage image, ColumnDescriptor column) =>
        ParquetImage.IsReadable(column) && image.Footer.ReadRowGroups([column]).All(group => group.Chunks[0].Codec == CompressionCodec.Lz4);

    private static Outcome Read(ParquetImage image, ColumnDescriptor column, PlainReading reading)
    {
        using var text = new ReferenceText(column);
        try
        {
            reading.Read(image, column, text.Add);
            return new Outcome(text.Finish(), text.Rows, text.Nulls, null);
        }
        catch (IdExtractorException e)
        {
            return new Outcome("", text.Rows, text.Nulls, e);
        }
    }

    private sealed record Outcome(string Md5, long Rows, long Nulls, IdExtractorException? Refusal)
    {
        public override string ToString() => Refusal?.ToLine() ?? $"{Md5}, {Rows} rows, {Nulls} nulls";
    }
}
