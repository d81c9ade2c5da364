using IdExtractor.Cli.Options;
using IdExtractor.Core.Job;

namespace IdExtractor.Cli;

/// <summary>What a run needs in addition to the settings of its command.</summary>
internal sealed record RunContext
{
    /// <summary>Names the run in metadata and file names.</summary>
    public required string RunId { get; init; }

    /// <summary>Version of this program, for metadata.</summary>
    public required string ToolVersion { get; init; }

    /// <summary>
    /// Every option, for those parts of the engine that are put together only when an address needs
    /// them.
    /// </summary>
    public required OptionValues Options { get; init; }

    /// <summary>Receives the events of the run.</summary>
    public required IRunObserver Observer { get; init; }

    /// <summary>The run's counters.</summary>
    public required RunProgress Progress { get; init; }

    /// <summary>Time.</summary>
    public required TimeProvider Clock { get; init; }
}
