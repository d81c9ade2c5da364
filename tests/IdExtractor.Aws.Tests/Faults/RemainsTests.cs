using IdExtractor.Aws.S3;
using IdExtractor.Foundation.Errors;
using IdExtractor.Testing.S3;

namespace IdExtractor.Aws.Tests.Faults;

/// <summary>
/// Multipart uploads that killed runs left behind. The run aborts and counts those that are
/// certainly abandoned, and leaves all others alone. None of this makes a run fail.
/// </summary>
public sealed class RemainsTests : IDisposable
{
    private const string Stage = "out/stage/stage_20251021_120000.txt.gz";

    private static readonly TimeSpan s_old = TimeSpan.FromHours(25), s_young = TimeSpan.FromHours(23);

    private readonly FaultedRun _run = new();

    private FaultBucket Bucket => _run.Server.Bucket;

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task Extract_OldUploadsOfKilledRuns_AreAbortedAndCounted()
    {
        Begin(s_old, Stage, "out/stage/stage_20251021_120000_run-1_x.txt.gz", FaultedRun.Active);

        await _run.ExpectAsync(ExitCode.Done);

        Assert.Equal(0, Bucket.OpenUploads);
        Assert.Equal((3, 0), _run.Remains);
        Assert.Equal(3, _run.Notes.Count(note => note == "s3.upload_aborted"));
        Assert.Contains("stage.remains", _run.Notes);
    }

    [Fact]
    public async Task Extract_UploadThatMayBeOfALivingRun_IsToldAndLeft()
    {
        Begin(s_young, Stage, FaultedRun.Active);

        await _run.ExpectAsync(ExitCode.Done);

        Assert.Equal(2, Bucket.OpenUploads);
        Assert.Equal((0, 2), _run.Remains);
        Assert.Equal((0, 0), (_run.Server.Count("CreateMultipartUpload"), _run.Server.Count("AbortMultipartUpload")));
        Assert.Contains("stage.remains", _run.Notes);
        Assert.Empty(_run.Warnings);
    }

    [Theory]
    [InlineData("out/stage/stage_2025102_120000.txt.gz")]
    [InlineData("out/stage/stage_20251021_120000.txt.gz.bak")]
    [InlineData("out/stage/report.txt")]
    [InlineData("out/stage/more/stage_20251021_120000.txt.gz")]
    [InlineData("out/active/latest.txt.gz.old")]
    [InlineData("out/active/other.txt.gz")]
    [InlineData("else/active/latest.txt.gz")]
    public async Task Extract_UploadOfAnotherKey_IsNeitherCountedNorTouched(string key)
    {
        Begin(s_old, key);

        await _run.ExpectAsync(ExitCode.Done);

        Assert.Equal(1, Bucket.OpenUploads);
        Assert.Equal((0, 0), _run.Remains);
        Assert.DoesNotContain("stage.remains", _run.Notes);
    }

    [Fact]
    public async Task Extract_ServerWithoutAClock_AbortsNothing()
    {
        Begin(s_old, Stage);
        _run.Server.After = (_, reply) =>
        {
            reply.HasDate = false;
            return reply;
        };

        await _run.ExpectAsync(ExitCode.Done);

        Assert.Equal((1, (0, 1)), (Bucket.OpenUploads, _run.Remains));
    }

    [Fact]
    public async Task Extract_ManyPagesOfUploads_AreAllFound()
    {
        Bucket.PageUploads = 2;
        Bucket.UploadsAreOlderBy = s_old;
        for (var number = 0; number < 9; number++)
            Bucket.BeginUpload(number % 3 == 0 ? Stage : $"out/stage/stage_2025102{number}_120000.txt.gz");

        await _run.ExpectAsync(ExitCode.Done);

        Assert.Equal(0, Bucket.OpenUploads);
        Assert.Equal((9, 0), _run.Remains);
        Assert.Equal(6, _run.Server.Count("ListMultipartUploads"));
    }

    [Fact]
    public async Task Extract_ListingOfUploadsThatRepeatsItself_EndsWithAWarning()
    {
        Bucket.PageUploads = 1;
        Begin(s_young, Stage, Stage);
        _run.Server.Before = request =>
        {
            request.Query.Remove("key-marker");
            return null;
        };

        await _run.ExpectAsync(ExitCode.Done);

        Assert.Contains("A listing of uploads repeats itself", Assert.Single(_run.Warnings), StringComparison.Ordinal);
        Assert.Equal(
            2, _run.Server.Log.Count(request => request.Operation == "ListMultipartUploads" && request.Query["prefix"] == "out/stage/"));
    }

    [Theory]
    [InlineData(403, "AccessDenied", "allow s3:ListBucketMultipartUploads on it")]
    [InlineData(501, "NotImplemented", "the endpoint does not know the request")]
    public async Task Extract_LookForUploadsIsRefused_GoesOnWithOneWarning(int status, string code, string says)
    {
        _run.Server.Before = request => request.Operation == "ListMultipartUploads" ? FaultReply.Error(status, code) : null;

        await _run.ExpectAsync(ExitCode.Done);

        var warning = Assert.Single(_run.Warnings);
        Assert.Contains("Unfinished uploads of earlier runs were not looked for", warning, StringComparison.Ordinal);
        Assert.Contains("ListMultipartUploads", warning, StringComparison.Ordinal);
        Assert.Contains("REQ1", warning, StringComparison.Ordinal);
        Assert.Contains(says, warning, StringComparison.Ordinal);
        Assert.Equal(1, _run.Server.Count("ListMultipartUploads"));
    }

    [Fact]
    public async Task Extract_LookForUploadsAlwaysFails_GoesOnWithWarnings()
    {
        _run.Server.Before = request => request.Operation == "ListMultipartUploads" ? FaultReply.Error(500, "InternalError") : null;

        await _run.ExpectAsync(ExitCode.Done);

        Assert.NotEmpty(_run.Warnings);
        Assert.NotNull(_run.ActiveObject);
    }

    [Fact]
    public async Task Extract_AbortIsDenied_GoesOnWithAWarningAndCountsItAsLeft()
    {
        Begin(s_old, Stage);
        _run.Server.Before = request => request.Operation == "AbortMultipartUpload" ? FaultReply.Error(403, "AccessDenied") : null;

        await _run.ExpectAsync(ExitCode.Done);

        // Those of the check whether the output can be written are left too; they have no parts.
        Assert.Equal((3, (0, 3)), (Bucket.OpenUploads, _run.Remains));
        Assert.NotEmpty(_run.Warnings);
        Assert.All(_run.Warnings, warning => Assert.Contains("allow s3:AbortMultipartUpload on it", warning, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Extract_AnotherRunAbortedItMeanwhile_CountsNothing()
    {
        Begin(s_old, Stage);
        _run.Server.Before = request => request.Operation == "AbortMultipartUpload" ? FaultReply.Error(404, "NoSuchUpload") : null;

        await _run.ExpectAsync(ExitCode.Done);

        Assert.Equal((0, 0), _run.Remains);
        Assert.Empty(_run.Warnings);
    }

    [Theory]
    [InlineData("UploadPart")]
    [InlineData("UploadPartCopy")]
    [InlineData("CompleteMultipartUpload")]
    public async Task Extract_UploadThatTakesTooLong_IsGivenUpBeforeOthersTakeItForDead(string operation)
    {
        _run.Sizes = new S3Tuning
        {
            MaxPutBytes = 100,
            PartBytes = 200,
            MaxCopyBytes = 100,
            CopyPartBytes = 200,
            LongestUpload = TimeSpan.FromMilliseconds(300)
        };
        _run.Server.Before = request => request.Operation == operation && !request.IsOfOutputCheck
            ? FaultReply.Error(503, "SlowDown")
            : null;
        _run.Tuning = _run.Tuning with
        {
            Retry = _run.Tuning.Retry with
            {
                MaxAttempts = int.MaxValue,
                Budget = int.MaxValue,
                FirstDelay = TimeSpan.FromMilliseconds(20),
                LongestDelay = TimeSpan.FromMilliseconds(20)
            }
        };

        await _run.ExpectAsync(ExitCode.Transient);

        Assert.Contains("An upload in parts takes too long", _run.Error!.ToLine(), StringComparison.Ordinal);
        Assert.Equal(0, Bucket.OpenUploads);
        Assert.Null(_run.ActiveObject);
    }

    /// <summary>Begins uploads that killed runs might have left.</summary>
    private void Begin(TimeSpan age, params string[] keys)
    {
        Bucket.UploadsAreOlderBy = age;
        foreach (var key in keys)
            Bucket.BeginUpload(key);
    }
}
