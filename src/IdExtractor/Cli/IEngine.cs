using IdExtractor.Cli.Options;
using IdExtractor.Core.Job;
using IdExtractor.Core.Report;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Cli;

/// <summary>The engine as the commands use it. Errors come as <see cref="IdExtractorException"/>.</summary>
internal interface IEngine
{
    /// <summary>The whole job.</summary>
    Task<RunResult> ExtractAsync(ExtractionSettings settings, CancellationToken cancellationToken);

    /// <summary>What the job would read.</summary>
    Task<RunResult> PlanAsync(ExtractionSettings settings, CancellationToken cancellationToken);

    /// <summary>Checks a file against its metadata.</summary>
    Task<RunResult> VerifyAsync(VerifySettings settings, CancellationToken cancellationToken);

    /// <summary>Makes a stage file active.</summary>
    Task<RunResult> PromoteAsync(PromoteSettings settings, CancellationToken cancellationToken);

    /// <summary>Publishes IDs that another engine found.</summary>
    Task<RunResult> PublishAsync(PublishSettings settings, CancellationToken cancellationToken);
}

/// <summary>Builds the engine of one run.</summary>
internal delegate IEngine EngineFactory(RunContext context);

/// <summary>What every engine needs in addition to the settings of its command.</summary>
internal sealed record RunContext
{
    /// <summary>Names the run in metadata and file names.</summary>
    public required string RunId { get; init; }

    /// <summary>Version of this program, for metadata.</summary>
    public required string ToolVersion { get; init; }

    /// <summary>Every option, for those parts of the engine that are put together only when an address needs them.</summary>
    public required OptionValues Options { get; init; }

    /// <summary>Receives the events of the run.</summary>
    public required IRunObserver Observer { get; init; }

    /// <summary>The run's counters.</summary>
    public required RunProgress Progress { get; init; }

    /// <summary>Time.</summary>
    public required TimeProvider Clock { get; init; }
}
