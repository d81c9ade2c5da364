using IdExtractor.Core.Errors;

namespace IdExtractor.Cli;

/// <summary>Where the engine is put together; the only file of the command line that knows which stores and catalogs there are.</summary>
internal static class Composition
{
    /// <summary>The engine of a run.</summary>
    public static IEngine CreateEngine(RunContext context) => throw new ConfigurationException("this build has no engine");
}
