using System.Diagnostics;
using IdExtractor.Testing.Programs;

namespace IdExtractor.Aws.Tests.Faults;

/// <summary>
/// The real process, killed at each request of stage, verify and promote: the server counts them, and sends the signal before it answers. Once with a PutObject and a CopyObject, once with an upload and a copy in
/// parts.
/// </summary>
public sealed class KillTests : IDisposable
{
    /// <summary>AWS Batch kills 30 s after its SIGTERM.</summary>
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(25);

    private static readonly TimeSpan s_aDayAndMore = TimeSpan.FromHours(25);

    private readonly FaultedRun _run = new();

    private FaultServer Server => _run.Server;

    public void Dispose() => _run.Dispose();

    [Theory]
    [InlineData(null)]
    [InlineData(ExtractProcess.InParts)]
    public async Task Extract_TerminatedAtEachRequestOfItsOutput_LeavesAWholeActiveObjectAndNoUpload(string? sizes)
    {
        var requests = await CountRequestsAsync(sizes);
        for (var at = 1; at <= requests; at++)
        {
            var old = _run.ActiveObject!;
            var ended = await RunAsync(sizes, "TERM", at);

            // A signal at the last requests may arrive when the work is already done.
            Assert.True(ended.ExitCode is 143 or 0, $"exit {ended.ExitCode} at request {at}: {ended.Said}");
            _run.AssertWhole();
            if (ended.ExitCode == 0)
                Assert.NotSame(old, _run.ActiveObject);
            Assert.Equal(0, Server.Bucket.OpenUploads);
        }

        // The check of the output begins and aborts uploads too.
        Assert.True(Server.Count("AbortMultipartUpload") > 0);
        await ExpectNextRunAsync(sizes);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(ExtractProcess.InParts)]
    public async Task Extract_KilledAtEachRequestOfItsOutput_LeavesAWholeActiveObjectAndTheNextRunSaysWhatItFound(string? sizes)
    {
        var requests = await CountRequestsAsync(sizes);
        var found = 0;
        for (var at = 1; at <= requests; at++)
        {
            Server.Bucket.UploadsAreOlderBy = TimeSpan.Zero;
            var ended = await RunAsync(sizes, "KILL", at);
            Assert.True(ended.ExitCode == 137, $"exit {ended.ExitCode} at request {at}: {ended.Said}");
            _run.AssertWhole();

            // At once, it cannot be known whether the run still lives.
            var open = Server.Bucket.OpenUploads;
            Assert.Equal(open > 0 ? (0, open) : null, await ExpectNextRunAsync(sizes));
            Assert.Equal(open, Server.Bucket.OpenUploads);
            if (open == 0)
                continue;

            Server.Bucket.UploadsAreOlderBy = s_aDayAndMore;
            Assert.Equal((open, 0), await ExpectNextRunAsync(sizes));
            Assert.Equal(0, Server.Bucket.OpenUploads);
            found += open;
        }

        Assert.True(found > 0);
    }

    private static bool IsOfOutput(FaultRequest request) =>
        request.Key.StartsWith("out/", StringComparison.Ordinal) || request.Query.GetValueOrDefault("prefix", "").StartsWith("out/", StringComparison.Ordinal);

    /// <summary>Requests of an undisturbed run to its output.</summary>
    private async Task<int> CountRequestsAsync(string? sizes)
    {
        await ExpectNextRunAsync(sizes);
        string[] inParts = ["UploadPart", "UploadPartCopy", "CompleteMultipartUpload"];
        Assert.All(inParts, operation => Assert.Equal(sizes is not null, Server.Count(operation) > 1));
        var requests = Server.Log.Count(IsOfOutput);
        Assert.InRange(requests, 8, 60);
        return requests;
    }

    /// <summary>Runs without a signal. The run succeeds with an object of its own.</summary>
    /// <returns>The leftovers that it reported.</returns>
    private async Task<(int Removed, int Left)?> ExpectNextRunAsync(string? sizes)
    {
        var last = _run.ActiveObject;
        var ended = await RunAsync(sizes, null, 0);
        Assert.True(ended.ExitCode == 0, ended.Said);
        Assert.NotSame(last, _run.ActiveObject);
        _run.AssertWhole();
        return ExtractProcess.RemainsOf(ended);
    }

    private async Task<ProcessEnd> RunAsync(string? sizes, string? signal, int at)
    {
        var seen = 0;
        var (id, sent) = (new TaskCompletionSource<int>(), new Stopwatch());
        Server.Before = request =>
        {
            if (signal is not null && IsOfOutput(request) && ++seen == at)
            {
                ExtractProcess.Send(signal, id.Task.Result);
                sent.Start();
            }

            return null;
        };
        using var process = ExtractProcess.Start(Server, "key", sizes);
        id.SetResult(process.Id);
        var ended = await process.EndAsync();
        Assert.True(sent.Elapsed < s_grace, $"It ended {sent.Elapsed} after the signal at request {at}.");
        Server.Before = _ => null;
        return ended;
    }
}
