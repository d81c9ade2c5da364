using System.Text.RegularExpressions;
using IdExtractor.Core.Job;
using IdExtractor.Parquet;
using IdExtractor.Parquet.Kernels;
using IdExtractor.Testing;
using IdExtractor.Testing.Pages;
using Xunit;

namespace IdExtractor.Core.Tests.Scan.Lanes;

/// <summary>
/// Which way of reading serves both columns of each set of the benchmark, on a small table of the
/// same shape. What bench/run measures is thus on the path that it is meant to measure.
/// </summary>
public sealed partial class BenchmarkSetTests
{
    private const int Pages = 3;

    private static readonly Chunk s_text = new("text");

    /// <summary>
    /// Documents and ids of each set, as bench/peers/sets.mjs and rewrite_spark.py write them.
    /// </summary>
    private static readonly Dictionary<string, (Chunk Documents, Chunk Ids)> s_sets = new()
    {
        ["base"] = (s_text, s_text),
        ["int"] = (new("int64"), new("int64")),
        ["docint"] = (new("int64"), s_text),
        ["dec"] = (new("decimal14"), s_text),
        ["idint"] = (s_text, new("int64")),
        ["uuid"] = (s_text, new("uuid")),
        ["iddict"] = (s_text, new("text", Layout: Layout.Dictionary)),
        ["gzip"] = (new("text", CompressionCodec.Gzip), new("text", CompressionCodec.Gzip)),
        ["none"] = (new("text", CompressionCodec.Uncompressed), new("text", CompressionCodec.Uncompressed)),
        ["zstd"] = (new("text", CompressionCodec.Zstd), new("text", CompressionCodec.Zstd)),
        ["lz4"] = (new("text", CompressionCodec.Lz4Raw), new("text", CompressionCodec.Lz4Raw)),
        ["dict"] = (new("text", Layout: Layout.Dictionary), s_text),
        ["nulls"] = (new("text", Layout: Layout.Nulls), s_text),
        ["spark"] = (s_text, s_text),
        ["v2"] = (new("text", Layout: Layout.Deltas), new("text", Layout: Layout.Deltas)),
        ["smallrg"] = (s_text, s_text),
        ["files"] = (s_text, s_text),
        ["wide"] = (s_text, s_text),
        ["keys-1m"] = (s_text, s_text),
        ["keys-10m"] = (s_text, s_text),
        ["int-keys-1m"] = (new("int64"), new("int64")),
        ["partitions"] = (s_text, s_text),
        ["samples"] = (s_text, s_text),
    };

    /// <summary>How the pages of a column are written.</summary>
    private enum Layout
    {
        Plain,
        Nulls,
        Dictionary,
        Deltas,
    }

    public static TheoryData<string> Sets => [.. s_sets.Keys];

    [Theory]
    [MemberData(nameof(Sets))]
    public void Step_ColumnsOfASet_AreReadTheFastWay(string set)
    {
        var (documents, ids) = s_sets[set];
        Assert.Equal(Expected(documents, areIds: false), Read(documents).Documents);
        Assert.Equal(Expected(ids, areIds: true), Read(ids).Ids);
    }

    /// <summary>A set that bench/run gets has to be added here too.</summary>
    [Fact]
    public void Sets_OfThisTest_AreThoseOfTheBenchmark()
    {
        var source = File.ReadAllText(Path.Combine(SourceTree.Root, "bench", "end_to_end", "data.py"));
        Assert.Equal(KindOfSet().Matches(source).Select(match => match.Groups[1].Value), s_sets.Keys);
    }

    private static PagesRead Expected(Chunk chunk, bool areIds)
    {
        var byKernel = LockStep.IsSupported(chunk.Codec);
        return chunk.Layout switch
        {
            // The entries slide where documents are looked up; those of ids are kept.
            Layout.Dictionary => new(Pages + (areIds ? 0 : 1), LockStep: areIds && byKernel ? 1 : 0, Whole: areIds && !byKernel ? 1 : 0),
            Layout.Deltas => new(Window: 0, LockStep: byKernel ? Pages : 0, Whole: byKernel ? 0 : Pages),
            _ => new(Window: Pages, LockStep: 0, Whole: 0),
        };
    }

    private static (PagesRead Documents, PagesRead Ids) Read(Chunk chunk)
    {
        var builder = new ChunkBuilder(ShapedColumns.Column(chunk.Shape), chunk.Codec) { IsSecondVersion = chunk.Layout == Layout.Deltas };
        var values = ShapedColumns.Values(chunk.Shape);
        if (chunk.Layout == Layout.Dictionary)
            builder.AddDictionary(values);
        for (var page = 0; page < Pages; page++)
        {
            _ = chunk.Layout switch
            {
                Layout.Dictionary => builder.AddIndices([.. Enumerable.Range(0, values.Length)], width: 11, new Random(page)),
                Layout.Deltas => builder.AddDeltas(values, ParquetEncoding.DeltaByteArray),
                Layout.Nulls => builder.AddPlain([.. values.Select((value, row) => row % 10 == 3 ? null : value)]),
                _ => builder.AddPlain(values),
            };
        }

        return ShapedColumns.Scan(builder, nulls: chunk.Layout == Layout.Nulls ? Pages * values.Length / 10 : 0);
    }

    [GeneratedRegex(@"^    ""([\w-]+)"": Kind\(", RegexOptions.Multiline)]
    private static partial Regex KindOfSet();

    /// <summary>A column of a set.</summary>
    /// <param name="Shape">As <see cref="ShapedColumns.Column"/> knows it.</param>
    /// <param name="Codec">How its pages are compressed.</param>
    /// <param name="Layout">How they are written.</param>
    private sealed record Chunk(string Shape, CompressionCodec Codec = CompressionCodec.Snappy, Layout Layout = Layout.Plain);
}
