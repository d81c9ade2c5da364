using IdExtractor.Core.Job;
using IdExtractor.Core.Report;

namespace IdExtractor.Cli.Tests.Hosting;

/// <summary>Does nothing but record its calls.</summary>
internal sealed class RecordingEngine : IEngine
{
    /// <summary>The settings of the last call.</summary>
    public object? Settings { get; private set; }

    /// <summary>The name of the last call.</summary>
    public string? Called { get; private set; }

    public Task<RunResult> ExtractAsync(ExtractionSettings settings, CancellationToken cancellationToken) => Remember("extract", settings);

    public Task<RunResult> PlanAsync(ExtractionSettings settings, CancellationToken cancellationToken) => Remember("plan", settings);

    public Task<RunResult> VerifyAsync(VerifySettings settings, CancellationToken cancellationToken) => Remember("verify", settings);

    public Task<RunResult> PromoteAsync(PromoteSettings settings, CancellationToken cancellationToken) => Remember("promote", settings);

    public Task<RunResult> PublishAsync(PublishSettings settings, CancellationToken cancellationToken) => Remember("publish", settings);

    private Task<RunResult> Remember(string called, object settings)
    {
        (Called, Settings) = (called, settings);
        return Task.FromResult(ScriptedEngine.Published);
    }
}
