using System.Collections.Concurrent;
using System.Diagnostics;
using IdExtractor.Testing.Programs;

namespace IdExtractor.Pipeline.Tests;

/// <summary>
/// The Python that runs the suites: <c>IDEXTRACTOR_PYTHON</c>, otherwise <c>python3</c>.
/// </summary>
internal static class Python
{
    // support/requirements.py knows what is missing and the command that installs it.
    private const string Check = """
        import sys
        sys.path.insert(0, sys.argv[1])
        from support.requirements import missing
        print(missing(*sys.argv[2:]) or "")
        """;

    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(1);
    private static readonly ConcurrentDictionary<string, string?> s_reasons = new();

    /// <summary>Its name or path.</summary>
    public static string Program { get; } =
        Environment.GetEnvironmentVariable("IDEXTRACTOR_PYTHON") is { Length: > 0 } named ? named : "python3";

    /// <summary>
    /// Nothing may be skipped: <c>CI</c> is <c>true</c>, or <c>IDEXTRACTOR_REQUIRE_EMULATOR</c> is
    /// set.
    /// </summary>
    public static bool IsMandatory =>
        Environment.GetEnvironmentVariable("CI") == "true"
        || Environment.GetEnvironmentVariable("IDEXTRACTOR_REQUIRE_EMULATOR") is { Length: > 0 };

    /// <summary>
    /// Why a suite with these needs cannot run, and the command that installs what is missing; null
    /// if it can, or must.
    /// </summary>
    public static string? SkipReason(IReadOnlyList<string> needs) =>
        IsMandatory ? null : s_reasons.GetOrAdd(string.Join(' ', needs), _ => Missing(needs));

    /// <summary>
    /// Runs a suite to its end, with the tested extractor as <c>IDEXTRACTOR_PROGRAM</c>: a DLL, or
    /// a native program.
    /// </summary>
    /// <param name="suite">The suite.</param>
    /// <param name="limit">It is killed after this long.</param>
    public static async Task<ProcessEnd> RunAsync(Suite suite, TimeSpan limit)
    {
        var variables = new Dictionary<string, string>
        {
            ["PYTHONDONTWRITEBYTECODE"] = "1",
            ["IDEXTRACTOR_PROGRAM"] = TestedProgram.Command("idextractor")[^1],
        };
        // env keeps the variables from leaking into other tests of this process.
        var words = variables.Select(variable => $"{variable.Key}={variable.Value}").Append(Program).Concat(suite.Command());
        return await ChildProcess.RunAsync("env", words, limit, RepositoryRoot.Path);
    }

    private static string? Missing(IReadOnlyList<string> needs)
    {
        try
        {
            var start = new ProcessStartInfo(Program, ["-c", Check, Suite.Folder, .. needs])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using var process = Process.Start(start)!;
            var complaints = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEndAsync();
            if (!process.WaitForExit(s_limit))
                process.Kill();
            process.WaitForExit();
            if (process.ExitCode != 0)
                return $"{Program} cannot run the suites: {complaints.Result.Trim().Split('\n')[^1]}";
            return output.Result.Trim() is { Length: > 0 } reason ? reason : null;
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            return $"{Program} does not start (install Python 3.11, or name one in IDEXTRACTOR_PYTHON): {error.Message}";
        }
    }
}
