using IdExtractor.Core.Job;
using IdExtractor.Parquet;
using IdExtractor.Parquet.Kernels;
using IdExtractor.Testing.Pages;
using Xunit;

namespace IdExtractor.Core.Tests.Scan.Lanes;

/// <summary>
/// Which way of reading serves each kind of column, so that none leaves the fast path unnoticed.
/// </summary>
public sealed class PageWaysTests
{
    private const int Pages = 3;
    private const int Rows = ShapedColumns.Rows;

    private static readonly CompressionCodec[] s_codecs =
        [CompressionCodec.Snappy, CompressionCodec.Lz4Raw, CompressionCodec.Uncompressed, CompressionCodec.Zstd, CompressionCodec.Gzip];

    /// <summary>
    /// Columns as the sets of the benchmark have them, with each of their codecs.
    /// </summary>
    public static TheoryData<string, CompressionCodec> Shapes
    {
        get
        {
            var shapes = new TheoryData<string, CompressionCodec>();
            foreach (var shape in new[] { "text", "int64", "int32", "decimal14", "fixedDecimal", "byteDecimal", "uuid" })
            {
                foreach (var codec in s_codecs)
                    shapes.Add(shape, codec);
            }

            return shapes;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Step_PlainPages_AllSlide(string shape, CompressionCodec codec)
    {
        var values = ShapedColumns.Values(shape);
        var builder = new ChunkBuilder(ShapedColumns.Column(shape), codec);
        for (var page = 0; page < Pages; page++)
            builder.AddPlain(values);
        var expected = new PagesRead(Window: Pages, LockStep: 0, Whole: 0);
        Assert.Equal((expected, expected), ShapedColumns.Scan(builder));
    }

    /// <summary>
    /// One document in ten is null, as in the set <c>nulls</c>; ids are of rows with a document.
    /// </summary>
    [Theory]
    [MemberData(nameof(Shapes))]
    public void Step_PlainPagesWithNulls_AllSlide(string shape, CompressionCodec codec)
    {
        var values = ShapedColumns.Values(shape).Select((value, row) => row % 10 == 3 ? null : value).ToArray();
        var builder = new ChunkBuilder(ShapedColumns.Column(shape), codec);
        for (var page = 0; page < Pages; page++)
            builder.AddPlain(values);
        var expected = new PagesRead(Window: Pages, LockStep: 0, Whole: 0);
        Assert.Equal((expected, expected), ShapedColumns.Scan(builder, nulls: Pages * Rows / 10));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Step_PagesOfVersionTwo_AllSlide(string shape, CompressionCodec codec)
    {
        var builder = new ChunkBuilder(ShapedColumns.Column(shape), codec) { IsSecondVersion = true };
        for (var page = 0; page < Pages; page++)
            builder.AddPlain(ShapedColumns.Values(shape));
        var expected = new PagesRead(Window: Pages, LockStep: 0, Whole: 0);
        Assert.Equal((expected, expected), ShapedColumns.Scan(builder));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Step_DictionaryPages_SlideBesideOneDictionary(string shape, CompressionCodec codec)
    {
        var builder = new ChunkBuilder(ShapedColumns.Column(shape), codec).AddDictionary(ShapedColumns.Values(shape));
        for (var page = 0; page < Pages; page++)
            builder.AddIndices([.. Enumerable.Range(0, Rows)], width: 11, new Random(page));
        var byKernel = LockStep.IsSupported(codec) ? 1 : 0;
        var (documents, ids) = ShapedColumns.Scan(builder);
        Assert.Equal(new PagesRead(Window: Pages + 1, LockStep: 0, Whole: 0), documents);
        Assert.Equal(new PagesRead(Window: Pages, LockStep: byKernel, Whole: 1 - byKernel), ids);
    }

    [Theory]
    [InlineData("int64", true)]
    [InlineData("int32", true)]
    [InlineData("int64", false)]
    [InlineData("uuid", false)]
    public void Step_DeltasAndSplitPages_AreDecompressedInLockStep(string shape, bool isDelta)
    {
        var builder = new ChunkBuilder(ShapedColumns.Column(shape), CompressionCodec.Snappy);
        for (var page = 0; page < Pages; page++)
            _ = isDelta ? builder.AddIntegerDeltas(ShapedColumns.Values(shape)) : builder.AddSplit(ShapedColumns.Values(shape));
        var byKernel = LockStep.IsSupported(CompressionCodec.Snappy) ? Pages : 0;
        var expected = new PagesRead(Window: 0, LockStep: byKernel, Whole: Pages - byKernel);
        Assert.Equal((expected, expected), ShapedColumns.Scan(builder));
    }
}
