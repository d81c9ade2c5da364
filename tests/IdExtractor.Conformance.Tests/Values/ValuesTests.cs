using IdExtractor.Conformance.Tests.Catalogue;
using IdExtractor.Foundation.Errors;
using IdExtractor.Fuzz.Mutation;
using IdExtractor.Fuzz.Reading;
using IdExtractor.Parquet;

namespace IdExtractor.Conformance.Tests.Values;

/// <summary>
/// Every column of every valid file, read by the reference implementation and compared with the
/// set's values.
/// </summary>
public sealed class ValuesTests
{
    public static TheoryData<string> Files => [.. ConformanceSet.Files.Select(file => file.Key)];

    [ConformanceTheory]
    [MemberData(nameof(Files))]
    public void Read_EveryColumn_IsWhatTheSetExpects(string file)
    {
        var bytes = ConformanceSet.Read(file);
        using var reading = new PlainReading();
        var problems = ConformanceSet.Columns(file)
            .Select(entry => (entry.Column, Problem: ProblemOf(bytes, entry, reading)))
            .Where(found => found.Problem is not null)
            .Select(found => $"{found.Column}: {found.Problem}");
        Assert.Empty(problems);
    }

    [ConformanceTheory]
    [MemberData(nameof(Files))]
    public void Check_EveryFile_WindowsAndWholePagesAgree(string file)
    {
        using var check = new FileCheck();

        var report = check.Check(file, ConformanceSet.Read(file), seed: 1);

        Assert.True(
            report.Refusal is null || ConformanceSet.Columns(file).All(entry => ClaimsOtherRows(ConformanceSet.Read(file), entry)),
            report.Refusal?.ToLine());
    }

    private static string? ProblemOf(byte[] file, ManifestEntry entry, PlainReading reading)
    {
        var outcome = Read(file, entry, reading);
        return entry.Expect switch
        {
            "values" when outcome.Refusal is not null =>
                entry.ExpectAlternative is null && !ClaimsOtherRows(file, entry) ? $"refused: {outcome}" : null,
            "values" => outcome == new Outcome(entry.Md5!, entry.Rows, entry.Nulls, null)
                ? null
                : $"{outcome}, expected {entry.Md5}, {entry.Rows} rows, {entry.Nulls} nulls",
            "refuse_or_skip" =>
                outcome.Refusal is UnsupportedFileException || outcome is { Refusal: null, Rows: 0 } || IsBeyondTheSet(file, entry)
                ? null
                : $"not refused as unsupported: {outcome}",
            "disputed" or "error_or_correct_values" => outcome.Refusal is not null || entry.AcceptedHashes.Contains(outcome.Md5)
                ? null
                : $"{outcome}, which is none of the readings",
            "unverified" => null,
            _ => $"the set expects '{entry.Expect}', which no test knows",
        };
    }

    /// <summary>
    /// The set has no values for LZ4 in Hadoop's framing, because none of its readers supports it.
    /// The specification, section 4, requires it.
    /// </summary>
    private static bool IsBeyondTheSet(byte[] file, ManifestEntry entry)
    {
        var image = ParquetImage.Open(entry.File, file);
        var column = image.Footer.Columns[entry.ColumnIndex];
        return ParquetImage.IsReadable(column)
            && image.Footer.ReadRowGroups([column]).All(group => group.Chunks[0].Codec == CompressionCodec.Lz4);
    }

    /// <summary>
    /// The row groups claim other numbers of rows than the pages hold. Readers differ on such
    /// files. The specification, section 4, requires an error, since the missing rows may be lost
    /// ones.
    /// </summary>
    private static bool ClaimsOtherRows(byte[] file, ManifestEntry entry) =>
        FileModel.ReadFooter(file)[4]!.Items.Sum(group => group[3]!.Number) != entry.Rows;

    private static Outcome Read(byte[] file, ManifestEntry entry, PlainReading reading)
    {
        try
        {
            var image = ParquetImage.Open(entry.File, file);
            var column = image.Footer.Columns[entry.ColumnIndex];
            using var text = new ReferenceText(column);
            reading.Read(image, column, text.Add);
            return new Outcome(text.Finish(), text.Rows, text.Nulls, null);
        }
        catch (IdExtractorException e)
        {
            return new Outcome("", 0, 0, e);
        }
    }

    private sealed record Outcome(string Md5, long Rows, long Nulls, IdExtractorException? Refusal)
    {
        public override string ToString() => Refusal?.ToLine() ?? $"{Md5}, {Rows} rows, {Nulls} nulls";
    }
}
