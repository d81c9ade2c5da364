using System.Diagnostics;
using IdExtractor.Testing.Programs;

namespace IdExtractor.Aws.Tests.Jobs;

/// <summary>
/// The built program as a process, with nothing of AWS in its environment but what is given.
/// </summary>
internal static class BuiltProgram
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    /// <summary>Runs it to its end.</summary>
    /// <param name="environment">Variables that it finds.</param>
    /// <param name="words">Its command line.</param>
    public static async Task<ProcessEnd> RunAsync(IReadOnlyDictionary<string, string> environment, params string[] words)
    {
        string[] command = [.. TestedProgram.Command("idextractor"), .. words, "--quiet"];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys
            .Where(name => name.StartsWith("AWS_", StringComparison.Ordinal) || name.StartsWith("IDEXTRACTOR_", StringComparison.Ordinal))
                .ToArray())
            start.Environment.Remove(name);

        // Neither the machine's profile nor its metadata service is asked.
        start.Environment["AWS_EC2_METADATA_DISABLED"] = "true";
        start.Environment["AWS_SHARED_CREDENTIALS_FILE"] = start.Environment["AWS_CONFIG_FILE"] = Path.Combine(
            AppContext.BaseDirectory, "no-such-file");
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var said = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            await process.WaitForExitAsync().WaitAsync(s_limit);
        }
        catch (TimeoutException)
        {
            process.Kill();
            throw;
        }

        var texts = await said;
        return new ProcessEnd(process.ExitCode, texts[0], texts[1]);
    }
}
