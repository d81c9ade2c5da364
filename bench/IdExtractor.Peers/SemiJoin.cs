using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;

namespace IdExtractor.Peers;

/// <summary>
/// Reads both columns, looks the documents up in a set of keys, and writes the distinct ids. Row
/// groups are shared out to threads.
/// </summary>
internal static class SemiJoin
{
    private const string Prefix = "000";

    public static async Task RunAsync(IColumnPairs reader, string[] tableA, string[] tableB, string output, int threads)
    {
        var keys = new HashSet<string>();
        foreach (var (file, rowGroup) in await RowGroupsOf(reader, tableA))
        {
            foreach (var key in (string?[])await reader.ReadAsync(file, rowGroup, "documento"))
                keys.Add(Prefix + key);
        }

        var numbers = keys.Select(key => long.Parse(key, CultureInfo.InvariantCulture)).ToHashSet();
        var found = new ConcurrentBag<HashSet<object>>();
        await Parallel.ForEachAsync(
            await RowGroupsOf(reader, tableB), new ParallelOptions { MaxDegreeOfParallelism = threads }, async (task, _) =>
        {
            var documents = await reader.ReadAsync(task.File, task.RowGroup, "documento");
            var ids = await reader.ReadAsync(task.File, task.RowGroup, "id");
            found.Add(documents is long?[] integers ? Matches(integers, ids, row => row is { } number && numbers.Contains(number))
                : Matches((string?[])documents, ids, row => row is not null && keys.Contains(row)));
        });

        var distinct = new HashSet<object>();
        foreach (var part in found)
            distinct.UnionWith(part);
        await using var writer = new StreamWriter(new GZipStream(File.Create(output), CompressionLevel.Optimal));
        foreach (var id in distinct)
            await writer.WriteLineAsync(Convert.ToString(id, CultureInfo.InvariantCulture));
    }

    private static HashSet<object> Matches<T>(T[] documents, Array ids, Predicate<T> isKey)
    {
        var matches = new HashSet<object>();
        for (var row = 0; row < documents.Length; row++)
        {
            if (isKey(documents[row]) && ids.GetValue(row) is { } id)
                matches.Add(id);
        }

        return matches;
    }

    private static async Task<List<(string File, int RowGroup)>> RowGroupsOf(IColumnPairs reader, string[] files)
    {
        var all = new List<(string File, int RowGroup)>();
        foreach (var file in files)
        {
            var count = await reader.CountRowGroupsAsync(file);
            all.AddRange(Enumerable.Range(0, count).Select(rowGroup => (file, rowGroup)));
        }

        return all;
    }
}
