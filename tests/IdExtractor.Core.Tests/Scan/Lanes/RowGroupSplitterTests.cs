using System.Globalization;
using System.Text;
using IdExtractor.Core.Feed;
using IdExtractor.Core.Job;
using IdExtractor.Core.Scan;
using IdExtractor.Core.Scan.Lanes;
using IdExtractor.Core.Storage;
using IdExtractor.Parquet;
using IdExtractor.Parquet.Footer;
using IdExtractor.Parquet.Pages;
using IdExtractor.Testing.Pages;
using IdExtractor.Testing.Stores;
using Xunit;

namespace IdExtractor.Core.Tests.Scan.Lanes;

public sealed class RowGroupSplitterTests
{
    [Theory]
    [InlineData(100, 100, false)]
    [InlineData(100, 300, false)]
    [InlineData(300, 100, true)]
    [InlineData(250, 100, true)]
    public async Task Split_ManyPages_GivesPartsThatReadAsTheWhole(int documentsOfPage, int idsOfPage, bool hasDictionary)
    {
        var file = new File(rows: 3000, documentsOfPage, idsOfPage, hasDictionary);
        await using var reader = await file.OpenAsync();
        var parts = new RowGroupSplitter(partBytes: 3000).Split(file.Task, reader, CancellationToken.None);
        Assert.InRange(parts.Count, 3, 30);
        Assert.Equal(file.Task.RowGroup.RowCount, parts.Sum(part => part.RowGroup.RowCount));
        var documents = new List<string>();
        var ids = new List<string>();
        foreach (var part in parts)
        {
            Assert.True(part.IsPart);
            Assert.Same(part, Assert.Single(new RowGroupSplitter(partBytes: 1).Split(part, reader, CancellationToken.None)));
            documents.AddRange(Read(reader, part.RowGroup.Chunks[0], lead: default));
            ids.AddRange(Read(reader, part.RowGroup.Chunks[1], part.IdsLead));
            Assert.Equal(ids.Count, documents.Count);
        }

        Assert.Equal(file.Documents, documents);
        Assert.Equal(file.Ids, ids);
    }

    [Theory]
    [InlineData(3000, 100)]
    [InlineData(100, 3000)]
    public async Task Split_OnePageInAColumn_LeavesTheRowGroupWhole(int documentsOfPage, int idsOfPage)
    {
        var file = new File(rows: 3000, documentsOfPage, idsOfPage, hasDictionary: false);
        await using var reader = await file.OpenAsync();
        var parts = new RowGroupSplitter(partBytes: 1000).Split(file.Task, reader, CancellationToken.None);
        Assert.Equal(3000, parts.Sum(part => part.RowGroup.RowCount));
        Assert.Single(parts);
    }

    [Fact]
    public async Task Split_FarStore_LeavesTheRowGroupWhole()
    {
        var file = new File(rows: 3000, 100, 100, hasDictionary: false);
        await using var reader = new FarReader(await file.OpenAsync());
        Assert.Same(file.Task, Assert.Single(new RowGroupSplitter(partBytes: 1000).Split(file.Task, reader, CancellationToken.None)));
        Assert.Equal(0, reader.Reads);
    }

    [Fact]
    public async Task Split_DamagedHeaders_LeavesTheRowGroupWholeOrCutsItInsideItsBytes()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var file = new File(rows: 1000, 100, 100, hasDictionary: false);
            for (var i = 0; i < 3; i++)
                file.Bytes[random.Next(file.Bytes.Length)] = (byte)random.Next(256);
            await using var reader = await file.OpenAsync();
            foreach (var part in new RowGroupSplitter(partBytes: 1000).Split(file.Task, reader, CancellationToken.None))
            {
                foreach (var (chunk, whole) in part.RowGroup.Chunks.Zip(file.Task.RowGroup.Chunks))
                {
                    Assert.InRange(chunk.Offset, whole.Offset, whole.Offset + whole.Length);
                    Assert.InRange(chunk.Offset + chunk.Length, whole.Offset, whole.Offset + whole.Length);
                    Assert.InRange(chunk.ValueCount, 0, whole.ValueCount);
                }
            }
        }
    }

    private static List<string> Read(IObjectReader reader, ColumnChunk chunk, FileRange lead)
    {
        using var source = new ObjectChunkSource(new RunProgress(), CancellationToken.None);
        using var columns = new ColumnReader();
        using var batch = new ColumnBatch();
        if (lead.Length > 0)
            source.Open(reader, chunk.Offset, chunk.Length, lead.Offset, lead.Length.Value);
        else
            source.Open(reader, chunk.Offset, chunk.Length);
        columns.Open(new ChunkContext("b.parquet", 0, chunk, ParquetLimits.Default), source);
        var values = new List<string>();
        while (columns.Read(batch))
        {
            for (var i = 0; i < batch.ValueCount; i++)
                values.Add(Encoding.ASCII.GetString(batch.Value(i)));
        }

        return values;
    }

    /// <summary>A file of one row group, as far as the splitter looks at one.</summary>
    private sealed class File
    {
        public File(int rows, int documentsOfPage, int idsOfPage, bool hasDictionary)
        {
            var random = new Random(rows + documentsOfPage);
            Documents =
                [.. Enumerable.Range(0, rows).Select(_ => random.NextInt64(100_000_000_000).ToString("D14", CultureInfo.InvariantCulture))];
            Ids = [.. Enumerable.Range(0, rows).Select(row => $"ID{(hasDictionary ? row % 40 : row)}")];
            var documents = new ChunkBuilder("documento");
            foreach (var page in Documents.Chunk(documentsOfPage))
                documents.AddPlain([.. page.Select(Encoding.ASCII.GetBytes)]);
            var ids = new ChunkBuilder("id");
            if (hasDictionary)
                ids.AddDictionary([.. Enumerable.Range(0, 40).Select(entry => Encoding.ASCII.GetBytes($"ID{entry}"))]);
            foreach (var page in Enumerable.Range(0, rows).Chunk(idsOfPage))
            {
                if (hasDictionary)
                    ids.AddIndices([.. page.Select(row => row % 40)], 6, random);
                else
                    ids.AddPlain([.. page.Select(row => Encoding.ASCII.GetBytes(Ids[row]))]);
            }

            var start = documents.ToArray();
            Bytes = [.. start, .. ids.ToArray()];
            Task = new ScanTask(null!, new RowGroup(0, rows, [documents.ToChunk(), ids.ToChunk(start.Length)]));
        }

        public List<string> Documents { get; }

        public List<string> Ids { get; }

        public byte[] Bytes { get; }

        public ScanTask Task { get; }

        public async Task<IObjectReader> OpenAsync()
        {
            var store = new MemoryObjectStore();
            await using var writer = await store.CreateAsync("b.parquet", new WriteOptions(), CancellationToken.None);
            await writer.AppendAsync(Bytes, CancellationToken.None);
            var stored = await writer.CompleteAsync(new Dictionary<string, string>(), CancellationToken.None);
            return await store.OpenAsync(stored, CancellationToken.None);
        }
    }

    private sealed class FarReader(IObjectReader reader) : IObjectReader
    {
        public int Reads { get; private set; }

        public long Length => reader.Length;

        public ValueTask ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken)
        {
            Reads++;
            return reader.ReadAsync(offset, destination, cancellationToken);
        }

        public ValueTask DisposeAsync() => reader.DisposeAsync();
    }
}
