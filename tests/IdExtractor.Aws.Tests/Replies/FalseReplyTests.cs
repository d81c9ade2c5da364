using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using IdExtractor.Aws.Tests.Faults;
using IdExtractor.Foundation.Errors;
using IdExtractor.Testing.S3;

namespace IdExtractor.Aws.Tests.Replies;

/// <summary>
/// Every kind of reply of S3, spoilt in every way, once and always. Whatever a reply holds: the run
/// ends, with one of the codes for it, and what is active is the right file or none. Most of it is
/// waiting for deadlines: a class for each group of operations, so that they wait at the same time.
/// </summary>
public abstract class FalseReplyTests : IDisposable
{
    /// <summary>
    /// Far beyond all deadlines of a run with these times; only a hang takes as long.
    /// </summary>
    internal static readonly TimeSpan Hang = TimeSpan.FromMinutes(2);

    /// <summary>Operations that only uploads and copies in parts have.</summary>
    internal static readonly string[] InParts = ["CreateMultipartUpload", "UploadPart", "UploadPartCopy", "CompleteMultipartUpload",
        "AbortMultipartUpload"];

    private const string Listing = "ListObjectsV2", Get = "GetObject", Head = "HeadObject";

    private static readonly string[] s_documents = [Listing, "ListMultipartUploads", Get, "CopyObject", "CreateMultipartUpload",
        "UploadPartCopy", "CompleteMultipartUpload"];
    private static readonly string[] s_headersAlone = [Head, "PutObject", "UploadPart", "AbortMultipartUpload"];

    private static readonly Dictionary<string, Action<FaultReply>> s_faults = new()
    {
        ["empty"] = reply => reply.Body = [],
        ["html"] = reply => Become(reply, "text/html", "<html><body>Please <b>log in</b><br></body></html>"),
        ["json"] = reply => Become(reply, "application/json", """{"error":"x"}"""),
        ["other document"] = reply => Become(reply, "application/xml", "<?xml version=\"1.0\"?><Other><Key>a</Key></Other>"),
        ["error with 200"] = reply => Become(reply, "application/xml",
            "<?xml version=\"1.0\"?><Error><Code>InternalError</Code><Message>no</Message></Error>"),
        ["cut"] = reply => reply.Body = reply.Body[..(reply.Body.Length / 2)],
        ["reset"] = reply => reply.ResetAt = reply.Body.Length / 2,
        ["shorter than claimed"] = reply => reply.ClaimedLength = reply.Body.Length + 10,
        ["silent"] = reply => reply.SilentAt = reply.Body.Length / 2,
        ["slow"] = reply => reply.Pause = TimeSpan.FromMilliseconds(100),
        ["huge"] = reply => (reply.Body, reply.Times) = (reply.Body.Length == 0 ? [] : new byte[1 << 20], 64),
        ["without length"] = reply => reply.HasLength = false,
        ["another range"] = reply => Replace(reply, "Content-Range", "bytes 0-0/1"),
        ["malformed range"] = reply => Replace(reply, "Content-Range", "bytes x"),
        ["no range"] = reply => Replace(reply, "Content-Range", null),
        ["malformed date"] = reply => Replace(reply, "Last-Modified", "yesterday"),
        ["malformed date in a document"] = reply => Edit(reply, "LastModified", "yesterday"),
        ["malformed size"] = reply => Edit(reply, "Size", "12x"),
        ["size too large"] = reply => Edit(reply, "Size", "99999999999999999999"),
        ["negative size"] = reply => Edit(reply, "Size", "-1"),
        ["no size"] = reply => Edit(reply, "Size", null),
        ["no key"] = reply => Edit(reply, "Key", null),
        ["no end mark"] = reply => Edit(reply, "IsTruncated", null),
        ["malformed end mark"] = reply => Edit(reply, "IsTruncated", "perhaps"),
        ["goes on without a token"] = reply => Edit(reply, "IsTruncated", "true"),
        ["no upload id"] = reply => Edit(reply, "UploadId", ""),
        ["no ETag"] = reply => { Replace(reply, "ETag", null); Edit(reply, "ETag", null); },
    };

    private readonly FaultedRun _run = new();

    private FaultServer Server => _run.Server;

    public void Dispose()
    {
        _run.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>
    /// Operation, fault, and whether all its replies are spoilt or the first one, for these
    /// operations.
    /// </summary>
    protected static TheoryData<string, string, bool> CasesOf(params string[] wanted)
    {
        var cases = new TheoryData<string, string, bool>();
        void Add(IEnumerable<string> operations, bool always, params string[] faults)
        {
            foreach (var operation in operations.Where(wanted.Contains))
            {
                foreach (var fault in faults)
                    cases.Add(operation, fault, always);
            }
        }

        Add(s_documents, true, "empty", "html", "json", "other document", "error with 200", "cut", "reset", "shorter than claimed",
            "silent", "slow", "huge", "without length");
        Add(s_documents, false, "html", "cut", "reset", "silent");
        Add(s_headersAlone, true, "html", "error with 200", "shorter than claimed", "without length", "no ETag");
        Add([Listing], true, "malformed date in a document", "malformed size", "size too large", "negative size", "no size", "no key",
            "no end mark", "malformed end mark", "goes on without a token", "no ETag");
        Add(["ListMultipartUploads"], true, "no key", "no end mark", "no upload id");
        Add([Head, Get], true, "malformed date");
        Add([Get], true, "no ETag");
        Add([Get], true, "another range", "malformed range", "no range");
        Add(["CopyObject", "UploadPartCopy", "CompleteMultipartUpload"], true, "no ETag");
        Add(["CreateMultipartUpload"], true, "no upload id");
        return cases;
    }

    protected async Task ExpectTheRightFileOrNoneAsync(string operation, string fault, bool always)
    {
        _run.Tuning = _run.Tuning with
        {
            ReplyTimeout = TimeSpan.FromSeconds(4),
            SilenceTimeout = TimeSpan.FromSeconds(1),
            SlowTries = 2,
        };
        if (InParts.Contains(operation))
            _run.Sizes = _run.Sizes with { MaxPutBytes = 100, PartBytes = 200, MaxCopyBytes = 100, CopyPartBytes = 200 };
        var spoilt = 0;
        Server.After = (request, reply) =>
        {
            if (request.Operation == operation && (always || request.OfOperation == 1))
            {
                s_faults[fault](reply);
                spoilt++;
            }

            return reply;
        };

        var ended = await _run.ExtractAsync().WaitAsync(Hang);

        Assert.True(spoilt > 0, $"No such reply was sent: {ended}, {_run.Error?.ToLine()}");
        Assert.Contains(ended, (ExitCode[])[ExitCode.Done, ExitCode.Configuration, ExitCode.VerificationFailed, ExitCode.Transient]);
        Assert.True(ended != ExitCode.Done || _run.ActiveObject is not null, "It says that it has published, and has not");
        if (_run.ActiveObject is { } active)
        {
            _run.AssertWhole();
            Assert.Equal("216", active.Metadata["x-amz-meta-total_ids"]);
        }
    }

    private static void Become(FaultReply reply, string type, string text) => (reply.Headers["Content-Type"], reply.Body) =
        (type, Encoding.UTF8.GetBytes(text));

    private static void Replace(FaultReply reply, string header, string? value)
    {
        if (reply.Headers.Remove(header) && value is not null)
            reply.Headers[header] = value;
    }

    private static void Edit(FaultReply reply, string element, string? value)
    {
        var text = Encoding.Latin1.GetString(reply.Body);
        if (!text.StartsWith("<?xml", StringComparison.Ordinal))
            return;
        var replacement = value is null ? "" : string.Create(CultureInfo.InvariantCulture, $"<{element}>{value}</{element}>");
        reply.Body = Encoding.Latin1.GetBytes(Regex.Replace(text, $"<{element}>[^<]*</{element}>", replacement));
    }
}
