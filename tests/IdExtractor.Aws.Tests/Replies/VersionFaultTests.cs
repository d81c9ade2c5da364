using System.Text;
using System.Text.RegularExpressions;
using IdExtractor.Aws.Tests.Faults;
using IdExtractor.Foundation.Errors;
using IdExtractor.Testing.S3;

namespace IdExtractor.Aws.Tests.Replies;

/// <summary>
/// Stores that return versions, ranges and keys in other ways than S3: nothing wrong is read, and
/// what cannot change by itself is not called temporary.
/// </summary>
public sealed class VersionFaultTests : IDisposable
{
    private readonly FaultedRun _run = new();

    private FaultServer Server => _run.Server;

    public void Dispose() => _run.Dispose();

    [Theory]
    [InlineData(null)]
    [InlineData("\"\"")]
    [InlineData("W/\"weak\"")]
    public async Task Extract_NoUsableETagInTheInput_PinsByDateAndSize(string? etag)
    {
        SpoilETags(etag, key => !key.StartsWith("out/", StringComparison.Ordinal));

        await _run.ExpectAsync(ExitCode.Done);

        Assert.Equal("216", _run.ActiveObject!.Metadata["x-amz-meta-total_ids"]);
        Assert.DoesNotContain(Server.Log, request => request.Operation == "GetObject"
            && !request.Key.StartsWith("out/", StringComparison.Ordinal) && request.Headers.ContainsKey("if-match"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Extract_ETagsInListingsOrInRepliesAlone_ComparesDateAndSize(bool inListings)
    {
        Server.After = (request, reply) =>
        {
            if (request.Operation == "ListObjectsV2" ? !inListings : inListings
                && !request.Key.StartsWith("out/", StringComparison.Ordinal))
                WithETag(reply, null);
            return reply;
        };

        await _run.ExpectAsync(ExitCode.Done);
        Assert.Equal("216", _run.ActiveObject!.Metadata["x-amz-meta-total_ids"]);
    }

    [Fact]
    public async Task Extract_ObjectWithoutETagReplacedWhileRead_FindsTheOtherDate()
    {
        SpoilETags(null, key => !key.StartsWith("out/", StringComparison.Ordinal));
        var spoil = Server.After;
        Server.After = (request, reply) =>
        {
            reply = spoil(request, reply)!;
            if (request is { Operation: "GetObject", OfOperation: >= 8 })
                reply.Headers["Last-Modified"] = DateTime.UtcNow.AddHours(1).ToString("R");
            return reply;
        };

        await _run.ExpectAsync(ExitCode.Transient);

        Assert.IsType<ObjectChangedException>(_run.Error);
        Assert.Null(_run.ActiveObject);
    }

    [Fact]
    public async Task Extract_NeitherETagNorDate_IsRefused()
    {
        Server.After = (_, reply) =>
        {
            WithETag(reply, null);
            reply.Headers.Remove("Last-Modified");
            reply.Body = Encoding.Latin1.GetBytes(
                Regex.Replace(Encoding.Latin1.GetString(reply.Body), "<LastModified>[^<]*</LastModified>", ""));
            return reply;
        };

        await _run.ExpectAsync(ExitCode.Configuration);
        Assert.Contains("ETag", _run.Error!.ToLine(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("W/\"weak\"")]
    public async Task Extract_NoUsableETagInTheOutput_IsRefusedAndPublishesNothing(string? etag)
    {
        SpoilETags(etag, key => key.StartsWith("out/", StringComparison.Ordinal));

        await _run.ExpectAsync(ExitCode.Configuration);

        Assert.Contains("ETag", _run.Error!.ToLine(), StringComparison.Ordinal);
        Assert.Null(_run.ActiveObject);
    }

    [Fact]
    public async Task Extract_IfMatchNeverHolds_IsTheStoresFaultAndNotAChange()
    {
        Server.Before = request => request.Operation == "GetObject" && request.Headers.ContainsKey("if-match")
            ? FaultReply.Error(412, "PreconditionFailed") : null;

        await _run.ExpectAsync(ExitCode.Configuration);
        Assert.Contains("If-Match", _run.Error!.ToLine(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Extract_KeysListedEncoded_NamesTheListing()
    {
        Server.After = (request, reply) =>
        {
            if (request.Operation == "ListObjectsV2")
                reply.Body = Encoding.UTF8.GetBytes(
                    Encoding.UTF8.GetString(reply.Body).Replace("dia=", "dia%3D", StringComparison.Ordinal));
            return reply;
        };

        await _run.ExpectAsync(ExitCode.Configuration);
        Assert.Contains("percent-encoded", _run.Error!.ToLine(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Extract_KeysWithRealPercentSigns_AreRead()
    {
        foreach (var (key, found) in Server.Bucket.Objects.ToArray())
        {
            if (key.StartsWith("b/", StringComparison.Ordinal) && key.EndsWith(".parquet", StringComparison.Ordinal))
            {
                Server.Bucket.Remove(key);
                Server.Bucket.Put(key.Replace(".parquet", "%20x.parquet", StringComparison.Ordinal), found.Bytes);
            }
        }

        await _run.ExpectAsync(ExitCode.Done);
        Assert.Equal("216", _run.ActiveObject!.Metadata["x-amz-meta-total_ids"]);
    }

    [Theory]
    [InlineData(true, true, ExitCode.VerificationFailed)]
    [InlineData(false, true, ExitCode.VerificationFailed)]
    [InlineData(true, false, ExitCode.Done)]
    [InlineData(false, false, ExitCode.Done)]
    public async Task Extract_CopyStoresOtherBytes_IsCopiedAgainOrSaid(bool inParts, bool always, ExitCode expected)
    {
        if (inParts)
            _run.Sizes = _run.Sizes with { MaxPutBytes = 100, PartBytes = 200, MaxCopyBytes = 100, CopyPartBytes = 200 };
        var last = inParts ? "CompleteMultipartUpload" : "CopyObject";
        var copies = 0;
        Server.After = (request, reply) =>
        {
            if (request.Operation == last && request.Key == FaultedRun.Active && (copies++ == 0 || always))
            {
                // The stage object may share its array.
                var copy = Server.Bucket.Objects[request.Key];
                var bytes = (byte[])copy.Bytes.Clone();
                bytes[20] ^= 1;
                Server.Bucket.Replace(request.Key, copy with { Bytes = bytes });
            }

            return reply;
        };

        await _run.ExpectAsync(expected);

        Assert.Equal(2, copies);
        if (expected == ExitCode.Done)
            _run.AssertWhole();
        else
            Assert.Contains("the store copied them wrongly", _run.Error!.ToLine(), StringComparison.Ordinal);
    }

    private static void WithETag(FaultReply reply, string? etag)
    {
        reply.Headers.Remove("ETag");
        if (etag is not null)
            reply.Headers["ETag"] = etag;
        var text = Encoding.Latin1.GetString(reply.Body);
        if (text.StartsWith("<?xml", StringComparison.Ordinal))
            reply.Body = Encoding.Latin1.GetBytes(Regex.Replace(text, "<ETag>[^<]*</ETag>", etag is null ? "" : $"<ETag>{etag}</ETag>"));
    }

    private void SpoilETags(string? etag, Func<string, bool> keys)
    {
        // Conditions on ETags are what such a store, or a proxy in front of it, cannot honour.
        Server.After = (request, reply) =>
        {
            if (keys(request.Key.Length > 0 ? request.Key : request.Query.GetValueOrDefault("prefix", "")))
                WithETag(reply, etag);
            return reply;
        };
    }
}
