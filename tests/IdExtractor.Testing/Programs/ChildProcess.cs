using System.Diagnostics;

namespace IdExtractor.Testing.Programs;

/// <summary>Runs other programs to their end.</summary>
internal static class ChildProcess
{
    /// <summary>The runtime that runs built assemblies.</summary>
    public static string Dotnet => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    /// <summary>Runs a program and collects its output.</summary>
    /// <param name="program">Name or path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="limit">It is killed after this long.</param>
    /// <param name="folder">Where it runs; null for here.</param>
    /// <exception cref="TimeoutException">It took too long.</exception>
    public static async Task<ProcessEnd> RunAsync(string program, IEnumerable<string> arguments, TimeSpan limit, string? folder = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? ""
        };

        // The JIT runtime creates a large file at startup unless this setting is off. A limit on
        // file sizes would not allow that.
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} does not start");
        process.StandardInput.Close();
        var said = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            await process.WaitForExitAsync().WaitAsync(limit);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} still ran after {limit.TotalSeconds} s; it said: {string.Concat(await said)}");
        }

        var texts = await said;
        return new ProcessEnd(process.ExitCode, texts[0], texts[1]);
    }
}

/// <summary>How a program ended.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">What it wrote to standard output.</param>
/// <param name="Error">What it wrote to standard error.</param>
internal sealed record ProcessEnd(int ExitCode, string Output, string Error)
{
    /// <summary>All of its output.</summary>
    public string Said => Output + Error;
}
