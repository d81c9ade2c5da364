using System.Diagnostics;
using System.Text.Json;

namespace IdExtractor.Aws.Tests.Emulator;

/// <summary>
/// The emulator as a process of its own, on a free loopback port. Its standard input ties it to
/// this process: when that closes, however this process ends, the emulator ends too.
/// </summary>
internal sealed class EmulatorProcess : IDisposable
{
    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private EmulatorProcess(Process process, int port)
    {
        _process = process;
        Address = new Uri($"http://127.0.0.1:{port}");
    }

    /// <summary>Where it listens, for S3 in path style and for Glue alike.</summary>
    public Uri Address { get; }

    /// <summary>Starts it, and returns once it listens.</summary>
    /// <exception cref="InvalidOperationException">It ended instead; the message holds its
    /// output.</exception>
    /// <exception cref="TimeoutException">It did not listen in time.</exception>
    public static async Task<EmulatorProcess> StartAsync()
    {
        var start = new ProcessStartInfo(Python.Program, [Path.Combine(AppContext.BaseDirectory, "Emulator", "emulator.py")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        var process = Process.Start(start) ?? throw new InvalidOperationException("The emulator does not start.");
        var complaints = process.StandardError.ReadToEndAsync();
        try
        {
            var line = await process.StandardOutput.ReadLineAsync().WaitAsync(s_startLimit);
            if (line is null)
                throw new InvalidOperationException($"The emulator ended at its start; it said: {await complaints}");
            using var told = JsonDocument.Parse(line);
            return new EmulatorProcess(process, told.RootElement.GetProperty("port").GetInt32());
        }
        catch
        {
            Stop(process);
            throw;
        }
    }

    /// <summary>Ends it.</summary>
    public void Dispose() => Stop(_process);

    private static void Stop(Process process)
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }
}
