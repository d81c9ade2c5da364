using IdExtractor.Core.Report;

namespace IdExtractor.Cli.Commands;

/// <summary>A command whose options have become settings: it only has to be run.</summary>
internal sealed class BoundCommand
{
    private readonly Func<Engine, CancellationToken, Task<RunResult>> _run;

    private BoundCommand(object settings, Func<Engine, CancellationToken, Task<RunResult>> run) => (Settings, _run) = (settings, run);

    /// <summary>The record of settings that the engine gets.</summary>
    public object Settings { get; }

    /// <summary>A command with its settings, and the work that it does with them.</summary>
    public static BoundCommand Of<T>(T settings, Func<Engine, T, CancellationToken, Task<RunResult>> run)
        where T : notnull => new(settings, (engine, cancellationToken) => run(engine, settings, cancellationToken));

    /// <summary>Does the work.</summary>
    public Task<RunResult> RunAsync(Engine engine, CancellationToken cancellationToken) => _run(engine, cancellationToken);
}

/// <summary>Puts the parts of a run together and runs its command.</summary>
internal delegate Task<RunResult> CommandRunner(BoundCommand command, RunContext context, CancellationToken cancellationToken);
