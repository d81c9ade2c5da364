using IdExtractor.Foundation.Errors;
using IdExtractor.Testing.S3;

namespace IdExtractor.Aws.Tests.Faults;

/// <summary>
/// Faults while tables are read. The run recovers or ends with the right exit code, sends no more
/// requests than it must, and never publishes half of anything.
/// </summary>
public sealed class ReadFaultTests : IDisposable
{
    private readonly FaultedRun _run = new();

    private FaultServer Server => _run.Server;

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task Extract_NoFault_PublishesAndRepeatsNothing()
    {
        await _run.ExpectAsync(ExitCode.Done);

        Assert.NotNull(_run.ActiveObject);
        Assert.Equal("216", _run.ActiveObject.Metadata["x-amz-meta-total_ids"]);
        Assert.Equal(Server.Log.Count, _run.Progress.Requests);
        Assert.Equal(0, _run.Progress.Retries);
        Assert.All(
            Server.Log.Where(request => request.Operation == "GetObject"), request => Assert.True(request.Headers.ContainsKey("if-match")));
    }

    [Theory]
    [InlineData(503, "SlowDown")]
    [InlineData(503, "ServiceUnavailable")]
    [InlineData(500, "InternalError")]
    [InlineData(400, "RequestTimeout")]
    public async Task Extract_EveryFifthRequestFails_RepeatsEachOnce(int status, string code)
    {
        var injected = 0;
        Server.Before = request =>
        {
            // The GET of one byte asks why a HEAD was refused, and is part of that try.
            if (request.Number % 5 != 0 || request.Range == (0, 0))
                return null;
            injected++;
            return FaultReply.Error(status, code);
        };

        await _run.ExpectAsync(ExitCode.Done);

        Assert.True(injected > 3);
        Assert.Equal(injected, _run.Progress.Retries);
        Assert.Equal(Server.Log.Count, _run.Progress.Requests);
        Assert.Equal("216", _run.ActiveObject!.Metadata["x-amz-meta-total_ids"]);
    }

    [Fact]
    public async Task Extract_StormOfSlowDowns_EndsWhenTriesRunOut()
    {
        Server.Before = request => request.Operation == "GetObject" ? FaultReply.Error(503, "SlowDown") : null;

        await _run.ExpectAsync(ExitCode.Transient);

        Assert.Contains("SlowDown (503), request REQ1", _run.Error!.ToLine(), StringComparison.Ordinal);
        Assert.True(_run.Progress.Retries <= _run.Tuning.Retry.Budget);
        Assert.Empty(Published());
    }

    [Fact]
    public async Task Extract_StormLargerThanTheBudget_StopsAtTheBudget()
    {
        _run.Tuning = _run.Tuning with { Retry = _run.Tuning.Retry with { Budget = 2, MaxAttempts = 100 } };
        // The listing of table A, which runs alone: others are in flight together, and share the
        // budget in no fixed order.
        Server.Before = request => PrefixOf(request) == "a/" ? FaultReply.Error(503, "SlowDown") : null;

        await _run.ExpectAsync(ExitCode.Transient);

        Assert.Equal(2, _run.Progress.Retries);
        Assert.Equal(3, Server.Log.Count(request => PrefixOf(request) == "a/"));
    }

    [Fact]
    public async Task Extract_ConnectionResetInTheMiddle_ResumesAtItsByte()
    {
        FaultRequest? cut = null;
        Server.After = (request, reply) =>
        {
            if (cut is not null || request.Operation != "GetObject" || reply.Body.Length < 1000)
                return reply;
            cut = request;
            reply.ResetAt = 700;
            return reply;
        };

        await _run.ExpectAsync(ExitCode.Done);

        // A reset may take with it what the client had not read yet, so that the rest begins at
        // byte 700 or before, and never at the beginning plus all.
        var rest = Server.Log.Single(
            request => request.Number > cut!.Number && request.Key == cut.Key && request.Range?.Last == cut.Range!.Value.Last);
        Assert.InRange(rest.Range!.Value.First - cut!.Range!.Value.First, 0, 700);
        Assert.Equal(1, _run.Progress.Retries);
    }

    [Fact]
    public async Task Extract_ReplyEndsEarly_ResumesAtItsByte()
    {
        FaultRequest? cut = null;
        Server.After = (request, reply) =>
        {
            if (cut is not null || request.Operation != "GetObject" || reply.Body.Length < 1000)
                return reply;
            cut = request;
            reply.ClaimedLength = reply.Body.Length;
            reply.Body = reply.Body[..700];
            return reply;
        };

        await _run.ExpectAsync(ExitCode.Done);

        Assert.Contains(
            Server.Log, request => request.Key == cut!.Key && request.Range == (cut.Range!.Value.First + 700, cut.Range.Value.Last));
        Assert.Equal(1, _run.Progress.Retries);
    }

    [Fact]
    public async Task Extract_StreamFallsSilent_ResumesAtItsByte()
    {
        _run.Tuning = _run.Tuning with { SilenceTimeout = TimeSpan.FromMilliseconds(300) };
        FaultRequest? silent = null;
        Server.After = (request, reply) =>
        {
            if (silent is not null || request.Operation != "GetObject" || reply.Body.Length < 1000)
                return reply;
            silent = request;
            reply.SilentAt = 600;
            return reply;
        };

        await _run.ExpectAsync(ExitCode.Done);

        Assert.Contains(
            Server.Log,
            request => request.Key == silent!.Key && request.Range == (silent.Range!.Value.First + 600, silent.Range.Value.Last));

        // On a busy machine, a stream that only pauses may be taken for a silent one.
        Assert.True(_run.Progress.Retries >= 1);
    }

    [Fact]
    public async Task Extract_RepliesOfWrongLength_NamesTheStore()
    {
        Server.After = (request, reply) =>
        {
            if (request.Operation == "GetObject" && reply.Body.Length > 10)
                reply.Body = reply.Body[..^1];
            return reply;
        };

        await _run.ExpectAsync(ExitCode.Configuration);
        Assert.Empty(Published());
    }

    [Fact]
    public async Task Extract_ObjectReplacedBetweenRanges_EndsPassingWithoutARepeat()
    {
        Server.Before = request =>
        {
            if (request.Operation == "GetObject" && request.OfOperation == 8)
                Server.Bucket.Put(request.Key, Server.Bucket.Objects[request.Key].Bytes);
            return null;
        };

        await _run.ExpectAsync(ExitCode.Transient);

        Assert.IsType<ObjectChangedException>(_run.Error);
        Assert.Equal(0, _run.Progress.Retries);
        Assert.Empty(Published());
    }

    [Fact]
    public async Task Extract_EndpointIgnoresIfMatch_FindsTheOtherETag()
    {
        Server.After = (request, reply) =>
        {
            if (request.Operation == "GetObject" && request.OfOperation >= 8)
                reply.Headers["ETag"] = "\"another\"";
            return reply;
        };

        await _run.ExpectAsync(ExitCode.Transient);
        Assert.IsType<ObjectChangedException>(_run.Error);
        Assert.Empty(Published());
    }

    [Fact]
    public async Task Extract_EndpointIgnoresRanges_IsToldSo()
    {
        Server.Before = request =>
        {
            if (request.Operation == "GetObject")
                request.Headers.Remove("range");
            return null;
        };

        // A file shorter than the footer's first read is read whole, without a range; one of its
        // chunks is a range.
        await _run.ExpectAsync(ExitCode.Configuration);
        Assert.Empty(Published());
    }

    [Fact]
    public async Task Extract_ListingThatRepeatsItself_EndsInsteadOfGoingRound()
    {
        Server.Bucket.PageKeys = 2;
        // One partition, with six files: no listing runs beside that of its folder.
        Server.Bucket.Remove("b/ano_mes_dia=20251021/part-00000.parquet");
        Server.Before = request =>
        {
            request.Query.Remove("continuation-token");
            return null;
        };

        await _run.ExpectAsync(ExitCode.Configuration);

        Assert.Contains("A listing repeats itself", _run.Error!.ToLine(), StringComparison.Ordinal);
        // The page that came again ends it. All other listings have one page: of table A its
        // folders and its files, of table B its folders, and of three marks of table formats in
        // each table's folder and in the bucket, which is looked at for each table.
        var counts = Server.Log.Where(request => request.Operation == "ListObjectsV2").CountBy(PrefixOf).ToDictionary();
        Assert.Equal((2, 2, 1), (counts["b/ano_mes_dia=20251022/"], counts["a/"], counts["b/"]));
        Assert.Equal(17, counts.Values.Sum());
    }

    [Fact]
    public async Task Extract_ListingInSmallPages_IsTheSame()
    {
        Server.Bucket.PageKeys = 1;
        await _run.ExpectAsync(ExitCode.Done);
        Assert.Equal("216", _run.ActiveObject!.Metadata["x-amz-meta-total_ids"]);
    }

    private static string PrefixOf(FaultRequest request) =>
        request.Operation == "ListObjectsV2" ? request.Query.GetValueOrDefault("prefix", "") : "not a listing";

    private IEnumerable<string> Published() => Server.Bucket.Objects.Keys.Where(key => key.StartsWith("out/", StringComparison.Ordinal));
}
