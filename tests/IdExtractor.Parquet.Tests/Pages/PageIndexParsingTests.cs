using IdExtractor.Parquet.Footer;
using IdExtractor.Parquet.Pages;
using IdExtractor.Testing.Pages;
using Xunit;

namespace IdExtractor.Parquet.Tests.Pages;

public sealed class PageIndexParsingTests
{
    private static readonly ColumnDescriptor s_column = new()
    {
        Index = 0,
        Path = ["c"],
        Physical = PhysicalType.ByteArray,
        MaxDefinitionLevel = 1
    };

    private static readonly ColumnChunk s_chunk = new()
    {
        Column = s_column,
        Codec = CompressionCodec.Uncompressed,
        ValueCount = 30,
        Offset = 100,
        Length = 90
    };

    [Fact]
    public void TryRead_SoundIndexes_TellPagesAndBounds()
    {
        var pages = OffsetIndex.TryRead(Offsets(), s_chunk);
        Assert.NotNull(pages);
        Assert.Equal(3, pages.PageCount);
        Assert.Equal(new PageLocation(140, 20, 10), pages[1]);
        Assert.Equal([10, 15, 5], Enumerable.Range(0, 3).Select(pages.RowsOf));
        Assert.Equal([0, 0, 1, 1, 2, 2], new long[] { 0, 9, 10, 24, 25, 29 }.Select(pages.PageOfRow));
        var bounds = ColumnIndex.TryRead(Bounds(), s_chunk, pages, BoundOrder.Of(s_column)!);
        Assert.NotNull(bounds);
        Assert.Equal([false, true, false], Enumerable.Range(0, 3).Select(bounds.IsNullPage));
        Assert.Equal(
            ("a", "c"), (System.Text.Encoding.ASCII.GetString(bounds.Min(0)), System.Text.Encoding.ASCII.GetString(bounds.Max(0))));
    }

    [Fact]
    public void TryRead_MoreElementsThanBytes_TakesNoMemoryForThem()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var claim in new[] { 1 << 10, 1 << 20, int.MaxValue })
        {
            Assert.Null(OffsetIndex.TryRead(new ThriftSketch().Field(1, 9).List(12, claim).End(), s_chunk));
            var pages = OffsetIndex.TryRead(Offsets(), s_chunk)!;
            Assert.Null(ColumnIndex.TryRead(new ThriftSketch().Field(1, 9).List(1, claim).End(), s_chunk, pages, BoundOrder.Of(s_column)!));
            Assert.Null(ColumnIndex.TryRead(new ThriftSketch().Field(2, 9).List(8, claim).End(), s_chunk, pages, BoundOrder.Of(s_column)!));
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void TryRead_DamagedBytes_GivesAnIndexWithinItsChunkOrNone()
    {
        var (offsets, bounds) = (Offsets(), Bounds());
        var sound = OffsetIndex.TryRead(offsets, s_chunk)!;
        for (var seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            if (OffsetIndex.TryRead(Damaged(offsets, random), s_chunk) is { } pages)
            {
                var (end, rows) = (pages[0].Offset, 0L);
                for (var page = 0; page < pages.PageCount; page++)
                {
                    Assert.True(pages[page].Offset == end && pages[page].FirstRow == rows && pages.RowsOf(page) > 0, $"seed {seed}");
                    (end, rows) = (end + pages[page].Size, rows + pages.RowsOf(page));
                }

                Assert.True(end == s_chunk.Offset + s_chunk.Length && rows == s_chunk.ValueCount, $"seed {seed}");
            }

            if (ColumnIndex.TryRead(Damaged(bounds, random), s_chunk, sound, BoundOrder.Of(s_column)!) is { } index)
                Assert.True(index.IsNullPage(0) || index.Min(0).SequenceCompareTo(index.Max(0)) <= 0, $"seed {seed}");
        }
    }

    private static byte[] Offsets()
    {
        var thrift = new ThriftSketch().Field(1, 9).List(12, 3);
        foreach (var (offset, size, row) in new[] { (110, 30, 0), (140, 20, 10), (160, 30, 25) })
            thrift.Struct(() => thrift.Field(1, 6).Integer(offset).Field(2, 5).Integer(size).Field(3, 6).Integer(row));
        return thrift.End();
    }

    private static byte[] Bounds() => new ThriftSketch()
        .Field(1, 9).List(1, 3).Flag(false).Flag(true).Flag(false)
        .Field(2, 9).List(8, 3).Text("a").Text("").Text("b")
        .Field(3, 9).List(8, 3).Text("c").Text("").Text("d")
        .Field(4, 5).Integer(1).Field(5, 9).List(6, 3).Integer(0).Integer(15).Integer(1).End();

    private static byte[] Damaged(byte[] bytes, Random random)
    {
        var copy = random.Next(4) == 0 ? bytes[..random.Next(bytes.Length)] : (byte[])bytes.Clone();
        for (var i = random.Next(1, 3); i > 0 && copy.Length > 0; i--)
            copy[random.Next(copy.Length)] = (byte)random.Next(256);
        return copy;
    }
}
