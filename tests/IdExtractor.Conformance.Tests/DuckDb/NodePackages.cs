using IdExtractor.Testing.Programs;

namespace IdExtractor.Conformance.Tests.DuckDb;

/// <summary>
/// Node, npm and the packages of the lock file, installed once next to the built tests.
/// </summary>
internal static class NodePackages
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "DuckDb");
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(10);
    private static readonly Lazy<Task> Installed = new(InstallAsync);

    /// <summary>Why nothing can run; null when it can, or must.</summary>
    public static string? SkipReason { get; } = TestInput.IsMandatory || (IsOnPath("node") && IsOnPath("npm"))
        ? null
        : "node or npm is not on the path";

    /// <summary>Runs a script of the folder to its end.</summary>
    /// <exception cref="InvalidOperationException">It fails, or npm does.</exception>
    public static async Task RunAsync(string script, params string[] arguments)
    {
        await Installed.Value;
        await RunProcessAsync("node", [script, .. arguments]);
    }

    private static async Task InstallAsync()
    {
        var mark = Path.Combine(Folder, "node_modules", ".package-lock.json");
        if (!File.Exists(mark) || File.GetLastWriteTimeUtc(mark) < File.GetLastWriteTimeUtc(Path.Combine(Folder, "package-lock.json")))
            await RunProcessAsync("npm", ["ci", "--no-audit", "--no-fund"]);
    }

    private static async Task RunProcessAsync(string program, string[] arguments)
    {
        var end = await ChildProcess.RunAsync(program, arguments, s_limit, Folder);
        if (end.ExitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {end.ExitCode}: {end.Said}");
    }

    private static bool IsOnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(
            folder => File.Exists(Path.Combine(folder, program)) || File.Exists(Path.Combine(folder, $"{program}.exe")) || File
                .Exists(Path.Combine(folder, $"{program}.cmd")));
}

/// <summary>A fact that needs node and npm.</summary>
internal sealed class NodeFactAttribute : FactAttribute
{
    public NodeFactAttribute() => Skip = NodePackages.SkipReason;
}
