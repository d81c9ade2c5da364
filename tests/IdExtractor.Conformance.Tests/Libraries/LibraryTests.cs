using System.Globalization;
using System.Text;
using IdExtractor.Core.Keys;
using IdExtractor.Fuzz.Hints;
using IdExtractor.Fuzz.Reading;
using IdExtractor.Parquet.Footer;
using Xunit.Abstractions;

namespace IdExtractor.Conformance.Tests.Libraries;

/// <summary>
/// The two Parquet libraries for .NET as writers and as oracles: their files are scanned, with and
/// without pruning, and files of the tests' own writer are read by them.
/// <c>IDEXTRACTOR_LIBRARY_SEED</c> and <c>IDEXTRACTOR_LIBRARY_TABLES</c> choose others or more.
/// </summary>
public sealed class LibraryTests(ITestOutputHelper output) : IDisposable
{
    private static readonly int Seed = Setting("IDEXTRACTOR_LIBRARY_SEED") ?? 20251130;
    private static readonly int Tables = Setting("IDEXTRACTOR_LIBRARY_TABLES") ?? 60;

    private static readonly Dictionary<string, IParquetLibrary> s_libraries = new()
    {
        ["Parquet.Net"] = new ParquetNetLibrary(),
        ["ParquetSharp"] = new ParquetSharpLibrary()
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("idextractor-libraries-").FullName;
    private readonly FileCheck _check = new();

    public static TheoryData<string> Libraries => [.. s_libraries.Keys];

    /// <summary>The ways of storing documents that both libraries read.</summary>
    private static DocumentKind[] CommonKinds => [DocumentKind.Text, DocumentKind.Int64, DocumentKind.Int32, DocumentKind.UInt32];

    [Theory]
    [MemberData(nameof(Libraries))]
    public async Task Scan_RandomTables_PublishesWhatAPlainJoinFinds(string library)
    {
        output.WriteLine($"seed {Seed}");
        for (var number = 0; number < Tables; number++)
        {
            var random = new Random(Seed + number);
            var table = RandomTable.Create(random);
            var path = Path.Combine(_folder, $"{number}.parquet");
            var what =
                $"table {number} of seed {Seed}: {table.Documents.Length} rows, {await s_libraries[library].WriteAsync(table, path, random)}";
            output.WriteLine(what);
            var image = ParquetImage.Open(path, await File.ReadAllBytesAsync(path));

            Assert.Equal(table.GroupRanges().Count(), image.Footer.RowGroupCount);
            foreach (var prune in (bool[])[true, false])
                CheckScan($"{what}, pruning {prune}", table, image, prune);
            Assert.True(_check.Check(what, image.Bytes, Seed).Refusal is null, what);
        }
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public async Task Read_FilesOfOurWriter_GivesTheirValues(string library)
    {
        output.WriteLine($"seed {Seed}");
        for (var number = 0; number < Tables; number++)
        {
            var random = new Random(Seed + number);
            var file = HintedFile.Create(random, CommonKinds[random.Next(CommonKinds.Length)]);
            var path = Path.Combine(_folder, $"{number}.parquet");
            await File.WriteAllBytesAsync(path, file.Write(_ => { }));

            foreach (var column in (HintedColumn[])[file.Documents, file.Ids])
            {
                var values = await s_libraries[library].ReadAsync(path, column.Name);
                Assert.True(
                    values.SequenceEqual(column.Values.Select(value => TextOf(column, value))),
                    $"file {number} of seed {Seed}, {column.Kind}: {library} reads other values of {column.Name}");
            }
        }
    }

    public void Dispose()
    {
        _check.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static void CheckScan(string what, RandomTable table, ParquetImage image, bool prune)
    {
        var (ids, progress) = TableRun.Run(
            [image], file => Column(file, "documento"), file => Column(file, "id"), KeysOf(table), threads: 2, longestId: 64, prune);

        var matches = table.Matches.ToList();
        var expected = matches.Select(row => table.Ids[row]).OfType<string>().Distinct().Order(StringComparer.Ordinal).ToList();
        Assert.True(expected.SequenceEqual(ids, StringComparer.Ordinal), $"{what}: {ids.Count} ids, not {expected.Count}");
        Assert.True((matches.Count, matches.Count(row => table.Ids[row] is null)) == (progress.RowsMatched, progress.NullIdsDropped),
            $"{what}: {progress.RowsMatched} rows, {progress.NullIdsDropped} without id");
        Assert.True(
            prune || progress.NullDocuments == table.Documents.Count(document => document is null),
            $"{what}: {progress.NullDocuments} rows without document");
    }

    private static string? TextOf(HintedColumn column, long? value) =>
        value is not { } number ? null
        : column.Kind == DocumentKind.Text ? Encoding.ASCII.GetString(column.Stored(number))
        : number.ToString(CultureInfo.InvariantCulture);

    private static ColumnDescriptor Column(ParquetImage image, string name) => image.Footer.Columns.Single(column => column.Name == name);

    private static KeySet KeysOf(RandomTable table)
    {
        var keys = new KeySetBuilder();
        foreach (var key in table.Keys)
            keys.Add(Encoding.ASCII.GetBytes(RandomTable.Digits(key)));
        return keys.Build();
    }

    private static int? Setting(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : null;
}
