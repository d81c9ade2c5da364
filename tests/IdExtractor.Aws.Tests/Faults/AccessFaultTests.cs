using System.Globalization;
using Amazon.Runtime;
using IdExtractor.Foundation.Errors;
using IdExtractor.Testing.S3;

namespace IdExtractor.Aws.Tests.Faults;

/// <summary>
/// Wrong credentials, clocks, regions and permissions. The run corrects them once where that is
/// possible. Otherwise it ends with one line that names what is missing.
/// </summary>
public sealed class AccessFaultTests : IDisposable
{
    private readonly FaultedRun _run = new();

    private FaultServer Server => _run.Server;

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task Extract_TokenExpiresInTheMiddle_IsRenewedOnce()
    {
        var provider = new CountingCredentials();
        _run.Credentials = provider;
        Server.Before = request => request.Number > 10 && request.Token == "token1" ? FaultReply.Error(400, "ExpiredToken") : null;

        await _run.ExpectAsync(ExitCode.Done);

        Assert.True(provider.Given >= 2);

        // A HEAD that is refused asks by a GET of one byte why.
        Assert.Equal(
            Server.Log.Count(request => request is { Number: > 10, Token: "token1" } && request.Range != (0, 0)), _run.Progress.Retries);
    }

    [Fact]
    public async Task Extract_FixedTokenExpires_SaysSo()
    {
        _run.Credentials = new SessionAWSCredentials("key", "secret", "old");
        Server.Before = request => request.Number > 10 ? FaultReply.Error(400, "ExpiredToken") : null;

        await _run.ExpectAsync(ExitCode.Configuration);
        Assert.Contains("the credentials have expired", _run.Error!.ToLine(), StringComparison.Ordinal);
        Assert.Equal(0, _run.Progress.Retries);
    }

    [Fact]
    public async Task Extract_BucketInAnotherRegion_IsFollowed()
    {
        Server.Before = request => request.SignedRegion == "eu-west-1" ? null : Redirect();

        await _run.ExpectAsync(ExitCode.Done);

        Assert.InRange(Server.Log.Count(request => request.SignedRegion != "eu-west-1"), 1, 4);
    }

    [Fact]
    public async Task Extract_RedirectThatDoesNotEnd_SaysTheRegion()
    {
        Server.Before = _ => Redirect();

        await _run.ExpectAsync(ExitCode.Configuration);
        Assert.Contains("give --region eu-west-1", _run.Error!.ToLine(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Extract_ClockIsWrong_IsCorrectedByTheServersOne()
    {
        var serverTime = DateTime.UtcNow.AddHours(3);
        Server.Before = request =>
        {
            var signedAt = DateTime.ParseExact(
                request.Headers["x-amz-date"], "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
            if (Math.Abs((signedAt - serverTime).TotalMinutes) < 15)
                return null;
            var reply = FaultReply.Error(403, "RequestTimeTooSkewed");
            reply.Headers["Date"] = serverTime.ToString("R", CultureInfo.InvariantCulture);
            return reply;
        };

        // A service has one clock: the SDK corrects its own by every refused HEAD.
        Server.After = (_, reply) =>
        {
            reply.Headers["Date"] = serverTime.ToString("R", CultureInfo.InvariantCulture);
            return reply;
        };

        try
        {
            await _run.ExpectAsync(ExitCode.Done);
        }
        finally
        {
            Amazon.AWSConfigs.ManualClockCorrection = null;
        }
    }

    [Theory]
    [InlineData("ListObjectsV2", 403, "AccessDenied", "no", "allow s3:ListBucket on it")]
    [InlineData("GetObject", 403, "AccessDenied", "no", "allow s3:GetObject on it")]
    [InlineData("PutObject", 403, "AccessDenied", "User: arn:aws:iam::1:role/r is not authorized to perform: s3:PutObject on resource",
        "allow s3:PutObject on it")]
    [InlineData("PutObject", 403, "AccessDenied", "User: r is not authorized to perform: kms:GenerateDataKey on resource: arn:aws:kms:x",
        "allow kms:GenerateDataKey on the key")]
    [InlineData("PutObject", 400, "KMS.DisabledException", "no", "check --kms-key-id")]
    [InlineData("ListObjectsV2", 404, "NoSuchBucket", "no", "check its name and account")]
    [InlineData("ListObjectsV2", 403, "InvalidAccessKeyId", "no", "check the profile or AWS_ACCESS_KEY_ID")]
    [InlineData("ListObjectsV2", 403, "SignatureDoesNotMatch", "no", "check AWS_SECRET_ACCESS_KEY")]
    [InlineData("CopyObject", 403, "AccessDenied", "no", "allow s3:PutObject on it")]
    public async Task Extract_Refused_SaysWhatIsMissingAndAsksOnce(string operation, int status, string code, string message, string advice)
    {
        Server.Before = request => request.Operation == operation ? FaultReply.Error(status, code, message) : null;

        await _run.ExpectAsync(ExitCode.Configuration);

        var line = _run.Error!.ToLine();
        Assert.Contains($"Cannot finish {operation}", line, StringComparison.Ordinal);
        Assert.Contains("s3://bucket/", line, StringComparison.Ordinal);
        Assert.Contains($"{code} ({status}), request REQ1", line, StringComparison.Ordinal);
        Assert.Contains(advice, line, StringComparison.Ordinal);
        Assert.Equal(0, _run.Progress.Retries);
        Assert.Null(_run.ActiveObject);
    }

    [Theory]
    [InlineData("GetObject")]
    [InlineData("CopyObject")]
    public async Task Extract_ArchivedObject_SaysToRestoreIt(string operation)
    {
        Server.Before = request => request.Operation == operation ? FaultReply.Error(403, "InvalidObjectState") : null;

        await _run.ExpectAsync(ExitCode.Configuration);
        Assert.Contains("restore it", _run.Error!.ToLine(), StringComparison.Ordinal);
        Assert.DoesNotContain("s3:GetObject", _run.Error.ToLine(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CreateMultipartUpload", 403, "AccessDenied", "allow s3:PutObject on it")]
    [InlineData("CreateMultipartUpload", 404, "NoSuchBucket", "check its name and account")]
    [InlineData("HeadObject", 403, "AccessDenied", "out/")]
    [InlineData("UploadPart", 403, "AccessDenied", "allow s3:PutObject on it")]
    [InlineData("PutObject", 403, "AccessDenied", "allow s3:PutObject on it")]
    [InlineData("PutObject", 400, "KMS.DisabledException", "check --kms-key-id")]
    public async Task Extract_OutputCannotBeWritten_IsSaidBeforeTheScan(string operation, int status, string code, string advice)
    {
        Server.Before = request => request.Operation == operation || (operation == "HeadObject" && request.Range == (0, 0))
            ? FaultReply.Error(status, code)
            : null;

        await _run.ExpectAsync(ExitCode.Configuration);

        Assert.Contains("s3://bucket/out/", _run.Error!.ToLine(), StringComparison.Ordinal);
        Assert.Contains(advice, _run.Error.ToLine(), StringComparison.Ordinal);
        Assert.Equal(0, Server.Count("ListObjectsV2"));
        Assert.Equal(0, Server.Bucket.OpenUploads);
    }

    [Theory]
    [InlineData(null, "none")]
    [InlineData("\"\"", "")]
    [InlineData("W/\"1\"", "W/\"1\"")]
    public async Task Extract_OutputWithoutStrongETags_IsRefusedBeforeTheScan(string? etag, string found)
    {
        Server.After = (request, reply) =>
        {
            reply.Headers.Remove("ETag");
            if (etag is not null)
                reply.Headers["ETag"] = etag;
            return reply;
        };

        await _run.ExpectAsync(ExitCode.Configuration);

        Assert.Contains("a strong ETag", _run.Error!.ToLine(), StringComparison.Ordinal);
        Assert.Contains($"s3://bucket/out/stage/", _run.Error.ToLine(), StringComparison.Ordinal);
        Assert.Contains(found, _run.Error.Place.Actual, StringComparison.Ordinal);
        Assert.Equal(0, Server.Count("ListObjectsV2"));
        Assert.Equal(0, Server.Bucket.OpenUploads);
    }

    [Fact]
    public async Task Extract_PutDeniedByAStoreThatChecksNoDigests_IsSaidWhenTheFileIsWritten()
    {
        Server.Bucket.ChecksDigests = false;
        Server.Before = request => request.Operation == "PutObject" ? FaultReply.Error(403, "AccessDenied") : null;

        await _run.ExpectAsync(ExitCode.Configuration);

        Assert.Contains("allow s3:PutObject on it", _run.Error!.ToLine(), StringComparison.Ordinal);
        Assert.Equal((0, 1), (Server.CountOfCheck("PutObject"), Server.Count("PutObject")));
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public async Task Extract_OutputThatCanBeWritten_LeavesNoUploadAndNoObject(bool checksDigests, int puts)
    {
        Server.Bucket.ChecksDigests = checksDigests;

        await _run.ExpectAsync(ExitCode.Done);

        Assert.Equal(0, Server.Bucket.OpenUploads);
        Assert.Equal((2, 3, puts, 2), (Server.CountOfCheck("CreateMultipartUpload"), Server.CountOfCheck("UploadPart"),
            Server.CountOfCheck("PutObject"), Server.CountOfCheck("AbortMultipartUpload")));
        Assert.Equal(2, Server.Bucket.Objects.Keys.Count(key => key.StartsWith("out/", StringComparison.Ordinal)));
        Assert.DoesNotContain(Server.Bucket.Objects.Values, found => found.Bytes is [0]);
        Assert.Equal(0, _run.Progress.Retries);
        Assert.Empty(_run.Warnings);
    }

    /// <summary>
    /// No store that is known does this; were there one, nothing would be left in it.
    /// </summary>
    [Fact]
    public async Task Extract_StoreThatChecksDigestsOfPartsAlone_LosesTheObjectOfTheCheck()
    {
        Server.Before = request =>
        {
            if (request.Operation == "PutObject")
                request.Headers.Remove("content-md5");
            return null;
        };

        await _run.ExpectAsync(ExitCode.Done);

        Assert.Equal(1, Server.Count("DeleteObject"));
        Assert.DoesNotContain(Server.Bucket.Objects.Values, found => found.Bytes is [0]);
    }

    [Fact]
    public async Task Extract_HeadRefusedWithoutABody_AsksByGetWhy()
    {
        Server.Before = request => request.Operation switch
        {
            "HeadObject" => FaultReply.Error(403, ""),
            "GetObject" => FaultReply.Error(403, "AccessDenied"),
            _ => null,
        };

        await _run.ExpectAsync(ExitCode.Configuration);
        Assert.Contains("AccessDenied (403)", _run.Error!.ToLine(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(403)]
    public async Task Extract_HeadRefusedThoughGetIsAnswered_IsAskedAgainAndThenTheStoresFault(int status)
    {
        Server.Before = request => request.Operation == "HeadObject" ? FaultReply.Error(status, "") : null;

        await _run.ExpectAsync(ExitCode.Configuration);

        Assert.Contains("a refusal of HEAD, though GET is answered", _run.Error!.ToLine(), StringComparison.Ordinal);
        Assert.Equal(_run.Tuning.Retry.MaxAttempts - 1, _run.Progress.Retries);
        Assert.Null(_run.ActiveObject);
    }

    [Fact]
    public async Task Extract_HeadRefusedOnceThoughGetIsAnswered_GoesOn()
    {
        Server.Before = request => request is { Operation: "HeadObject", OfOperation: 1 } ? FaultReply.Error(403, "") : null;

        await _run.ExpectAsync(ExitCode.Done);
    }

    private static FaultReply Redirect()
    {
        var reply = FaultReply.Error(301, "PermanentRedirect");
        reply.Headers["x-amz-bucket-region"] = "eu-west-1";
        return reply;
    }

    private sealed class CountingCredentials : RefreshingAWSCredentials
    {
        private int _given;

        public int Given => _given;

        protected override CredentialsRefreshState GenerateNewCredentials() =>
            new(new ImmutableCredentials("key", "secret", $"token{Interlocked.Increment(ref _given)}"), DateTime.UtcNow.AddHours(1));

        protected override Task<CredentialsRefreshState> GenerateNewCredentialsAsync() => Task.FromResult(GenerateNewCredentials());
    }
}
