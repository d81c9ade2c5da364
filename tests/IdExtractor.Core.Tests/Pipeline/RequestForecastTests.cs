using System.Runtime.CompilerServices;
using IdExtractor.Core.Catalog;
using IdExtractor.Core.Job;
using IdExtractor.Core.Pipeline;
using IdExtractor.Core.Report;
using IdExtractor.Core.Storage;
using IdExtractor.Testing.Stores;
using Xunit;

namespace IdExtractor.Core.Tests.Pipeline;

/// <summary>
/// The requests that <c>plan</c> forecasts, compared with those that a run sends to its stores.
/// </summary>
public sealed class RequestForecastTests : IDisposable
{
    /// <summary>Requests for the ids of the samples: one per row group.</summary>
    private const int IdRequests = 6;

    private readonly string _output = Directory.CreateTempSubdirectory("idextractor-forecast-").FullName;

    public void Dispose() => Directory.Delete(_output, recursive: true);

    [Theory]
    [InlineData("a")]
    [InlineData("a.csv")]
    public async Task Forecast_OfTheSamples_IsWhatARunAsks(string tableA)
    {
        var people = Path.Combine(Samples(), "a");
        if (tableA == "a.csv")
            await File.WriteAllTextAsync(people = Path.Combine(_output, tableA), "documento\n11144477735\n");
        var settings = new ExtractionSettings
        {
            TableA = people,
            TableB = Path.Combine(Samples(), "b"),
            Output = Path.Combine(_output, "out"),
            Threads = 1,
            Guards = new PublishGuards { AllowEmpty = true }
        };
        var cost = new ReadCost(TimeSpan.FromMilliseconds(1), 1 << 20);
        var forecast = (await Pipeline(new RecordingStores(cost)).PlanAsync(settings, CancellationToken.None)).Plan!.Forecast!;
        var asked = new RecordingStores(cost);

        await Pipeline(asked).ExtractAsync(settings, CancellationToken.None);

        // A copy in S3 is three requests: a look at the source, the copy, a look at what came of
        // it. Opening is none.
        var copies = asked.Count(StoreOperation.Copy);
        Assert.Equal(
            (asked.Count(StoreOperation.List, StoreOperation.ListFolders, StoreOperation.RemoveAbandoned),
                asked.Count(StoreOperation.Head) + (2 * copies), asked.Count(StoreOperation.Complete), copies),
            (
                forecast.Count(RequestKind.List), forecast.Count(RequestKind.Head), forecast.Count(RequestKind.Put),
                forecast.Count(RequestKind.Copy)));

        // The list has one key, which no row has, so that no ids are read. The samples have a match
        // in each row group.
        var ids = tableA == "a" ? 0 : IdRequests;
        Assert.Equal(asked.Count(StoreOperation.Read), forecast.Count(RequestKind.Get) - ids);
    }

    [Fact]
    public void Price_IsThatOfEachKind()
    {
        RequestForecast Of(RequestKind kind) => new([new StepRequests(RunPhase.Plan, kind, 1_000_000)]);

        Assert.Equal(
            [0.4m, 0.4m, 5m, 5m, 5m, 1m],
            Enum.GetValues<RequestKind>().Select(kind => RequestPrices.Of(Of(kind))));
    }

    private static ExtractionPipeline Pipeline(RecordingStores stores) => new(new PipelineServices
    {
        Stores = stores,
        CatalogOf = reference => new HivePartitionCatalog(stores.OpenFolder(reference)),
        Clock = TimeProvider.System,
        Progress = new RunProgress(),
        Observer = new RunRecorder(TimeProvider.System),
        RunId = "forecast",
        ToolVersion = "test",
    });

    private static string Samples([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "samples");
}
