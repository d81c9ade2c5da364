namespace IdExtractor.Testing.Programs;

/// <summary>
/// The programs that tests run as processes: the built assemblies by the runtime, or what was
/// compiled to native code and published into the folder that <see cref="Variable"/> names.
/// </summary>
internal static class TestedProgram
{
    /// <summary>
    /// Names the folder of native programs; the project's check sets it.
    /// </summary>
    public const string Variable = "IDEXTRACTOR_NATIVE";

    /// <summary>The first words of the command line.</summary>
    /// <param name="name">The program's file name without extension.</param>
    public static string[] Command(string name) =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder
            ? [Path.Combine(folder, name)]
            : [ChildProcess.Dotnet, Path.Combine(AppContext.BaseDirectory, name + ".dll")];
}
