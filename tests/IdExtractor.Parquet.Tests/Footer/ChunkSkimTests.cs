using IdExtractor.Parquet.Footer;
using IdExtractor.Parquet.Thrift;
using IdExtractor.Testing.Pages;
using Xunit;

namespace IdExtractor.Parquet.Tests.Footer;

/// <summary>
/// The fast walk over a chunk's metadata against the one that reads field by field.
/// </summary>
public sealed class ChunkSkimTests
{
    private const int Depth = 8;
    private const long Limit = 1_000_000;

    /// <summary>
    /// What follows a chunk in a footer: the fast walk loads eight bytes at a time.
    /// </summary>
    private static readonly byte[] s_after = new byte[16];

    [Fact]
    public void TryRead_ChunkAsWritersStoreIt_FindsTheLastByte()
    {
        var chunk = Chunk(new ThriftSketch(), new Random(1), oddness: 0);
        var after = ChunkSkim.TryRead([.. chunk, .. s_after], 0, Depth, Limit, out var end);
        Assert.Equal((chunk.Length, ReferenceOf(chunk).End), (after, end));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(25)]
    public void TryRead_RandomChunks_AgreesWithTheReference(int oddness)
    {
        var random = new Random(oddness);
        var fast = 0;
        for (var i = 0; i < 3000; i++)
        {
            var chunk = Chunk(new ThriftSketch(), random, oddness);
            var after = ChunkSkim.TryRead([.. chunk, .. s_after], 0, Depth, Limit, out var end);
            if (after < 0)
                continue;
            fast++;
            Assert.Equal(ReferenceOf(chunk), (after, end));
        }

        Assert.InRange(fast, oddness == 0 ? 3000 : 10, 3000);
    }

    [Fact]
    public void TryRead_DamagedChunks_NeverReadsWhatTheReferenceRejects()
    {
        var random = new Random(3);
        for (var i = 0; i < 20_000; i++)
        {
            byte[] chunk = [.. Chunk(new ThriftSketch(), random, oddness: 5), .. s_after];
            for (var changes = random.Next(1, 4); changes > 0; changes--)
                chunk[random.Next(chunk.Length)] = (byte)random.Next(256);
            var levels = random.Next(1, Depth);
            var after = ChunkSkim.TryRead(chunk, 0, levels, Limit, out var end);
            if (after < 0)
                continue;
            var reader = new CompactReader(chunk, levels);
            Assert.Equal((ChunkExtent.ReadEndByFields(ref reader, Limit), reader.Position), (end, after));
        }
    }

    [Fact]
    public void SkipValue_DamagedStructs_NeverSkipsWhatTheReferenceRejects()
    {
        var random = new Random(4);
        for (var i = 0; i < 20_000; i++)
        {
            byte[] bytes = [.. Chunk(new ThriftSketch(), random, oddness: 30), .. s_after];
            for (var changes = random.Next(0, 4); changes > 0; changes--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var levels = random.Next(1, Depth);
            var after = CompactSkipper.SkipStruct(bytes, 0, levels);
            if (after < 0)
                continue;
            var reader = new CompactReader(bytes, levels);
            reader.SkipByBytes(ThriftType.Struct);
            Assert.Equal(reader.Position, after);
        }
    }

    private static (int Position, long End) ReferenceOf(byte[] chunk)
    {
        var reader = new CompactReader(chunk, Depth);
        var end = ChunkExtent.ReadEndByFields(ref reader, Limit);
        return (reader.Position, end);
    }

    /// <summary>A chunk of random places. Fields have another type than the format's, or are
    /// unknown ones, in some percent of the cases.</summary>
    private static byte[] Chunk(ThriftSketch thrift, Random random, int oddness)
    {
        bool IsOdd() => random.Next(100) < oddness;
        long Offset() => random.NextInt64(0, Limit + 1000);

        void Number(int id, int type, long value)
        {
            if (random.Next(8) == 0)
                return;
            if (IsOdd())
                thrift.Field(id, type == 6 ? 5 : 6).Integer(value);
            else if (IsOdd())
                thrift.Field(id, 8).Text("text");
            else
                thrift.Field(id, type).Integer(value);
        }

        if (IsOdd())
            thrift.Field(1, 8).Text(random.Next(2) == 0 ? "" : "other.parquet");
        Number(2, 6, Offset());
        thrift.Field(3, 12).Struct(() =>
        {
            thrift.Field(1, 5).Integer(6).Field(2, 9).List(5, 2).Integer(0).Integer(3);
            thrift.Field(3, 9).List(8, 1).Text("column_17").Field(4, 5).Integer(1);
            Number(5, 6, random.Next());
            Number(6, 6, random.Next());
            Number(7, 6, random.Next(1, 100_000));
            Number(9, 6, Offset());
            Number(11, 6, Offset());
            thrift.Field(12, 12).Struct(() => thrift
                .Field(1, 8).Text("zz").Field(3, 6).Integer(0).Field(5, 8).Text("zz").Field(7, 1).Field(8, 2));
            if (IsOdd())
                thrift.Field(13, 9).List(12, 1).Struct(() => thrift.Field(1, 5).Integer(0).Field(3, 5).Integer(1));
            Number(14, 6, Offset());
            Number(15, 5, random.Next(1, 100_000));
            if (IsOdd())
                thrift.Field(random.Next(17, 60), 12).Struct(() => thrift.Field(1, 8).Text("more").Field(2, 9).List(1, 1).Flag(true));
        });
        Number(4, 6, Offset());
        Number(5, 5, random.Next(1, 100_000));
        Number(6, 6, Offset());
        Number(7, 5, random.Next(1, 100_000));
        return thrift.End();
    }
}
