using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using IdExtractor.Aws.S3;
using IdExtractor.Testing.Programs;
using IdExtractor.Testing.S3;

namespace IdExtractor.Aws.Tests.Faults;

/// <summary>
/// The real program, extracting the samples from a <see cref="FaultServer"/> to it, with its log as
/// JSON.
/// </summary>
internal sealed class ExtractProcess : IDisposable
{
    /// <summary>
    /// Sizes by which the few ids of the samples are uploaded and copied in parts.
    /// </summary>
    public const string InParts = "put:100,part:200,copy:100,copy-part:200";

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Task<string[]> _said;

    private ExtractProcess(Process process)
    {
        _process = process;
        _said = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
    }

    /// <summary>Its number.</summary>
    public int Id => _process.Id;

    /// <summary>Starts it.</summary>
    /// <param name="server">Where tables and output are.</param>
    /// <param name="accessKey">Signs its requests.</param>
    /// <param name="sizes">Sizes of uploads and copies; null for the usual ones.</param>
    /// <param name="words">More words of its command line.</param>
    public static ExtractProcess Start(FaultServer server, string accessKey, string? sizes, params string[] words)
    {
        string[] command = TestedProgram.Command("idextractor");
        var start = new ProcessStartInfo(
            command[0],
            [
                .. command[1..], "extract", "--table-a", "s3://bucket/a/", "--table-b", "s3://bucket/b/", "--output", "s3://bucket/out/",
                "--endpoint-url", server.Address, "--path-style", "--region", "us-east-1", "--quiet", "--log", "json", "--threads", "1",
                .. words,
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["AWS_ACCESS_KEY_ID"] = accessKey;
        start.Environment["AWS_SECRET_ACCESS_KEY"] = "secret";
        start.Environment.Remove("AWS_SESSION_TOKEN");
        start.Environment[S3Sizes.Variable] = sizes;
        return new ExtractProcess(Process.Start(start)!);
    }

    /// <summary>Sends it a signal, and returns once that is sent.</summary>
    public static void Send(string signal, int process)
    {
        using var kill = Process.Start("kill", ["-s", signal, process.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Waits for its end.</summary>
    public async Task<ProcessEnd> EndAsync()
    {
        try
        {
            await _process.WaitForExitAsync().WaitAsync(s_limit);
        }
        catch (TimeoutException)
        {
            _process.Kill();
            throw new TimeoutException($"It still ran after {s_limit}; it said: {string.Concat(await _said)}");
        }

        var texts = await _said;
        return new ProcessEnd(_process.ExitCode, texts[0], texts[1]);
    }

    /// <summary>
    /// Leftovers of killed runs that a run reported as removed and as left; null when it reported
    /// none.
    /// </summary>
    public static (int Removed, int Left)? RemainsOf(ProcessEnd end)
    {
        foreach (var line in end.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var document = JsonDocument.Parse(line);
            var entry = document.RootElement;
            if (entry.GetProperty("event").GetString() == "stage.remains")
                return (
                    entry.GetProperty("fields").GetProperty("removed").GetInt32(),
                    entry.GetProperty("fields").GetProperty("left").GetInt32());
        }

        return null;
    }

    public void Dispose() => _process.Dispose();
}
