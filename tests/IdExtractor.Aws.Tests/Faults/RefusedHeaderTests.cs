using IdExtractor.Aws.Connection;
using IdExtractor.Aws.S3;
using IdExtractor.Foundation.Errors;
using IdExtractor.Testing.S3;

namespace IdExtractor.Aws.Tests.Faults;

/// <summary>
/// Endpoints that refuse a header or an element instead of ignoring it. After one refusal the run
/// omits what it can do without, reports that once, and remembers it. A refusal of anything else
/// ends the run with the reason.
/// </summary>
public sealed class RefusedHeaderTests : IDisposable
{
    private const string Checksum = "x-amz-checksum-", Unnamed = "A header you provided implies functionality that is not implemented";

    private static readonly S3Tuning s_inParts = new()
    {
        MaxPutBytes = 100,
        PartBytes = 200,
        MaxCopyBytes = 100,
        CopyPartBytes = 200,
        PartsAtOnce = 1
    };

    private readonly FaultedRun _run = new();

    private FaultServer Server => _run.Server;

    public void Dispose() => _run.Dispose();

    [Theory]
    [InlineData(501, "NotImplemented", Unnamed)]
    [InlineData(501, "NotImplemented", Unnamed + "<Header>x-amz-checksum-crc32</Header>")]
    [InlineData(400, "InvalidArgument", "Unsupported header x-amz-checksum-crc32")]
    [InlineData(400, "InvalidRequest", "Checksum algorithm is not supported")]
    public async Task Extract_ChecksumIsRefused_IsLeftOutAndSaid(int status, string code, string message)
    {
        Refuse(request => Carries(request, Checksum), status, code, message);

        await _run.ExpectAsync(ExitCode.Done);

        AssertWentWithout("with a CRC-32", "damage on the way is found when the stage file is read back");
        Assert.Equal(2, Server.Count("PutObject"));
        Assert.True(Server.Log.Last(request => request.Operation == "PutObject").Headers.ContainsKey("if-none-match"));
        Assert.True(Server.Log.Single(request => request.Operation == "CopyObject").Headers.ContainsKey("if-none-match"));
    }

    [Theory]
    [InlineData("CreateMultipartUpload")]
    [InlineData("UploadPart")]
    public async Task Extract_ChecksumOfAnUploadInPartsIsRefused_IsRememberedForTheRun(string operation)
    {
        _run.Sizes = s_inParts;
        Refuse(request => request.Operation == operation && Carries(request, Checksum), 501, "NotImplemented", Unnamed);

        await _run.ExpectAsync(ExitCode.Done);

        AssertWentWithout("with a CRC-32", "read back");
        Assert.True(Server.Count("UploadPart") > 2);
        Assert.DoesNotContain(
            Server.Log.SkipWhile(request => request.Operation != operation || !Carries(request, Checksum)).Skip(1),
            request => Carries(request, Checksum));
        Assert.DoesNotContain("Checksum", Document("CompleteMultipartUpload"), StringComparison.Ordinal);
        Assert.Equal(0, Server.Bucket.OpenUploads);
    }

    [Fact]
    public async Task Extract_ChecksumsInADocumentAreMalformed_IsCompletedWithout()
    {
        _run.Sizes = s_inParts;
        Refuse(
            request => System.Text.Encoding.UTF8.GetString(request.Body).Contains("<ChecksumCRC32>", StringComparison.Ordinal), 400,
            "MalformedXML", "The XML you provided was not well-formed");

        await _run.ExpectAsync(ExitCode.Done);

        AssertWentWithout("CompleteMultipartUpload with a CRC-32", "read back");
        Assert.Equal(3, Server.Count("CompleteMultipartUpload"));
    }

    [Theory]
    [InlineData(501, "NotImplemented", Unnamed + "<Header>If-None-Match</Header>")]
    [InlineData(400, "InvalidArgument", "if-none-match is not supported")]
    public async Task Extract_ConditionOfAStageFileIsRefused_TakesTheRunsOwnName(int status, string code, string message)
    {
        Refuse(request => request.Operation == "PutObject" && request.Headers.ContainsKey("if-none-match"), status, code, message);

        await _run.ExpectAsync(ExitCode.Done);

        AssertWentWithout("with the condition that the key is free", "stage files get a name of their run's own");
        var key = Server.Log.Last(request => request.Operation == "PutObject").Key;
        Assert.EndsWith("_run1.txt.gz", key, StringComparison.Ordinal);
        Assert.DoesNotContain(
            Server.Bucket.Objects.Keys, other => other.StartsWith("out/stage/", StringComparison.Ordinal) && other != key);
        Assert.Contains(Server.Log, request => request.Operation == "HeadObject" && request.Key == key);
    }

    [Fact]
    public async Task Extract_ConditionOfAStageFileInPartsIsRefused_TakesTheRunsOwnName()
    {
        _run.Sizes = s_inParts;
        Refuse(request => request.Operation == "CompleteMultipartUpload" && request.Key.StartsWith("out/stage/", StringComparison.Ordinal)
            && request.Headers.ContainsKey("if-none-match"), 501, "NotImplemented", Unnamed + " If-None-Match");

        await _run.ExpectAsync(ExitCode.Done);

        AssertWentWithout("with the condition that the key is free", "own");
        Assert.Equal(0, Server.Bucket.OpenUploads);
        Assert.EndsWith(
            "_run1.txt.gz", Server.Bucket.Objects.Keys.Single(key => key.StartsWith("out/stage/", StringComparison.Ordinal)),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Extract_ConditionOnWhatACopyReplacesIsRefused_LooksInsteadAndSaysWhatIsLost(bool inParts, bool hasActive)
    {
        if (hasActive)
            await _run.ExpectAsync(ExitCode.Done);
        if (inParts)
            _run.Sizes = s_inParts;
        var making = inParts ? "CompleteMultipartUpload" : "CopyObject";
        Refuse(
            request => request.Operation == making && request.Key == FaultedRun.Active && (
                request.Headers.ContainsKey("if-match") || request.Headers.ContainsKey("if-none-match")),
            501, "NotImplemented", hasActive ? "If-Match" : "If-None-Match");
        var before = Server.Log.Count;

        await _run.ExpectAsync(ExitCode.Done);

        AssertWentWithout("with a condition on what it replaces", "may replace a newer file");
        var asked = Server.Log.Skip(before)
            .Where(request => request.Key == FaultedRun.Active)
            .Select(request => request.Operation)
            .ToList();
        var (refused, made) = (asked.IndexOf(making), asked.LastIndexOf(making));
        Assert.Equal([making, "HeadObject", making], asked[refused..(made + 1)]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Extract_NewerFileComesWhileTheConditionIsRefused_IsNotReplaced(bool inParts)
    {
        await _run.ExpectAsync(ExitCode.Done);
        if (inParts)
            _run.Sizes = s_inParts;
        var making = inParts ? "CompleteMultipartUpload" : "CopyObject";
        FaultObject? newer = null;
        Server.Before = request =>
        {
            if (request.Operation != making || !request.Headers.ContainsKey("if-match"))
                return null;
            var active = _run.ActiveObject!;
            newer = Server.Bucket.Put(
                FaultedRun.Active, active.Bytes,
                new(active.Metadata) { ["x-amz-meta-source_partition"] = "20991231", ["x-amz-meta-run_id"] = "newer" });
            return FaultReply.Error(501, "NotImplemented", "If-Match");
        };

        await _run.ExpectAsync(ExitCode.Guard);

        Assert.NotNull(newer);
        Assert.Same(newer, _run.ActiveObject);
        Assert.Equal(0, Server.Bucket.OpenUploads);
    }

    [Fact]
    public async Task Extract_EverythingIsRefusedWithoutNames_IsLeftOutOneAfterTheOther()
    {
        Refuse(
            request => request.Operation is "PutObject" or "CopyObject" && (
                Carries(request, Checksum) || request.Headers.ContainsKey("if-none-match")),
            501, "NotImplemented", Unnamed);

        await _run.ExpectAsync(ExitCode.Done);

        Assert.Equal(3, _run.Warnings.Count);
        Assert.Equal(3, _run.Progress.Retries);
        _run.AssertWhole();
    }

    [Theory]
    [InlineData(false, "CopyObject")]
    [InlineData(true, "UploadPartCopy")]
    public async Task Extract_ConditionOnACopysSourceIsRefused_PublishesNothingAndSaysWhy(bool inParts, string operation)
    {
        if (inParts)
            _run.Sizes = s_inParts;
        Refuse(
            request => request.Headers.ContainsKey("x-amz-copy-source-if-match"), 501, "NotImplemented",
            Unnamed + " x-amz-copy-source-if-match");

        await _run.ExpectAsync(ExitCode.Configuration);

        var line = _run.Error!.ToLine();
        Assert.Contains(
            $"Cannot finish {operation}: the endpoint refuses the condition on the copy's source", line, StringComparison.Ordinal);
        Assert.Contains($"s3://bucket/{FaultedRun.Active}", line, StringComparison.Ordinal);
        Assert.Contains("NotImplemented (501), request REQ1", line, StringComparison.Ordinal);
        Assert.Contains("use an endpoint that knows x-amz-copy-source-if-match", line, StringComparison.Ordinal);
        Assert.Null(_run.ActiveObject);
        Assert.Equal(0, Server.Bucket.OpenUploads);
        Assert.Equal(1, Server.Count(operation));
    }

    [Theory]
    [InlineData("x-amz-expected-bucket-owner", "leave --expected-bucket-owner out")]
    [InlineData("x-amz-request-payer", "leave --request-payer out")]
    [InlineData("x-amz-server-side-encryption", "leave --sse out")]
    public async Task Extract_HeaderOfAnOptionIsRefused_NamesTheOption(string header, string advice)
    {
        _run.Settings = new AwsSettings
        {
            Region = "us-east-1",
            ExpectedBucketOwner = "123456789012",
            RequestPayer = true,
            Encryption = ServerSideEncryption.Aes256
        };
        Refuse(
            request => request.Headers.ContainsKey(header) && request.Operation == "PutObject", 501, "NotImplemented",
            $"{Unnamed}<Header>{header}</Header>");

        await _run.ExpectAsync(ExitCode.Configuration);

        Assert.Contains(advice, _run.Error!.ToLine(), StringComparison.Ordinal);
        Assert.Empty(_run.Warnings);
        Assert.Equal((1, 0), (Server.CountOfCheck("PutObject"), Server.Count("PutObject")));
    }

    [Theory]
    [InlineData(400, "InvalidArgument", "no")]
    [InlineData(400, "InvalidRequest", "The content type is wrong")]
    [InlineData(400, "MalformedXML", "no")]
    [InlineData(403, "AccessDenied", "x-amz-checksum-crc32")]
    [InlineData(501, "NotImplemented", "<Header>x-amz-acl</Header>")]
    public async Task Extract_RefusalOfSomethingElse_IsNotAskedAgain(int status, string code, string message)
    {
        Refuse(request => request.Operation == "CopyObject", status, code, message);

        await _run.ExpectAsync(ExitCode.Configuration);

        Assert.Equal(1, Server.Count("CopyObject"));
        Assert.Empty(_run.Warnings);
        Assert.Equal(0, _run.Progress.Retries);
    }

    private static bool Carries(FaultRequest request, string header) =>
        request.Headers.Keys.Any(name => name.StartsWith(header, StringComparison.Ordinal));

    private void Refuse(Func<FaultRequest, bool> which, int status, string code, string message)
    {
        // An element after the text becomes an element of the error document, next to the message.
        var element = message.IndexOf('<', StringComparison.Ordinal);
        var text = element < 0 ? message : message[..element] + "</Message>" + message[element..] + "<Message>";
        Server.Before = request => which(request) ? FaultReply.Error(status, code, text) : null;
    }

    private string Document(string operation) =>
        System.Text.Encoding.UTF8.GetString(Server.Log.First(request => request.Operation == operation).Body);

    private void AssertWentWithout(string what, string loss)
    {
        var warning = Assert.Single(_run.Warnings);
        Assert.Contains(what, warning, StringComparison.Ordinal);
        Assert.Contains(loss, warning, StringComparison.Ordinal);
        Assert.Contains("request REQ1", warning, StringComparison.Ordinal);
        Assert.Equal(1, _run.Progress.Retries);
        _run.AssertWhole();
        Assert.Equal("216", _run.ActiveObject!.Metadata["x-amz-meta-total_ids"]);
    }
}
