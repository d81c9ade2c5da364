using IdExtractor.Core.Catalog;
using IdExtractor.Core.Job;
using IdExtractor.Core.Pipeline;
using IdExtractor.Core.Storage.Local;
using IdExtractor.Foundation.Errors;

namespace Embed;

/// <summary>
/// Publishes ids from another program, without a process of its own: TABLE_A TABLE_B OUTPUT.
/// </summary>
internal static class Program
{
    public static async Task<int> Main(string[] words)
    {
        if (words is not [var tableA, var tableB, var output])
        {
            await Console.Error.WriteLineAsync("usage: embed TABLE_A TABLE_B OUTPUT");
            return (int)ExitCode.Usage;
        }

        using var interrupted = new CancellationTokenSource();
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            interrupted.Cancel();
        };
        try
        {
            await PublishAsync(tableA, tableB, output, interrupted.Token);
            ColumnCount.Print(tableB, "id");
            return (int)ExitCode.Done;
        }
        catch (IdExtractorException error)
        {
            // One line that names the place and what to do. It never contains a CPF or an id.
            await Console.Error.WriteLineAsync(error.ToLine());
            return (int)error.ExitCode;
        }
    }

    private static async Task PublishAsync(string tableA, string tableB, string output, CancellationToken cancellationToken)
    {
        var stores = new LocalStoreProvider();
        var progress = new RunProgress();
        var pipeline = new ExtractionPipeline(new PipelineServices
        {
            Stores = stores,
            CatalogOf = reference => new HivePartitionCatalog(stores.OpenFolder(reference)),
            Clock = TimeProvider.System,
            Progress = progress,
            Observer = new ConsoleObserver(),
            RunId = Guid.NewGuid().ToString("n"),
            ToolVersion = "embed 1.0",
        });
        var settings = new ExtractionSettings
        {
            TableA = tableA,
            TableB = tableB,
            Output = output,
            Guards = new PublishGuards { MinIds = 1, MaxDropPercent = 50 },
        };
        var result = await pipeline.ExtractAsync(settings, cancellationToken);
        Console.WriteLine(
            $"{result.Outcome}: {result.File!.TotalIds} ids of partition {result.File.SourcePartition}, md5 {result.File.Md5Checksum}");
        Console.WriteLine($"{progress.RowsMatched} of {progress.RowsScanned} rows matched");
    }

    /// <summary>Prints the steps and the warnings of a run; ignores its other events.</summary>
    private sealed class ConsoleObserver : SilentObserver
    {
        public override void PhaseFinished(RunPhase phase, TimeSpan elapsed) =>
            Console.WriteLine($"{phase} took {elapsed.TotalMilliseconds:F0} ms");

        public override void Warn(string message) => Console.Error.WriteLine($"warning: {message}");
    }
}
