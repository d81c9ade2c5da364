using IdExtractor.Core.Catalog;
using IdExtractor.Core.Job;
using IdExtractor.Core.Storage;

namespace IdExtractor.Core.Pipeline;

/// <summary>The services that a run depends on, chosen by the program's composition.</summary>
public sealed record PipelineServices
{
    /// <summary>Opens stores by address.</summary>
    public required IStoreProvider Stores { get; init; }

    /// <summary>The catalog of a table reference: <c>glue://…</c> or a folder.</summary>
    public required Func<string, IPartitionCatalog> CatalogOf { get; init; }

    /// <summary>Time.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>The run's counters.</summary>
    public required RunProgress Progress { get; init; }

    /// <summary>Receives the events of the run.</summary>
    public required IRunObserver Observer { get; init; }

    /// <summary>Names the run in metadata and file names.</summary>
    public required string RunId { get; init; }

    /// <summary>Version of this program, for metadata.</summary>
    public required string ToolVersion { get; init; }

    /// <summary>
    /// Options that a <c>promote</c> command needs to reach the output as this run does, as words
    /// of a shell: messages give that command.
    /// </summary>
    public IReadOnlyList<string> PromoteOptions { get; init; } = [];

    /// <summary>The same for a <c>history</c> command.</summary>
    public IReadOnlyList<string> HistoryOptions { get; init; } = [];

    /// <summary>Where spill files go when ids do not fit in memory.</summary>
    public string TempRoot { get; init; } = Path.GetTempPath();
}
