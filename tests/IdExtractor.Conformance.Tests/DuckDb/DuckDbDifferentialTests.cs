using System.Globalization;
using System.Text;
using System.Text.Json;
using IdExtractor.Core.Keys;
using IdExtractor.Fuzz.Reading;
using IdExtractor.Parquet.Footer;
using IdExtractor.Testing.Programs;
using Xunit.Abstractions;

namespace IdExtractor.Conformance.Tests.DuckDb;

/// <summary>
/// Random tables that DuckDB writes and joins: the production's scan publishes the same ids in the
/// same order. <c>IDEXTRACTOR_DUCKDB_SEED</c> and <c>IDEXTRACTOR_DUCKDB_TABLES</c> choose others or
/// more.
/// </summary>
public sealed class DuckDbDifferentialTests(ITestOutputHelper output) : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private static readonly int Seed = Setting("IDEXTRACTOR_DUCKDB_SEED")
        ?? (TestInput.IsMandatory ? 20251130 : Environment.TickCount & 0xFFFFFF);
    private static readonly int Tables = Setting("IDEXTRACTOR_DUCKDB_TABLES") ?? 40;

    private readonly string _folder = Directory.CreateTempSubdirectory("idextractor-duckdb-").FullName;
    private readonly FileCheck _check = new();

    [NodeFact]
    public async Task Scan_RandomTables_PublishesWhatSqlSays()
    {
        output.WriteLine($"seed {Seed}");
        await NodePackages.RunAsync("tables.mjs", _folder, $"{Seed}", $"{Tables}");
        for (var table = 0; table < Tables; table++)
        {
            var folder = Path.Combine(_folder, $"{table}");
            var expected = Load<Expected>(folder, "expected.json");
            var what = $"table {table} of seed {Seed}: {expected.What}";
            output.WriteLine(what);
            var images = Directory.EnumerateFiles(folder, "*.parquet")
                .Order(StringComparer.Ordinal)
                .Select(path => ParquetImage.Open(path, File.ReadAllBytes(path)))
                .ToList();
            var (ids, progress) = TableRun.Run(
                images, image => Column(image, "documento"), image => Column(image, "id"), KeysOf(folder), threads: 2, longestId: 1 << 16,
                prune: true);

            Assert.True(
                expected.Ids.SequenceEqual(ids.Select(Utf8), StringComparer.Ordinal),
                $"{what}: {ids.Count} ids, not the {expected.Ids.Count} that SQL gives");
            Assert.True(
                (expected.Matched, expected.Dropped) == (progress.RowsMatched, progress.NullIdsDropped),
                $"{what}: {progress.RowsMatched} rows, {progress.NullIdsDropped} without id");
            foreach (var image in images)
                Assert.Null(_check.Check(what, image.Bytes, Seed).Refusal);
        }
    }

    public void Dispose()
    {
        _check.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static ColumnDescriptor Column(ParquetImage image, string name) => image.Footer.Columns.Single(column => column.Name == name);

    private static KeySet KeysOf(string folder)
    {
        var keys = new KeySetBuilder();
        foreach (var key in Load<List<string>>(folder, "keys.json"))
            keys.Add(Encoding.UTF8.GetBytes(key));
        return keys.Build();
    }

    private static T Load<T>(string folder, string name) =>
        JsonSerializer.Deserialize<T>(File.ReadAllBytes(Path.Combine(folder, name)), Json)!;

    private static string Utf8(string bytes) => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(bytes));

    private static int? Setting(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : null;

    private sealed record Expected(string What, long Matched, long Dropped, IReadOnlyList<string> Ids);
}
