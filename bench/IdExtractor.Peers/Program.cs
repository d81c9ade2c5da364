using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using IdExtractor.Peers;

// The job by the readers of Parquet that a C# developer would try first, written as their
// documentation shows it: IdExtractor.Peers parquetnet|parquetsharp TABLE_A TABLE_B OUT.gz THREADS.
// Prints JSON: seconds inside the process, and the version.
if (args is not [var peer, var tableA, var tableB, var output, var threadText])
{
    await Console.Error.WriteLineAsync("IdExtractor.Peers parquetnet|parquetsharp TABLE_A TABLE_B OUT.gz THREADS");
    return 2;
}

IColumnPairs reader = peer == "parquetnet" ? new ParquetNetPairs() : new ParquetSharpPairs();
var started = Stopwatch.GetTimestamp();
await SemiJoin.RunAsync(reader, FilesOf(tableA), FilesOf(tableB), output, int.Parse(threadText, CultureInfo.InvariantCulture));
var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
Console.WriteLine(JsonSerializer.Serialize(new { inner_s = seconds, version = reader.Version }));
return 0;

static string[] FilesOf(string folder) => Directory.GetFiles(folder, "*.parquet", SearchOption.AllDirectories);
