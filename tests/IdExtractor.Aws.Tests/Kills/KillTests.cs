using System.Diagnostics;
using IdExtractor.Aws.Tests.Faults;
using IdExtractor.Testing.Programs;
using IdExtractor.Testing.S3;

namespace IdExtractor.Aws.Tests.Kills;

/// <summary>
/// The real process, killed at each request of stage, verify and promote: the server counts them,
/// and sends the signal before it answers. Once with a PutObject and a CopyObject, once with an
/// upload and a copy in parts: a class each, so that they run at the same time.
/// </summary>
/// <param name="sizes">Sizes of uploads and copies; null for the usual ones.</param>
public abstract class KillTests(string? sizes) : IDisposable
{
    /// <summary>AWS Batch kills 30 s after its SIGTERM.</summary>
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(25);

    private static readonly TimeSpan s_aDayAndMore = TimeSpan.FromHours(25);

    private readonly FaultedRun _run = new();

    private FaultServer Server => _run.Server;

    public void Dispose()
    {
        _run.Dispose();
        GC.SuppressFinalize(this);
    }

    protected async Task TerminateAtEachRequestAsync()
    {
        var requests = await CountRequestsAsync();
        for (var at = 1; at <= requests; at++)
        {
            var old = _run.ActiveObject!;
            var ended = await RunAsync("TERM", at);

            // A signal at the last requests may arrive when the work is already done.
            Assert.True(ended.ExitCode is 143 or 0, $"exit {ended.ExitCode} at request {at}: {ended.Said}");
            _run.AssertWhole();
            if (ended.ExitCode == 0)
                Assert.NotSame(old, _run.ActiveObject);
            Assert.Equal(0, Server.Bucket.OpenUploads);
        }

        Assert.Equal(sizes is not null, Server.Count("AbortMultipartUpload") > 0);
        await ExpectNextRunAsync();
    }

    protected async Task KillAtEachRequestAsync()
    {
        var requests = await CountRequestsAsync();
        var (found, ofCheck) = (0, 0);
        for (var at = 1; at <= requests; at++)
        {
            Server.Bucket.UploadsAreOlderBy = TimeSpan.Zero;
            var ended = await RunAsync("KILL", at);
            Assert.True(ended.ExitCode == 137, $"exit {ended.ExitCode} at request {at}: {ended.Said}");
            _run.AssertWhole();

            // At once, it cannot be known whether the run still lives.
            var open = Server.Bucket.OpenUploads;
            var ofFiles = Server.Bucket.OpenUploadsOfFiles;
            Assert.Equal(open > 0 ? (0, open) : null, await ExpectNextRunAsync());
            Assert.Equal(open, Server.Bucket.OpenUploads);
            if (open == 0)
                continue;

            Server.Bucket.UploadsAreOlderBy = s_aDayAndMore;
            Assert.Equal((open, 0), await ExpectNextRunAsync());
            Assert.Equal(0, Server.Bucket.OpenUploads);
            found += ofFiles;
            ofCheck += open - ofFiles;
        }

        Assert.Equal(sizes is not null, found > 0);

        // Killed from the beginning of an upload to its end: one with two parts and a PutObject,
        // and one with one part.
        Assert.Equal(6, ofCheck);
    }

    private static bool IsOfOutput(FaultRequest request) =>
        request.Key.StartsWith("out/", StringComparison.Ordinal)
            || request.Query.GetValueOrDefault("prefix", "").StartsWith("out/", StringComparison.Ordinal);

    /// <summary>Requests of an undisturbed run to its output.</summary>
    private async Task<int> CountRequestsAsync()
    {
        await ExpectNextRunAsync();
        string[] inParts = ["CreateMultipartUpload", "UploadPart", "UploadPartCopy", "CompleteMultipartUpload"];
        Assert.All(inParts, operation => Assert.Equal(sizes is not null, Server.Count(operation) > 1));
        var requests = Server.Log.Count(IsOfOutput);
        Assert.InRange(requests, 8, 60);
        return requests;
    }

    /// <summary>Runs without a signal. The run succeeds with an object of its own.</summary>
    /// <returns>The leftovers that it reported.</returns>
    private async Task<(int Removed, int Left)?> ExpectNextRunAsync()
    {
        var last = _run.ActiveObject;
        var ended = await RunAsync(null, 0);
        Assert.True(ended.ExitCode == 0, ended.Said);
        Assert.NotSame(last, _run.ActiveObject);
        _run.AssertWhole();
        return ExtractProcess.RemainsOf(ended);
    }

    private async Task<ProcessEnd> RunAsync(string? signal, int at)
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

/// <summary>Terminated, with objects that are sent and copied whole.</summary>
public sealed class TerminateKillTests() : KillTests(null)
{
    [Fact]
    public Task Extract_TerminatedAtEachRequestOfItsOutput_LeavesAWholeActiveObjectAndNoUpload() => TerminateAtEachRequestAsync();
}

/// <summary>Terminated, with objects that are sent and copied in parts.</summary>
public sealed class TerminateInPartsKillTests() : KillTests(ExtractProcess.InParts)
{
    [Fact]
    public Task Extract_TerminatedAtEachRequestOfItsOutput_LeavesAWholeActiveObjectAndNoUpload() => TerminateAtEachRequestAsync();
}

/// <summary>Killed, with objects that are sent and copied whole.</summary>
public sealed class WholeKillTests() : KillTests(null)
{
    [Fact]
    public Task Extract_KilledAtEachRequestOfItsOutput_LeavesAWholeActiveObjectAndTheNextRunSaysWhatItFound() => KillAtEachRequestAsync();
}

/// <summary>Killed, with objects that are sent and copied in parts.</summary>
public sealed class InPartsKillTests() : KillTests(ExtractProcess.InParts)
{
    [Fact]
    public Task Extract_KilledAtEachRequestOfItsOutput_LeavesAWholeActiveObjectAndTheNextRunSaysWhatItFound() => KillAtEachRequestAsync();
}
