using System.Globalization;
using System.Text;
using IdExtractor.Core.Collect;
using IdExtractor.Core.Job;
using IdExtractor.Core.Keys;
using IdExtractor.Core.Scan.Lanes;
using IdExtractor.Core.Scan.Match;
using IdExtractor.Parquet;
using IdExtractor.Parquet.Footer;
using IdExtractor.Parquet.Kernels;
using IdExtractor.Parquet.Pages;
using IdExtractor.Testing;
using IdExtractor.Testing.Pages;
using Xunit;

namespace IdExtractor.Core.Tests.Scan;

/// <summary>
/// In its steady state, a scan allocates nothing: a chunk of a hundred times as many pages
/// allocates not one byte more, documents and ids alike.
/// </summary>
public sealed unsafe class SteadyStateAllocationTests
{
    private const int FewPages = 3;
    private const int ManyPages = 300;

    private static readonly byte[][] s_documents =
        [.. Enumerable.Range(0, 200)
            .Select(i => Encoding.ASCII.GetBytes((i * 499_999_993L).ToString("D14", CultureInfo.InvariantCulture)))];

    [Theory]
    [InlineData(CompressionCodec.Snappy)]
    [InlineData(CompressionCodec.Lz4Raw)]
    public void Step_PlainPages_AllocatesNothingAPage(CompressionCodec codec) =>
        AssertSameFor(codec, (chunk, _) => chunk.AddPlain(s_documents));

    [Fact]
    public void Step_PagesWithNulls_AllocatesNothingAPage() =>
        AssertSameFor(
            CompressionCodec.Snappy, (chunk, _) => chunk.AddPlain([.. s_documents.Select((document, i) => i % 7 == 3 ? null : document)]));

    [Fact]
    public void Step_DictionaryPages_AllocatesNothingAPage() => AssertSameFor(CompressionCodec.Snappy, (chunk, page) =>
    {
        if (page == 0)
            chunk.AddDictionary(s_documents);
        chunk.AddIndices([.. Enumerable.Range(0, s_documents.Length)], width: 8, new Random(page % FewPages));
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Step_IntegerPages_AllocatesNothingAPage(bool isDelta)
    {
        byte[][] numbers = [.. s_documents.Select(document => BitConverter.GetBytes(long.Parse(document, CultureInfo.InvariantCulture)))];
        var column = new ColumnDescriptor { Index = 0, Path = ["c"], Physical = PhysicalType.Int64, MaxDefinitionLevel = 1 };
        AssertSameFor(() => new ChunkBuilder(column, CompressionCodec.Snappy), (chunk, _) =>
        {
            if (isDelta)
                chunk.AddIntegerDeltas(numbers);
            else
                chunk.AddPlain(numbers);
        });
    }

    [LibzstdFact]
    public void Step_PlainZstandardPages_AllocatesNothingAPage() =>
        AssertSameFor(CompressionCodec.Zstd, (chunk, _) => chunk.AddPlain(s_documents));

    [Theory]
    [InlineData(CompressionCodec.Snappy, ParquetEncoding.DeltaByteArray)]
    [InlineData(CompressionCodec.Snappy, ParquetEncoding.DeltaLengthByteArray)]
    [InlineData(CompressionCodec.Lz4Raw, ParquetEncoding.DeltaByteArray)]
    public void Step_DeltaPages_AllocatesNothingAPage(CompressionCodec codec, ParquetEncoding encoding) =>
        AssertSameFor(codec, (chunk, _) => chunk.AddDeltas(s_documents, encoding));

    private static void AssertSameFor(CompressionCodec codec, Action<ChunkBuilder, int> addPage) =>
        AssertSameFor(() => new ChunkBuilder("c", codec), addPage);

    private static void AssertSameFor(Func<ChunkBuilder> create, Action<ChunkBuilder, int> addPage)
    {
        var (few, many) = (Build(create(), FewPages, addPage), Build(create(), ManyPages, addPage));
        using var scan = new OneLane();

        // The first run makes buffers as large as they have to be.
        scan.Run(many);

        Assert.Equal(Allocations.LeastOf(() => scan.Run(few)), Allocations.LeastOf(() => scan.Run(many)));
    }

    private static ChunkBuilder Build(ChunkBuilder chunk, int pages, Action<ChunkBuilder, int> addPage)
    {
        for (var page = 0; page < pages; page++)
            addPage(chunk, page);
        return chunk;
    }

    /// <summary>One chunk as documents, then as ids, by scanners that are used again.</summary>
    private sealed class OneLane : IDisposable
    {
        private readonly KeyChunkScanner _documents = new();
        private readonly IdChunkScanner _ids = new();
        private readonly RowSet _rows = new();
        private readonly IdCollector _collector = new(new IdCollectorOptions { MemoryBudget = 1 << 20, Shards = 1 });
        private readonly MatchedIdSink _sink;
        private readonly KeySet _keys;

        public OneLane()
        {
            _sink = new MatchedIdSink(_collector.CreateShard(), NullIdPolicy.Fail);
            var keys = new KeySetBuilder();
            foreach (var document in s_documents.Where((_, i) => i % 10 == 5))
                keys.Add(document);
            _keys = keys.Build();
        }

        /// <summary>Bytes that both scanners allocated.</summary>
        public long Run(ChunkBuilder builder)
        {
            var chunk = builder.ToChunk();
            using var documents = new BytesChunkSource(builder.ToArray());
            using var ids = new BytesChunkSource(builder.ToArray());
            var context = new ChunkContext("b.parquet", 0, chunk, ParquetLimits.Default);
            var matcher = KeyMatcher.For(chunk.Column, _keys);
            _rows.Clear();
            var before = GC.GetAllocatedBytesForCurrentThread();
            _documents.Begin(context, documents, matcher, _rows, maySlide: true);
            LaneStep step;
            while ((step = _documents.Step()) == LaneStep.WantsKernel)
                RunKernel(_documents.Stream);
            var ended = step == LaneStep.Done;
            _ids.Begin(context, ids, _rows, _sink);
            while ((step = _ids.Step()) == LaneStep.WantsKernel)
                RunKernel(_ids.Stream);
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(ended && step == LaneStep.Done);
            Assert.True(_rows.Count > chunk.ValueCount / 20, "too few rows matched to say anything");
            return allocated;
        }

        public void Dispose()
        {
            _documents.Dispose();
            _ids.Dispose();
            _collector.Dispose();
        }

        private static void RunKernel(PageStream* stream) => LockStep.Run(&stream, 1);
    }
}
