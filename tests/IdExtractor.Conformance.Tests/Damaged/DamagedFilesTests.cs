using IdExtractor.Conformance.Tests.Catalogue;
using IdExtractor.Fuzz.Probing;

namespace IdExtractor.Conformance.Tests.Damaged;

/// <summary>
/// Corrupt, hostile, encrypted and mutated files: each ends in a clear error or in right values, in
/// time and in little memory, and both ways of reading say the same.
/// </summary>
public sealed class DamagedFilesTests(DamagedFiles files) : IClassFixture<DamagedFiles>
{
    /// <summary>
    /// How much memory reading one of these files may take beyond that of the idle process.
    /// </summary>
    private const long MostMemory = 256L << 20;

    internal static IEnumerable<DamagedEntry> Entries =>
        ConformanceSet.Load<DamagedEntry>("bad.json").Concat(ConformanceSet.Load<DamagedEntry>("mutated.json"));

    public static TheoryData<string, string> Files
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var entry in Entries)
                data.Add(entry.File, entry.Tests);
            return data;
        }
    }

    [ConformanceTheory]
    [MemberData(nameof(Files))]
    public void Read_DamagedFile_IsRefusedOrRight(string file, string tests)
    {
        var entry = Entries.First(entry => entry.File == file);
        var report = files.Report(file);

        Assert.True(report.Defect is null, $"{tests}: {report.Defect}");
        Assert.True(report.PeakBytes <= MostMemory, $"{tests}: took {report.PeakBytes >> 20} MiB");
        var refusals = report.Columns.Select(column => column.Refusal).Append(report.Refusal).OfType<ProbeRefusal>().ToList();
        Assert.All(refusals, refusal => Assert.Contains(Path.GetFileName(file), refusal.Line, StringComparison.Ordinal));
        if (MustBeRefused(entry.Expect))
            Assert.True(refusals.Count > 0, $"{tests}: nothing was refused");
        if (entry.Expect.StartsWith("clear_refusal", StringComparison.Ordinal))
            Assert.Contains(
                refusals,
                refusal => refusal.Kind == "UnsupportedFileException" && refusal.Line.Contains("ncrypted", StringComparison.Ordinal));
        if (entry.Expect == "values")
            Assert.Empty(refusals);
        if (HasKnownValues(entry.Expect))
            AssertNoOtherValues(entry, report);
    }

    /// <summary>An error is expected: this reader checks CRCs.</summary>
    private static bool MustBeRefused(string expect) =>
        expect.StartsWith("error_required", StringComparison.Ordinal) || expect.StartsWith("clear_refusal", StringComparison.Ordinal);

    /// <summary>Whether values that are read must equal those of the set.</summary>
    private static bool HasKnownValues(string expect) =>
        expect != "no_crash" && !expect.Contains("any in-range values", StringComparison.Ordinal);

    /// <summary>
    /// Columns that were read hold what they hold in the sound file, or what the reference readers
    /// saw.
    /// </summary>
    private static void AssertNoOtherValues(DamagedEntry entry, ProbeReport report)
    {
        var known = entry.Base is not null
            ? ConformanceSet.Columns(entry.Base)
                .Where(column => column.Expect == "values")
                .ToDictionary(column => column.ColumnIndex, column => (column.Md5!, column.Rows, column.Nulls))
            : entry.ReadableColumns.ToDictionary(column => column.ColumnIndex, column => (column.Md5, column.Rows, column.Nulls));
        foreach (var column in report.Columns.Where(column => column.Refusal is null && known.ContainsKey(column.Index)))
            Assert.Equal(known[column.Index], (column.Md5!, column.Rows, column.Nulls));
        if (entry.Base is not null || entry.ReadableColumns.Count > 0)
            return;

        // No reader could read anything of it, so any rows would be wrong.
        Assert.DoesNotContain(report.Columns, column => column.Refusal is null && column.Rows > 0);
    }
}
