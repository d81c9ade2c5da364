using IdExtractor.Aws.S3;
using IdExtractor.Foundation.Errors;
using IdExtractor.Testing.S3;

namespace IdExtractor.Aws.Tests.Faults;

/// <summary>
/// What goes wrong while the result is staged and promoted. The active object is the old or the new
/// one, whole, and no upload stays open.
/// </summary>
public sealed class PublishFaultTests : IDisposable
{
    private static readonly S3Tuning s_inParts = new() { MaxPutBytes = 100, PartBytes = 200, MaxCopyBytes = 100, CopyPartBytes = 200 };

    private readonly FaultedRun _run = new();

    private FaultServer Server => _run.Server;

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task Extract_CopyWhoseReplyIsLost_IsSettledByHeadAndNotSentAgain()
    {
        Server.After = (request, reply) => request.Operation == "CopyObject" ? null : reply;

        await _run.ExpectAsync(ExitCode.Done);

        Assert.Equal(1, Server.Count("CopyObject"));
        AssertPublished();
    }

    [Fact]
    public async Task Extract_CopyThatAnswers200WithAnError_IsSentAgain()
    {
        Server.Before = request => request is { Operation: "CopyObject", OfOperation: 1 } ? ErrorWith200() : null;

        await _run.ExpectAsync(ExitCode.Done);

        Assert.Equal(2, Server.Count("CopyObject"));
        AssertPublished();
    }

    [Fact]
    public async Task Extract_CopyThatAlwaysAnswers200WithAnError_EndsPassing()
    {
        Server.Before = request => request.Operation == "CopyObject" ? ErrorWith200() : null;

        await _run.ExpectAsync(ExitCode.Transient);

        Assert.Equal(_run.Tuning.Retry.MaxAttempts, Server.Count("CopyObject"));
        Assert.Null(_run.ActiveObject);
    }

    [Fact]
    public async Task Extract_PutWhoseReplyIsLost_IsSettledByHeadAndNotSentAgain()
    {
        Server.After = (request, reply) => request is { Operation: "PutObject", IsOfOutputCheck: false } ? null : reply;

        await _run.ExpectAsync(ExitCode.Done);

        Assert.Equal(1, Server.Count("PutObject"));
        AssertPublished();
    }

    [Fact]
    public async Task Extract_StageFailsForGood_LeavesTheOldObject()
    {
        await _run.ExpectAsync(ExitCode.Done);
        var old = _run.ActiveObject;
        Server.Before = request => request is { Operation: "PutObject", IsOfOutputCheck: false }
            ? FaultReply.Error(500, "InternalError")
            : null;

        await _run.ExpectAsync(ExitCode.Transient);

        Assert.Equal(_run.Tuning.Retry.MaxAttempts, Server.Count("PutObject") - 1);
        Assert.Same(old, _run.ActiveObject);
    }

    [Fact]
    public async Task Extract_ActiveReplacedByAnotherRun_LooksAgainAndCopiesOverIt()
    {
        await _run.ExpectAsync(ExitCode.Done);
        var meanwhile = 0;
        Server.Before = request =>
        {
            if (request.Operation == "CopyObject" && meanwhile++ == 0)
                Server.Bucket.Put(FaultedRun.Active, _run.ActiveObject!.Bytes, _run.ActiveObject.Metadata);
            return null;
        };

        await _run.ExpectAsync(ExitCode.Done);

        Assert.Equal(2, meanwhile);
        AssertPublished();
        Assert.Equal("run2", _run.ActiveObject!.Metadata["x-amz-meta-run_id"]);
    }

    [Fact]
    public async Task Extract_StageReplacedBeforeTheCopy_PromotesNothing()
    {
        Server.Before = request =>
        {
            if (request.Operation == "CopyObject")
                Server.Bucket.Put(StageKey(), [1, 2, 3]);
            return null;
        };

        await _run.ExpectAsync(ExitCode.Transient);
        Assert.Null(_run.ActiveObject);
    }

    [Fact]
    public async Task Extract_StageDamagedInTheStore_FailsVerification()
    {
        Server.Before = request =>
        {
            if (request is { Operation: "PutObject", IsOfOutputCheck: false })
                request.Body[^20] ^= 0x40;
            return null;
        };

        await _run.ExpectAsync(ExitCode.VerificationFailed);
        Assert.Null(_run.ActiveObject);
    }

    [Fact]
    public async Task Extract_InParts_PublishesAndLeavesNoUpload()
    {
        _run.Sizes = s_inParts;
        await _run.ExpectAsync(ExitCode.Done);

        Assert.True(Server.Count("UploadPart") > 1);
        Assert.True(Server.Count("UploadPartCopy") > 1);
        Assert.All(
            Server.Log.Where(request => request is { Operation: "UploadPart", IsOfOutputCheck: false }),
            request => Assert.True(request.Headers.ContainsKey("x-amz-checksum-crc32")));
        Assert.All(
            Server.Log.Where(request => request.Operation == "UploadPartCopy"),
            request => Assert.True(request.Headers.ContainsKey("x-amz-copy-source-if-match")));
        Assert.Equal(0, Server.Bucket.OpenUploads);
        AssertPublished();
    }

    [Theory]
    [InlineData("CreateMultipartUpload", 1)]
    [InlineData("UploadPart", 2)]
    [InlineData("CompleteMultipartUpload", 1)]
    [InlineData("UploadPartCopy", 1)]
    [InlineData("CompleteMultipartUpload", 2)]
    public async Task Extract_InPartsAndOneIsRefused_AbortsTheUpload(string operation, int which)
    {
        _run.Sizes = s_inParts;
        Server.Before = request => request.Operation == operation && !request.IsOfOutputCheck && request.OfOperation >= which
            ? FaultReply.Error(403, "AccessDenied")
            : null;

        await _run.ExpectAsync(ExitCode.Configuration);

        Assert.Equal(0, Server.Bucket.OpenUploads);
        Assert.Null(_run.ActiveObject);
    }

    [Fact]
    public async Task Extract_CompletionsWhoseRepliesAreLost_AreSettledByHead()
    {
        _run.Sizes = s_inParts;
        Server.After = (request, reply) => request.Operation == "CompleteMultipartUpload" ? null : reply;

        await _run.ExpectAsync(ExitCode.Done);

        Assert.Equal(2, Server.Count("CompleteMultipartUpload"));
        Assert.Equal(0, Server.Bucket.OpenUploads);
        AssertPublished();
    }

    [Theory]
    [InlineData("CreateMultipartUpload")]
    [InlineData("UploadPart")]
    [InlineData("CompleteMultipartUpload")]
    [InlineData("UploadPartCopy")]
    public async Task Extract_CancelledInTheMiddleOfAnUpload_AbortsIt(string operation)
    {
        _run.Sizes = s_inParts;
        using var cancel = new CancellationTokenSource();
        Server.Before = request =>
        {
            if (request.Operation == operation && !request.IsOfOutputCheck && !cancel.IsCancellationRequested)
                cancel.Cancel();
            return null;
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _run.ExtractAsync(cancellationToken: cancel.Token));

        // A completion in flight may have succeeded. Then there is an object, and nothing to abort.
        Assert.Equal(0, Server.Bucket.OpenUploads);
        Assert.Null(_run.ActiveObject);
    }

    private static FaultReply ErrorWith200() =>
        FaultReply.Xml("<Error><Code>InternalError</Code><Message>no</Message><RequestId>REQ1</RequestId></Error>");

    private string StageKey() => Server.Bucket.Objects.Keys.Single(key => key.StartsWith("out/stage/", StringComparison.Ordinal));

    private void AssertPublished()
    {
        var active = _run.ActiveObject;
        Assert.NotNull(active);
        Assert.Equal("216", active.Metadata["x-amz-meta-total_ids"]);
        Assert.Contains(
            Server.Bucket.Objects,
            pair => pair.Key.StartsWith("out/stage/", StringComparison.Ordinal) && pair.Value.Bytes.AsSpan().SequenceEqual(active.Bytes));
    }
}
