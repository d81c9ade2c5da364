using System.Text;
using IdExtractor.Core.Job;
using IdExtractor.Core.Promote;
using IdExtractor.Core.Stage;
using IdExtractor.Core.Storage;
using IdExtractor.Core.Tests.Stage;
using IdExtractor.Core.Verify;
using IdExtractor.Testing.Stores;

namespace IdExtractor.Core.Tests.Promote;

/// <summary>
/// Stages, verifies and promotes in a row, as the pipeline does, a small text that identifies its
/// run.
/// </summary>
internal static class PublishScene
{
    public const string ActiveKey = "active/latest.txt.gz";

    private static readonly OutputSettings Settings = new();

    /// <summary>The IDs of a run.</summary>
    public static IReadOnlyList<string> Ids(string partition, string runId) =>
        [.. Enumerable.Range(0, 40).Select(number => $"{partition}-{runId}-{number:00}")];

    /// <summary>The published text of a run.</summary>
    public static string Text(string partition, string runId) => string.Join('\n', Ids(partition, runId));

    public static async Task<StagedFile> StageAsync(IObjectStore store, string partition, string runId, int minute = 0) =>
        await new StageStep(store, Settings, ClockAt(minute)).RunAsync(
            new SortedIdList([.. Ids(partition, runId).Select(Encoding.UTF8.GetBytes)]),
            new StageRequest { SourcePartition = partition, RunId = runId, ToolVersion = "test" });

    public static async Task<VerifiedFile> VerifiedAsync(IObjectStore store, string partition, string runId, int minute = 0) =>
        await new VerifyStep(store).RunAsync(await StageAsync(store, partition, runId, minute));

    public static async Task<Promotion> PromoteAsync(IObjectStore store, VerifiedFile file, PublishGuards? guards = null) =>
        await new PromoteStep(store, Settings, new DatePartitions()).RunAsync(file, guards ?? new PublishGuards());

    /// <summary>All three steps.</summary>
    public static async Task<Promotion> PublishAsync(
        IObjectStore store, string partition, string runId, int minute = 0, PublishGuards? guards = null) =>
        await PromoteAsync(store, await VerifiedAsync(store, partition, runId, minute), guards);

    private static InstantTimeProvider ClockAt(int minute) =>
        new(new DateTimeOffset(2025, 10, 22, 12, 0, 0, TimeSpan.Zero).AddMinutes(minute));
}
