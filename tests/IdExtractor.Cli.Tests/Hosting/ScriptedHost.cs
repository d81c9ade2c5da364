namespace IdExtractor.Cli.Tests.Hosting;

/// <summary>
/// The program with a <see cref="ScriptedEngine"/> in place of the real one: everything before and after the engine is the product's own code, in a process of its own.
/// </summary>
internal static class ScriptedHost
{
    public static int Main(string[] args) => Program.Run(args, context => new ScriptedEngine(context));
}
