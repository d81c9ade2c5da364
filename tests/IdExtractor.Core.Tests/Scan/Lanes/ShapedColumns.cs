using System.Buffers.Binary;
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
using IdExtractor.Testing.Pages;
using Xunit;

namespace IdExtractor.Core.Tests.Scan.Lanes;

/// <summary>
/// Columns of the types that documents and ids have, and a scan that counts the ways in which their
/// pages are read.
/// </summary>
internal static unsafe class ShapedColumns
{
    /// <summary>Rows of a page.</summary>
    public const int Rows = 2000;

    private static readonly long[] s_numbers = [.. Enumerable.Range(0, Rows).Select(i => i * 49_999_993L % 100_000_000_000)];

    public static ColumnDescriptor Column(string shape)
    {
        var column = new ColumnDescriptor { Index = 0, Path = ["c"], Physical = PhysicalType.ByteArray, MaxDefinitionLevel = 1 };
        return shape switch
        {
            "int64" => column with { Physical = PhysicalType.Int64 },
            "int32" => column with { Physical = PhysicalType.Int32 },
            "decimal14" => column with { Physical = PhysicalType.Int64, Logical = new LogicalType(LogicalKind.Decimal, Precision: 14) },
            "fixedDecimal" => column with
            {
                Physical = PhysicalType.FixedLenByteArray,
                TypeLength = 16,
                Logical = new LogicalType(LogicalKind.Decimal, Precision: 38)
            },
            "byteDecimal" => column with { Logical = new LogicalType(LogicalKind.Decimal, Precision: 38) },
            "uuid" => column with
            {
                Physical = PhysicalType.FixedLenByteArray,
                TypeLength = 16,
                Logical = new LogicalType(LogicalKind.Uuid)
            },
            _ => column,
        };
    }

    public static byte[][] Values(string shape) => [.. s_numbers.Select(number => Stored(shape, number))];

    private static byte[] Stored(string shape, long number)
    {
        var wide = new byte[16];
        BinaryPrimitives.WriteInt128BigEndian(wide, number);
        return shape switch
        {
            "int32" => BitConverter.GetBytes((int)(number % 1_000_000_000)),
            "int64" or "decimal14" => BitConverter.GetBytes(number),
            "fixedDecimal" or "uuid" => wide,
            "byteDecimal" => wide[8..],
            _ => Encoding.ASCII.GetBytes(number.ToString("D14", CultureInfo.InvariantCulture)),
        };
    }

    /// <summary>One chunk as documents, all of which are keys, and then as ids.</summary>
    public static (PagesRead Documents, PagesRead Ids) Scan(ChunkBuilder builder, long nulls = 0)
    {
        var chunk = builder.ToChunk();
        var keys = new KeySetBuilder();
        foreach (var number in s_numbers)
        {
            keys.Add(Stored("text", number));
            keys.Add(Stored("text", number % 1_000_000_000));
            keys.Add(Stored("uuid", number));
        }

        var context = new ChunkContext("b.parquet", 0, chunk, ParquetLimits.Default);
        using var documents = new KeyChunkScanner();
        using var ids = new IdChunkScanner();
        using var collector = new IdCollector(new IdCollectorOptions { MemoryBudget = 1 << 20, Shards = 1 });
        using var source = new BytesChunkSource(builder.ToArray());
        using var again = new BytesChunkSource(builder.ToArray());
        var rows = new RowSet();
        documents.Begin(context, source, KeyMatcher.For(chunk.Column, keys.Build()), rows, maySlide: true);
        LaneStep step;
        while ((step = documents.Step()) == LaneStep.WantsKernel)
            RunKernel(documents.Stream);
        Assert.Equal((LaneStep.Done, chunk.ValueCount - nulls), (step, rows.Count));
        var sink = new MatchedIdSink(collector.CreateShard(), NullIdPolicy.Fail);
        ids.Begin(context, again, rows, sink);
        while ((step = ids.Step()) == LaneStep.WantsKernel)
            RunKernel(ids.Stream);
        Assert.Equal((LaneStep.Done, chunk.ValueCount - nulls), (step, sink.TakeCounts().Taken));
        return (documents.TakePagesRead(), ids.TakePagesRead());
    }

    private static void RunKernel(PageStream* stream) => LockStep.Run(&stream, 1);
}
