using System.Diagnostics;
using System.Globalization;
using IdExtractor.Conformance.Tests;

namespace IdExtractor.Aws.Tests.Faults;

/// <summary>The real process, killed at each request of stage, verify and promote: the server counts them, and sends the signal before it answers.</summary>
public sealed class KillTests : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    private readonly FaultedRun _run = new();

    public void Dispose() => _run.Dispose();

    [Theory]
    [InlineData("KILL", 137)]
    [InlineData("TERM", 143)]
    public async Task Extract_KilledAtEachRequestOfItsOutput_LeavesAWholeActiveObject(string signal, int exitCode)
    {
        Assert.Equal(0, await RunAsync(null, 0));
        var requests = _run.Server.Log.Count(IsOfOutput);
        Assert.InRange(requests, 6, 30);

        for (var at = 1; at <= requests; at++)
        {
            var old = _run.ActiveObject!;
            var ended = await RunAsync(signal, at);

            // A signal at the last requests may come when the work is done all the same.
            Assert.True(ended == exitCode || (ended == 0 && signal == "TERM"), $"exit {ended} at request {at}");
            _run.AssertWhole();
            if (ended == 0)
                Assert.NotSame(old, _run.ActiveObject);
            Assert.Equal(0, _run.Server.Bucket.OpenUploads);
        }

        var last = _run.ActiveObject!;
        Assert.Equal(0, await RunAsync(null, 0));
        Assert.NotSame(last, _run.ActiveObject);
        _run.AssertWhole();
    }

    private static bool IsOfOutput(FaultRequest request) => request.Key.StartsWith("out/", StringComparison.Ordinal);

    private async Task<int> RunAsync(string? signal, int at)
    {
        var start = new ProcessStartInfo(ChildProcess.Dotnet) { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] words =
        [
            Path.Combine(AppContext.BaseDirectory, "idextractor.dll"), "extract", "--table-a", "s3://bucket/a/", "--table-b", "s3://bucket/b/", "--output", "s3://bucket/out/",
            "--endpoint-url", _run.Server.Address, "--path-style", "--region", "us-east-1", "--quiet", "--threads", "1",
        ];
        foreach (var word in words)
            start.ArgumentList.Add(word);
        start.Environment["AWS_ACCESS_KEY_ID"] = "key";
        start.Environment["AWS_SECRET_ACCESS_KEY"] = "secret";
        start.Environment.Remove("AWS_SESSION_TOKEN");

        var seen = 0;
        var id = new TaskCompletionSource<int>();
        _run.Server.Before = request =>
        {
            if (signal is not null && IsOfOutput(request) && ++seen == at)
                Send(signal, id.Task.Result);
            return null;
        };
        using var process = Process.Start(start)!;
        id.SetResult(process.Id);
        var said = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            await process.WaitForExitAsync().WaitAsync(s_limit);
        }
        catch (TimeoutException)
        {
            process.Kill();
            throw new TimeoutException($"It still ran after {s_limit}; it said: {string.Concat(await said)}");
        }

        _run.Server.Before = _ => null;
        return process.ExitCode;
    }

    private static void Send(string signal, int process)
    {
        using var kill = Process.Start("kill", ["-s", signal, process.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }
}
