using System.Diagnostics;
using IdExtractor.Testing.S3;

namespace IdExtractor.Aws.Tests.Faults;

/// <summary>
/// The real process gets SIGTERM while a reply has stopped in its middle. It may not wait for the
/// rest: it aborts its uploads and ends before AWS Batch kills it.
/// </summary>
public sealed class SilentReplySignalTests : IDisposable
{
    /// <summary>AWS Batch kills 30 s after its SIGTERM.</summary>
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(25);

    /// <summary>
    /// Long enough for the beginning of the reply to arrive, shorter than any timeout.
    /// </summary>
    private static readonly TimeSpan s_intoTheSilence = TimeSpan.FromMilliseconds(500);

    private readonly FaultedRun _run = new();

    private FaultServer Server => _run.Server;

    public void Dispose() => _run.Dispose();

    [Theory]
    [InlineData("ListObjectsV2", false, null, 0)]
    [InlineData("ListObjectsV2", true, null, 0)]
    [InlineData("GetObject", true, null, 0)]
    [InlineData("PutObject", true, null, 0)]
    [InlineData("CopyObject", false, null, 0)]
    [InlineData("CopyObject", true, null, 0)]
    [InlineData("UploadPart", true, ExtractProcess.InParts, 1)]
    [InlineData("UploadPartCopy", false, ExtractProcess.InParts, 1)]
    [InlineData("UploadPartCopy", true, ExtractProcess.InParts, 1)]
    [InlineData("CompleteMultipartUpload", true, ExtractProcess.InParts, 1)]
    public async Task Extract_TerminatedWhileAReplyIsSilent_AbortsItsUploadsInTime(
        string operation, bool isError, string? sizes, int aborts)
    {
        var (id, sent) = (new TaskCompletionSource<int>(), new TaskCompletionSource<long>());
        FaultReply? Silence(FaultRequest request, FaultReply? reply)
        {
            if (request.Operation != operation || request.IsOfOutputCheck || reply is null)
                return reply;
            reply.SilentAt = reply.Body.Length / 2;
            if (request.OfOperation == 1)
                _ = TerminateAsync();
            return reply;
        }

        async Task TerminateAsync()
        {
            var process = await id.Task;
            await Task.Delay(s_intoTheSilence);
            sent.SetResult(Stopwatch.GetTimestamp());
            ExtractProcess.Send("TERM", process);
        }

        if (isError)
            Server.Before = request => Silence(request, request.Operation == operation ? FaultReply.Error(500, "InternalError") : null);
        else
            Server.After = Silence;
        Server.Before = Unchecked(Server.Before);

        using var process = ExtractProcess.Start(Server, "key", sizes);
        id.SetResult(process.Id);
        var ended = await process.EndAsync();

        Assert.True(ended.ExitCode == 143, $"exit {ended.ExitCode}: {ended.Said}");
        var elapsed = Stopwatch.GetElapsedTime(await sent.Task);
        Assert.True(elapsed < s_grace, $"It ended {elapsed} after the signal.");
        Assert.Equal(0, Server.Bucket.OpenUploads);
        Assert.Equal(aborts, Server.Count("AbortMultipartUpload"));
        if (_run.ActiveObject is not null)
            _run.AssertWhole();
    }

    // The check of the output, which comes first, is answered as usual.
    private static Func<FaultRequest, FaultReply?> Unchecked(Func<FaultRequest, FaultReply?> before) =>
        request => request.IsOfOutputCheck ? null : before(request);
}
