using System.Diagnostics;
using System.Text.Json;
using IdExtractor.Fuzz.Probing;
using IdExtractor.Testing.Programs;

namespace IdExtractor.Conformance.Tests.Damaged;

/// <summary>
/// Reads files in another process, one after the other, so that neither a crash nor a hang ends the
/// tests: the process is then replaced, and the file has its verdict. Not thread safe.
/// </summary>
internal sealed class ProbeProcess : IDisposable
{
    /// <summary>
    /// What one file may take. Far more than any needs: a busy machine is no hang.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private Process? _process;

    /// <summary>
    /// Reads one file; what has gone wrong with the process itself is reported as a defect.
    /// </summary>
    public async Task<ProbeReport> ReadAsync(string path)
    {
        _process ??= Start();
        await _process.StandardInput.WriteLineAsync(path);
        await _process.StandardInput.FlushAsync();
        string? line;
        try
        {
            line = await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            Stop();
            return Defect(path, $"still reading after {Patience.TotalSeconds} s");
        }

        if (line is not null)
            return JsonSerializer.Deserialize<ProbeReport>(line)!;
        await _process.WaitForExitAsync();
        var exitCode = _process.ExitCode;
        Stop();
        return Defect(path, $"the process died with exit code {exitCode}");
    }

    public void Dispose() => Stop();

    private static ProbeReport Defect(string path, string defect) => new(path, null, defect, [], 0);

    private static Process Start()
    {
        string[] command = [.. TestedProgram.Command(typeof(ProbeReport).Assembly.GetName().Name!), "probe"];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        return Process.Start(start) ?? throw new InvalidOperationException($"{command[0]} does not start");
    }

    private void Stop()
    {
        if (_process is null)
            return;
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
        _process = null;
    }
}
