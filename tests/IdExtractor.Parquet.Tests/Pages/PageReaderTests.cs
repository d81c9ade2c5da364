using IdExtractor.Parquet.Pages;
using IdExtractor.Testing.Pages;
using Xunit;

namespace IdExtractor.Parquet.Tests.Pages;

public sealed unsafe class PageReaderTests
{
    [Fact]
    public void Read_LentInPiecesOfAnySize_GivesTheBodiesOfTheTwin()
    {
        for (var seed = 1; seed <= 60; seed++)
        {
            var random = new Random(seed);
            var builder = Chunk(random, pages: 6);
            var expected = Bodies(builder, new BytesChunkSource(builder.ToArray()), new Random(seed));
            var pieceBytes = random.Next(1, random.Next(2) == 0 ? 300 : 40_000);
            Assert.True(
                expected.SequenceEqual(Bodies(builder, new LendingChunkSource(builder.ToArray(), pieceBytes), new Random(seed))),
                $"seed {seed}: lent in pieces of {pieceBytes} bytes");
        }
    }

    [Fact]
    public void Read_PagesInsideOnePiece_AreUsedWhereTheyStand()
    {
        var builder = Chunk(new Random(1), pages: 4);
        var bytes = builder.ToArray();
        using var source = new LendingChunkSource(bytes, bytes.Length);
        using var reader = new PageReader();
        reader.Open(Context(builder), source);
        var piece = (byte*)null;
        for (var position = 0L; reader.MoveNext(); position = reader.PageOffset + reader.Header.HeaderSize + reader.Header.CompressedSize)
        {
            piece = piece == null ? reader.Body - reader.Header.HeaderSize : piece;
            Assert.True(reader.ReadBody() == piece + position + reader.Header.HeaderSize);
        }

        Assert.Equal(bytes.Length, source.LentBytes);
    }

    private static ChunkBuilder Chunk(Random random, int pages)
    {
        var builder = new ChunkBuilder("c");
        for (var page = 0; page < pages; page++)
        {
            var rows = new byte[random.Next(1, 300)][];
            for (var i = 0; i < rows.Length; i++)
                random.NextBytes(rows[i] = new byte[random.Next(100)]);
            builder.AddPlain(rows);
        }

        return builder;
    }

    private static ChunkContext Context(ChunkBuilder builder) => new("memory", 0, builder.ToChunk(), ParquetLimits.Default);

    private static byte[] Bodies(ChunkBuilder builder, ChunkSource source, Random dice)
    {
        using var reader = new PageReader();
        using var read = new MemoryStream();
        using (source)
        {
            reader.Open(Context(builder), source);
            while (reader.MoveNext())
            {
                while (reader.BodyLeft > 0 && dice.Next(12) > 0)
                {
                    if (dice.Next(6) == 0)
                    {
                        var size = reader.BodyLeft;
                        read.Write(new ReadOnlySpan<byte>(reader.ReadBody(), size));
                        break;
                    }

                    // Bytes beyond the requested ones differ, and are not compared.
                    var count = Math.Min(reader.BodyLeft, dice.Next(1, 3000));
                    Assert.True(reader.FillBody(count) >= count);
                    count = dice.Next(count + 1);
                    read.Write(new ReadOnlySpan<byte>(reader.Body, count));
                    reader.ConsumeBody(count);
                }
            }
        }

        return read.ToArray();
    }
}
