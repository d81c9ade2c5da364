using System.Globalization;
using System.Text;
using IdExtractor.Core.Keys;
using IdExtractor.Core.Scan.Lanes;
using IdExtractor.Core.Scan.Match;
using IdExtractor.Foundation.Errors;
using IdExtractor.Foundation.Memory;
using IdExtractor.Parquet;
using IdExtractor.Parquet.Kernels;
using IdExtractor.Parquet.Pages;
using IdExtractor.Testing.Pages;
using Xunit;

namespace IdExtractor.Core.Tests.Scan.Lanes;

/// <summary>Pages read through windows, compared with the same pages read whole.</summary>
public sealed unsafe class KeyChunkScannerTests
{
    [Theory]
    [InlineData(CompressionCodec.Snappy, 1, 1)]
    [InlineData(CompressionCodec.Snappy, 300, 9)]
    [InlineData(CompressionCodec.Snappy, 300, 17)]
    [InlineData(CompressionCodec.Snappy, 40_000, 16)]
    [InlineData(CompressionCodec.Lz4Raw, 300, 9)]
    [InlineData(CompressionCodec.Lz4Raw, 40_000, 16)]
    public void Step_DictionaryPages_FindsTheRowsOfTheTwin(CompressionCodec codec, int entryCount, int width)
    {
        for (var seed = 0; seed < 12; seed++)
        {
            var random = new Random(seed);
            var entries = Documents(random, entryCount);
            var builder = new ChunkBuilder("documento", codec).AddDictionary(entries);
            for (var page = 0; page < 3; page++)
                builder.AddIndices(Indices(random, entryCount, random.Next(1, 60_000)), width, random);

            // Writers go over to plain values when a dictionary has grown too large.
            builder.AddPlain([.. entries.Take(500).Select((entry, i) => i % 7 == 0 ? null : entry)]);
            AssertSame(builder, Keys(entries.Where((_, i) => i % 50 == 0)), random, seed);
        }
    }

    [Theory]
    [InlineData(CompressionCodec.Snappy)]
    [InlineData(CompressionCodec.Lz4Raw)]
    public void Step_PlainPagesWithNullsAndManyLengths_FindsTheRowsOfTheTwin(CompressionCodec codec)
    {
        for (var seed = 0; seed < 12; seed++)
        {
            var random = new Random(seed);
            var documents = Documents(random, 30_000);
            var rows = documents.Select(document => random.Next(10) switch
            {
                0 => null,
                1 => document[..random.Next(14)],
                2 => [.. document, .. document[..random.Next(14)]],
                _ => document,
            }).ToArray();
            AssertSame(
                new ChunkBuilder("documento", codec).AddPlain(rows).AddPlain([.. rows.Reverse()]),
                Keys(documents.Where((_, i) => i % 90 == 0)), random, seed);
        }
    }

    [Fact]
    public void Step_NoEntryIsAKey_PassesThePagesOver()
    {
        var random = new Random(1);
        var builder = new ChunkBuilder("documento").AddDictionary(Documents(random, 100)).AddIndices(Indices(random, 100, 1000), 7, random);
        var (rows, _) = Scan(builder, Keys([new byte[14]]), maySlide: true, builder.ToArray());
        Assert.Empty(rows);
    }

    [Theory]
    [InlineData(101, 7)]
    [InlineData(127, 7)]
    [InlineData(70_000, 17)]
    public void Step_PositionBeyondTheDictionary_IsRefused(int position, int width)
    {
        var random = new Random(1);
        var entries = Documents(random, 101);
        var builder = new ChunkBuilder("documento").AddDictionary(entries).AddIndices([5, 6, position, 7], width, random);
        foreach (var maySlide in new[] { false, true })
            Assert.Throws<CorruptFileException>(() => Scan(builder, Keys(entries), maySlide, builder.ToArray()));
    }

    [Theory]
    [InlineData(CompressionCodec.Snappy)]
    [InlineData(CompressionCodec.Lz4Raw)]
    public void Step_DamagedBytes_EndsAsTheTwinOrRefuses(CompressionCodec codec)
    {
        for (var seed = 0; seed < 150; seed++)
        {
            var random = new Random(seed);
            var entries = Documents(random, 60);
            var builder = new ChunkBuilder("documento", codec).AddDictionary(entries).AddIndices(Indices(random, 60, 500), 6, random);
            var bytes = builder.ToArray();
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            var whole = Outcome(builder, bytes, Keys(entries), maySlide: false);
            var sliding = Outcome(builder, bytes, Keys(entries), maySlide: true);
            Assert.True(whole == sliding, $"seed {seed}: {whole} and {sliding}");
        }
    }

    [Theory]
    [InlineData(CompressionCodec.Snappy)]
    [InlineData(CompressionCodec.Lz4Raw)]
    public void Step_DamagedPageThatSlides_EndsAsTheTwinOrRefuses(CompressionCodec codec)
    {
        var documents = Documents(new Random(1), 40_000);
        var builder = new ChunkBuilder("documento", codec).AddPlain(documents);
        var keys = Keys(documents.Where((_, i) => i % 90 == 0));
        var sound = builder.ToArray();
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            byte[] bytes = [.. sound];
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            var whole = Outcome(builder, bytes, keys, maySlide: false);
            var sliding = Outcome(builder, bytes, keys, maySlide: true);
            Assert.True(
                whole == sliding, $"seed {seed}: {whole[..Math.Min(whole.Length, 200)]} and {sliding[..Math.Min(sliding.Length, 200)]}");
        }
    }

    [Fact]
    public void Step_Lz4PageOfManyWindows_FitsIntoLessMemoryThanThePage()
    {
        var documents = Documents(new Random(1), 100_000);
        var builder = new ChunkBuilder("documento", CompressionCodec.Lz4Raw).AddPlain(documents);
        var context = new ChunkContext("b.parquet", 0, builder.ToChunk(), ParquetLimits.Default) { Memory = new MemoryBudget(1 << 20) };
        using var scanner = new KeyChunkScanner();
        using var source = new BytesChunkSource(builder.ToArray());
        var found = new RowSet();
        Assert.Equal(
            LaneStep.Done,
            Scan(scanner, context, source, KeyMatcher.For(builder.ToChunk().Column, Keys(documents.Take(1000))), found, maySlide: true));
        Assert.Equal(1000, found.Count);
    }

    private static void AssertSame(ChunkBuilder builder, KeySet keys, Random random, int seed)
    {
        var bytes = builder.ToArray();
        var (expected, expectedNulls) = Scan(builder, keys, maySlide: false, bytes);
        var (rows, nulls) = Scan(builder, keys, maySlide: true, bytes, random.Next(1, 5000));
        Assert.True(expected.SequenceEqual(rows), $"seed {seed}");
        Assert.True(expected.Count > 0 && expectedNulls == nulls, $"seed {seed}");
        foreach (var maySlide in new[] { false, true })
        {
            var pieceBytes = random.Next(1, random.Next(2) == 0 ? 5000 : 200_000);
            using var lender = new LendingChunkSource(bytes, pieceBytes);
            var (lentRows, lentNulls) = Scan(builder, keys, maySlide, bytes, lender);
            Assert.True(
                expected.SequenceEqual(lentRows) && expectedNulls == lentNulls, $"seed {seed}: lent in pieces of {pieceBytes} bytes");
        }
    }

    private static string Outcome(ChunkBuilder builder, byte[] bytes, KeySet keys, bool maySlide)
    {
        try
        {
            return string.Join(' ', Scan(builder, keys, maySlide, bytes).Rows);
        }
        catch (IdExtractorException error)
        {
            return error.GetType().Name;
        }
    }

    private static (List<long> Rows, long Nulls) Scan(
        ChunkBuilder builder, KeySet keys, bool maySlide, byte[] bytes, int mostAtOnce = int.MaxValue)
    {
        using var source = new BytesChunkSource(bytes, mostAtOnce);
        return Scan(builder, keys, maySlide, bytes, source);
    }

    private static (List<long> Rows, long Nulls) Scan(ChunkBuilder builder, KeySet keys, bool maySlide, byte[] bytes, ChunkSource source)
    {
        using var scanner = new KeyChunkScanner();
        var (chunk, found, rows) = (builder.ToChunk(), new RowSet(), new List<long>());
        if (
            Scan(
                scanner, new ChunkContext("b.parquet", 0, chunk, ParquetLimits.Default), source, KeyMatcher.For(chunk.Column, keys), found,
                maySlide) == LaneStep.Restart)
            return Scan(builder, keys, maySlide: false, bytes);
        for (var row = found.NextFrom(0); row >= 0; row = found.NextFrom(row + 1))
            rows.Add(row);
        return (rows, scanner.NullDocuments);
    }

    /// <summary>Continues to the end, or to where only reading whole pages helps.</summary>
    private static LaneStep Scan(
        KeyChunkScanner scanner, ChunkContext context, ChunkSource source, KeyMatcher matcher, RowSet rows, bool maySlide)
    {
        scanner.Begin(context, source, matcher, rows, maySlide);
        LaneStep step;
        while ((step = scanner.Step()) == LaneStep.WantsKernel)
        {
            var stream = scanner.Stream;
            LockStep.Run(&stream, 1);
        }

        return step;
    }

    private static byte[][] Documents(Random random, int count) =>
        [.. Enumerable.Range(0, count)
            .Select(_ => Encoding.ASCII.GetBytes(random.NextInt64(100_000_000_000).ToString("D14", CultureInfo.InvariantCulture)))];

    private static int[] Indices(Random random, int entryCount, int count)
    {
        var indices = new int[count];
        for (var i = 0; i < count; i++)
            indices[i] = i > 0 && random.Next(3) == 0 ? indices[i - 1] : random.Next(-entryCount / 10, entryCount);
        return indices;
    }

    private static KeySet Keys(IEnumerable<byte[]> documents)
    {
        var keys = new KeySetBuilder();
        foreach (var document in documents)
            keys.Add(document);
        return keys.Build();
    }
}
