using IdExtractor.Parquet;
using IdExtractor.Parquet.Footer;
using IdExtractor.Parquet.Pages;

namespace Embed;

/// <summary>
/// Reads one column of the Parquet files below a folder with the scanner alone, and counts its
/// values.
/// </summary>
internal static class ColumnCount
{
    public static void Print(string folder, string name)
    {
        long values = 0, bytes = 0;
        foreach (var path in Directory.EnumerateFiles(folder, "*.parquet", SearchOption.AllDirectories))
            Add(path, name, ref values, ref bytes);
        Console.WriteLine($"column {name}: {values} values, {bytes} bytes");
    }

    private static void Add(string path, string name, ref long values, ref long bytes)
    {
        var file = File.ReadAllBytes(path);
        var end = file.Length - FooterTail.Length;
        var length = FooterTail.ReadFooterLength(path, file.AsSpan(end), file.Length, ParquetLimits.Default);
        var footer = ParquetFooter.Parse(path, file.Length, file.AsMemory(end - length, length), ParquetLimits.Default);
        var column = footer.Columns.First(column => column.Name == name);
        using var reader = new ColumnReader();
        using var batch = new ColumnBatch();
        foreach (var group in footer.ReadRowGroups([column]))
        {
            using var source = new ArraySource(file, group.Chunks[0]);
            reader.Open(new ChunkContext(path, group.Index, group.Chunks[0], ParquetLimits.Default), source);
            while (reader.Read(batch))
            {
                values += batch.ValueCount;
                for (var i = 0; i < batch.ValueCount; i++)
                    bytes += batch.Value(i).Length;
            }
        }
    }

    /// <summary>The bytes of a chunk of a file that is in memory.</summary>
    private sealed class ArraySource(byte[] file, ColumnChunk chunk) : ChunkSource
    {
        private ReadOnlyMemory<byte> _rest = file.AsMemory((int)chunk.Offset, (int)chunk.Length);

        public override int Read(Memory<byte> destination)
        {
            var count = Math.Min(destination.Length, _rest.Length);
            _rest[..count].CopyTo(destination);
            _rest = _rest[count..];
            return count;
        }

        public override void Skip(long count) => _rest = _rest[(int)count..];
    }
}
