using System.Globalization;
using IdExtractor.Core.Collect;
using IdExtractor.Core.Job;
using IdExtractor.Core.Scan.Lanes;
using IdExtractor.Core.Scan.Match;
using IdExtractor.Parquet;
using IdExtractor.Parquet.Kernels;
using IdExtractor.Parquet.Pages;
using IdExtractor.Testing.Pages;
using Xunit;
using Xunit.Abstractions;

namespace IdExtractor.Core.Tests.Scan.Lanes;

/// <summary>
/// Random columns of every type, encoding and codec, as documents and as ids: what windows give,
/// against whole pages and against the rows that were written.
/// <c>IDEXTRACTOR_COLUMN_SEED</c> chooses the last seeds.
/// </summary>
public sealed unsafe class AnyColumnScanTests(ITestOutputHelper output) : IDisposable
{
    private const string SeedVariable = "IDEXTRACTOR_COLUMN_SEED";
    private const int Fixed = 60;
    private const int Fresh = 10;

    private static readonly int s_freshSeed =
        int.TryParse(Environment.GetEnvironmentVariable(SeedVariable), CultureInfo.InvariantCulture, out var seed)
            ? seed
            : Environment.GetEnvironmentVariable("CI") == "true" ? Fixed : Random.Shared.Next(1_000_000_000);

    private readonly KeyChunkScanner _keys = new();
    private readonly IdChunkScanner _ids = new();

    [Fact]
    public void Step_RandomDocuments_FindsTheRowsThatHoldKeys() => ForEachColumn((column, random, what) =>
    {
        var expected = column.Expected().ToList();
        var nulls = column.Rows.Count(row => row is null);
        foreach (var maySlide in new[] { false, true })
        {
            using var source = Source(column, random);
            var (rows, found) = Match(column, source, maySlide);
            Assert.True(expected.SequenceEqual(rows), $"{what}: {rows.Count} rows instead of {expected.Count}");

            // When no entry of the dictionary is a key, pages are skipped, and their nulls are
            // known from statistics only.
            var maySkip = expected.Count == 0 && column.Encoding == ParquetEncoding.RleDictionary;
            Assert.True(
                maySkip ? _keys.NullDocuments <= nulls : nulls == _keys.NullDocuments,
                $"{what}: {_keys.NullDocuments} nulls instead of {nulls}");
            AssertWay(found, maySlide, column, what);
        }
    });

    [Fact]
    public void Step_RandomIds_GivesThoseOfWholePages() => ForEachColumn((column, random, what) =>
    {
        for (var round = 0; round < 3; round++)
        {
            var rows = new RowSet();
            var share = round == 0 ? 1.0 / column.Rows.Count : random.NextDouble();
            for (var row = 0; row < column.Rows.Count; row++)
            {
                if (random.NextDouble() < share)
                    rows.Add(row);
            }

            var (whole, wholeCounts, _) = Read(column, rows, random, maySlide: false);
            var (windows, counts, pages) = Read(column, rows, random, maySlide: true);
            var isSame = whole.Select(Convert.ToHexString).SequenceEqual(windows.Select(Convert.ToHexString));
            Assert.True(isSame, $"{what}: other ids of {rows.Count} rows");
            Assert.True(wholeCounts == counts && counts.Taken == rows.Count, $"{what}: {counts} instead of {wholeCounts}");
            AssertWay(pages, maySlide: true, column, what);
        }
    });

    public void Dispose()
    {
        _keys.Dispose();
        _ids.Dispose();
    }

    private void ForEachColumn(Action<ColumnSketch, Random, string> check)
    {
        output.WriteLine($"{SeedVariable}={s_freshSeed}");
        foreach (var seed in Enumerable.Range(0, Fixed).Concat(Enumerable.Range(s_freshSeed, Fresh)))
        {
            var random = new Random(seed);
            var column = new ColumnSketch(random);
            check(column, random, $"seed {seed}, {column}");
        }
    }

    /// <summary>A page that slides is never read whole.</summary>
    private static void AssertWay(PagesRead pages, bool maySlide, ColumnSketch column, string what)
    {
        if (!maySlide)
            Assert.True(pages.Window == 0 && pages.LockStep == 0, $"{what}: {pages}");
        else if (column.Slides && column.Rows.All(row => row is not null) && column.Encoding == ParquetEncoding.Plain)
            Assert.True(pages.LockStep == 0 && pages.Whole == 0, $"{what}: {pages}");
    }

    private static ChunkSource Source(ColumnSketch column, Random random) => random.Next(2) == 0
        ? new BytesChunkSource(column.Builder.ToArray(), random.Next(1, 5000))
        : new LendingChunkSource(column.Builder.ToArray(), random.Next(1, 200_000));

    private static ChunkContext Context(ColumnSketch column) => new("b.parquet", 0, column.Builder.ToChunk(), ParquetLimits.Default);

    private (List<long> Rows, PagesRead Pages) Match(ColumnSketch column, ChunkSource source, bool maySlide)
    {
        var found = new RowSet();
        _keys.Begin(Context(column), source, KeyMatcher.For(column.Builder.ToChunk().Column, column.Keys), found, maySlide);
        LaneStep step;
        while ((step = _keys.Step()) == LaneStep.WantsKernel)
        {
            var stream = _keys.Stream;
            LockStep.Run(&stream, 1);
        }

        Assert.Equal(LaneStep.Done, step);
        var rows = new List<long>();
        for (var row = found.NextFrom(0); row >= 0; row = found.NextFrom(row + 1))
            rows.Add(row);
        return (rows, _keys.TakePagesRead());
    }

    private (List<byte[]> Ids, (long Taken, long Dropped) Counts, PagesRead Pages) Read(
        ColumnSketch column, RowSet rows, Random random, bool maySlide)
    {
        using var collector = new IdCollector(new IdCollectorOptions { MemoryBudget = 1 << 24, Shards = 1 });
        var sink = new MatchedIdSink(collector.CreateShard(), NullIdPolicy.Drop);
        using var source = Source(column, random);
        try
        {
            _ids.Begin(Context(column), source, rows, sink, maySlide: maySlide);
            LaneStep step;
            while ((step = _ids.Step()) == LaneStep.WantsKernel)
            {
                var stream = _ids.Stream;
                LockStep.Run(&stream, 1);
            }

            Assert.Equal(LaneStep.Done, step);
        }
        catch (Foundation.Errors.InputDataException)
        {
            // Random bytes are seldom text; both ways must refuse them.
            return ([], (rows.Count, -1), _ids.TakePagesRead());
        }

        var ids = new List<byte[]>();
        using var sorted = collector.Complete();
        while (sorted.TryNext(out var id))
            ids.Add(id.ToArray());
        return (ids, sink.TakeCounts(), _ids.TakePagesRead());
    }
}
