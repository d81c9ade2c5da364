using IdExtractor.Aws.Tests.Faults;
using IdExtractor.Foundation.Errors;
using IdExtractor.Testing.S3;

namespace IdExtractor.Aws.Tests.Replies;

/// <summary>Replies that are huge or slow, or that lack what the run needs.</summary>
public sealed class ReplyLimitTests : IDisposable
{
    private readonly FaultedRun _run = new();

    private FaultServer Server => _run.Server;

    public void Dispose() => _run.Dispose();

    [Theory]
    [InlineData(400, "ListObjectsV2")]
    [InlineData(403, "GetObject")]
    [InlineData(500, "PutObject")]
    public async Task Extract_ErrorOfHundredsOfMegabytes_IsNotRead(int status, string operation)
    {
        var replies = new List<FaultReply>();
        Server.Before = request =>
        {
            if (request.Operation != operation)
                return null;
            var reply = FaultReply.Error(status, "InvalidRequest", new string('m', 1 << 20));
            reply.Times = 200;
            lock (replies)
                replies.Add(reply);
            return reply;
        };

        Assert.Contains(
            await _run.ExtractAsync().WaitAsync(FalseReplyTests.Hang), (ExitCode[])[ExitCode.Configuration, ExitCode.Transient]);

        // What lies in the buffers of both sockets is taken, and no more.
        Assert.All(replies, reply => Assert.InRange(reply.Sent, 0, 32L << 20));
    }

    [Fact]
    public async Task Extract_ObjectsComeByteByByte_EndsPassing()
    {
        _run.Tuning = _run.Tuning with { SilenceTimeout = TimeSpan.FromMilliseconds(300) };
        Server.After = (request, reply) =>
        {
            if (request.Operation == "GetObject")
                reply.Pause = TimeSpan.FromMilliseconds(20);
            return reply;
        };

        Assert.Equal(ExitCode.Transient, await _run.ExtractAsync().WaitAsync(FalseReplyTests.Hang));
        Assert.Null(_run.ActiveObject);
    }

    [Theory]
    [InlineData("ListObjectsV2")]
    [InlineData("GetObject")]
    [InlineData("PutObject")]
    [InlineData("CopyObject")]
    [InlineData("UploadPart")]
    [InlineData("UploadPartCopy")]
    [InlineData("CompleteMultipartUpload")]
    public async Task Extract_ReplySilentWhenCancelled_StopsAtOnceAndLeavesNoUpload(string operation)
    {
        if (FalseReplyTests.InParts.Contains(operation))
            _run.Sizes = _run.Sizes with { MaxPutBytes = 100, PartBytes = 200, MaxCopyBytes = 100, CopyPartBytes = 200 };
        using var cancel = new CancellationTokenSource();
        Server.After = (request, reply) =>
        {
            if (request.Operation != operation)
                return reply;
            reply.SilentAt = reply.Body.Length / 2;
            if (reply.Body.Length == 0)
                reply.ClaimedLength = 10;
            cancel.CancelAfter(TimeSpan.FromMilliseconds(300));
            return reply;
        };

        // The timeouts of the run are ten seconds and more, and would be repeated.
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            Assert.Fail(
                $"{await _run.ExtractAsync(cancellationToken: cancel.Token).WaitAsync(FalseReplyTests.Hang)}: {_run.Error?.ToLine()}"));
        Assert.Equal(0, Server.Bucket.OpenUploads);
    }

    [Fact]
    public async Task Extract_MetadataDropped_NamesTheHeaders()
    {
        Server.Before = request =>
        {
            foreach (var name in request.Headers.Keys.Where(name => name.Contains('_', StringComparison.Ordinal)).ToArray())
                request.Headers.Remove(name);
            return null;
        };

        await _run.ExpectAsync(ExitCode.Configuration);
        Assert.Contains("x-amz-meta-total_ids", _run.Error!.ToLine(), StringComparison.Ordinal);
        Assert.Null(_run.ActiveObject);
    }
}
