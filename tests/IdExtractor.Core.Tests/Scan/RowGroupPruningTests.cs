using IdExtractor.Core.Catalog;
using IdExtractor.Core.Collect;
using IdExtractor.Core.Feed;
using IdExtractor.Core.Job;
using IdExtractor.Core.Keys;
using IdExtractor.Core.Plan;
using IdExtractor.Core.Scan;
using IdExtractor.Core.Storage;
using IdExtractor.Core.Storage.Local;
using IdExtractor.Parquet;
using IdExtractor.Parquet.Pages;
using IdExtractor.Testing;
using Xunit;

namespace IdExtractor.Core.Tests.Scan;

/// <summary>Over the sample table, whose six files come from six writers.</summary>
public sealed class RowGroupPruningTests
{
    [Fact]
    public async Task RunAsync_KeyBeyondAllBounds_RulesRowGroupsOutAndCountsTheirRows()
    {
        var plan = await PlanAsync();
        var progress = await ScanAsync(plan, [.. Enumerable.Repeat((byte)0xFF, 14)]);
        Assert.InRange(progress.RowGroupsSkipped, 1, plan.Files.Sum(file => file.RowGroups.Count));
        Assert.Equal(plan.RowCount, progress.RowsScanned);
        Assert.Equal(0, progress.RowsMatched);
    }

    [Fact]
    public async Task RunAsync_OneDocumentOfEachFile_IsFoundWhateverIsRuledOut()
    {
        var plan = await PlanAsync();
        foreach (var file in plan.Files)
        {
            var (document, rows) = await FirstDocumentAsync(plan, file);
            var progress = await ScanAsync(plan, document);
            Assert.Equal(rows, progress.RowsMatched);
        }
    }

    private static async Task<TablePlan> PlanAsync()
    {
        var table = new StoreLocation(new LocalObjectStore(Path.Combine(SourceTree.Root, "samples", "b")), "");
        var selection = await PartitionSearch.SelectAsync(new HivePartitionCatalog(table), null, CancellationToken.None);
        var planner = new TablePlanner(ParquetLimits.Default, 1 << 24);
        return await planner.PlanAsync(selection, new TableRequest { KeyColumn = "documento", IdColumn = "id" }, CancellationToken.None);
    }

    private static async Task<RunProgress> ScanAsync(TablePlan plan, byte[] key)
    {
        var keys = new KeySetBuilder();
        keys.Add(key);
        var progress = new RunProgress();
        using var collector = new IdCollector(new IdCollectorOptions { MemoryBudget = 1 << 20, Shards = 2 });
        await new TableScan(
            plan, keys.Build(), collector, progress, new ScanOptions(NullIdPolicy.Fail, Threads: 2)).RunAsync(CancellationToken.None);
        return progress;
    }

    /// <summary>
    /// The first document of a file, and how many rows of the whole table hold it, by the plain
    /// reader.
    /// </summary>
    private static async Task<(byte[] Document, long Rows)> FirstDocumentAsync(TablePlan plan, PlannedFile wanted)
    {
        byte[]? first = null;
        var rows = 0L;
        foreach (var file in plan.Files.OrderBy(file => file != wanted))
        {
            await using var reader = await file.Store.OpenAsync(file.Object, CancellationToken.None);
            using var source = new ObjectChunkSource(new RunProgress(), CancellationToken.None);
            using var columns = new ColumnReader();
            using var batch = new ColumnBatch();
            foreach (var rowGroup in file.RowGroups)
            {
                var chunk = rowGroup.Chunks[0];
                source.Open(reader, chunk.Offset, chunk.Length);
                columns.Open(new ChunkContext(file.Name, rowGroup.Index, chunk, ParquetLimits.Default), source);
                while (columns.Read(batch))
                {
                    for (var i = 0; i < batch.ValueCount; i++)
                    {
                        first ??= batch.Value(i).ToArray();
                        rows += batch.Value(i).SequenceEqual(first) ? 1 : 0;
                    }
                }
            }
        }

        return (first!, rows);
    }
}
