namespace IdExtractor.Cli.Tests.Hosting;

/// <summary>
/// The program with a <see cref="ScriptedRun"/> in place of the engine: everything before and after
/// it is the product's own code, in a process of its own.
/// </summary>
internal static class ScriptedHost
{
    public static int Main(string[] args) => Program.Run(args, ScriptedRun.RunAsync);
}
