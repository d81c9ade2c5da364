using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using IdExtractor.Testing.S3;

namespace IdExtractor.Conformance.Tests.Cases;

/// <summary>
/// The store of a small case: the samples in a bucket, another host, and the ways in which the
/// store misbehaves, by the names that steps use.
/// </summary>
internal sealed class CaseStore : IDisposable
{
    private const string Listing = "ListObjectsV2", Get = "GetObject";

    private readonly FaultServer _server = new();
    private readonly FaultServer _other = new();
    private readonly Dictionary<string, Action> _behaviours;
    private int _before;

    public CaseStore(string samples)
    {
        foreach (var table in (string[])["a", "b"])
        {
            foreach (var file in Directory.EnumerateFiles(Path.Combine(samples, table), "*.parquet", SearchOption.AllDirectories))
                _server.Bucket.Put(Path.GetRelativePath(samples, file), File.ReadAllBytes(file));
        }

        _behaviours = new()
        {
            ["honest"] = () => { },
            ["archived"] = () => _server.Before = request => request.Operation == Get && IsOfTableB(request)
                ? FaultReply.Error(403, "InvalidObjectState")
                : null,
            ["another range"] = () => _server.After = FromTheBeginning,
            ["shorter range"] = () => _server.After = (request, reply) => Spoil(
                reply, request.Range?.First > 100, spoilt => spoilt.Body = spoilt.Body[..(spoilt.Body.Length / 2)]),
            ["second page is html"] = () => SpoilSecondPage(
                reply => reply.Body = "<html><body>Please <b>log in</b><br></body></html>"u8.ToArray()),
            ["second page is empty"] = () => SpoilSecondPage(reply => reply.Body = []),
            ["second page has no end mark"] = () => SpoilSecondPage(reply => Edit(reply, "<IsTruncated>[^<]*</IsTruncated>", "")),
            ["pages repeat"] = () =>
            {
                _server.Bucket.PageKeys = 2;
                _server.Before = request =>
                {
                    request.Query.Remove("continuation-token");
                    return null;
                };
            },
            ["negative sizes"] = () => _server.After = (request, reply) => Spoil(
                reply, request.Operation == Listing, spoilt => Edit(spoilt, "<Size>[^<]*<", "<Size>-5<")),
            ["redirects reads"] = () => _server.Before = request => request.Operation == Get ? Redirect(request) : null,
            ["redirects writes"] = () => _server.Before = request =>
                request.Operation is "PutObject" or "CreateMultipartUpload" ? Redirect(request) : null,
            ["first listing is silent"] = () => _server.After = (request, reply) => Spoil(
                reply, request is { Operation: Listing, OfOperation: 1 }, spoilt => spoilt.SilentAt = spoilt.Body.Length / 2),
            ["first read is slow"] = () => _server.After = (request, reply) => Spoil(
                reply, request is { Operation: Get, OfOperation: 1 }, spoilt => spoilt.Pause = TimeSpan.FromSeconds(1)),
            ["weak ETags"] = () => _server.After = (_, reply) => Spoil(
                reply, reply.Headers.ContainsKey("ETag"), spoilt => spoilt.Headers["ETag"] = "W/" + spoilt.Headers["ETag"]),
            ["no ETags, no dates"] = () => _server.After = (_, reply) => Spoil(reply, true, WithoutVersion),
            ["encoded keys"] = () => _server.After = (request, reply) => Spoil(reply, request.Operation == Listing, Encode),
        };
    }

    /// <summary>Options of <c>extract</c> for tables and output in it.</summary>
    public string Options => $"--table-a s3://bucket/a/ --table-b s3://bucket/b/ {OutputOptions}";

    /// <summary>Options for an output in it.</summary>
    public string OutputOptions =>
        $"--output s3://bucket/out/ --path-style --region us-east-1 --endpoint-url {_server.Address} --quiet";

    /// <summary>What a shell does so that nothing but the store's keys is used.</summary>
    public static string Variables => "unset AWS_SESSION_TOKEN AWS_PROFILE; export AWS_ACCESS_KEY_ID=key AWS_SECRET_ACCESS_KEY=secret "
        + "AWS_CONFIG_FILE=$PWD/none AWS_SHARED_CREDENTIALS_FILE=$PWD/none";

    /// <summary>The active file; null when there is none.</summary>
    public byte[]? Active => _server.Find("out/active/latest.txt.gz")?.Bytes;

    /// <summary>Requests that another host got.</summary>
    public int RequestsElsewhere => _other.Log.Count;

    /// <summary>Requests since the step began.</summary>
    public int Requests => _server.Log.Count - _before;

    /// <summary>Behaves in another way from now on.</summary>
    public void Behave(string name)
    {
        _server.Before = _ => null;
        _server.After = (_, reply) => reply;
        _server.Bucket.PageKeys = 1000;
        _before = _server.Log.Count;
        _behaviours[name]();
    }

    public void Dispose()
    {
        _server.Dispose();
        _other.Dispose();
    }

    private static bool IsOfTableB(FaultRequest request) => request.Key.StartsWith("b/", StringComparison.Ordinal);

    private static FaultReply Spoil(FaultReply reply, bool isSpoilt, Action<FaultReply> spoil)
    {
        if (isSpoilt)
            spoil(reply);
        return reply;
    }

    private static void Edit(FaultReply reply, string pattern, string replacement) =>
        reply.Body = Encoding.UTF8.GetBytes(Regex.Replace(Encoding.UTF8.GetString(reply.Body), pattern, replacement));

    private static void WithoutVersion(FaultReply reply)
    {
        reply.Headers.Remove("ETag");
        reply.Headers.Remove("Last-Modified");
        reply.Body = Edited(reply.Body);

        // A body with other bytes than text stays as it is.
        static byte[] Edited(byte[] body) => body.AsSpan().StartsWith("<?xml"u8)
            ? Encoding.UTF8.GetBytes(
                Regex.Replace(Encoding.UTF8.GetString(body), "<(ETag|LastModified)>[^<]*</(ETag|LastModified)>", ""))
            : body;
    }

    private static void Encode(FaultReply reply) => reply.Body = Encoding.UTF8.GetBytes(Regex.Replace(
        Encoding.UTF8.GetString(reply.Body), "<(Key|Prefix)>([^<]*)<",
        found => $"<{found.Groups[1].Value}>{Uri.EscapeDataString(found.Groups[2].Value)}<"));

    private FaultReply FromTheBeginning(FaultRequest request, FaultReply reply) => Spoil(
        reply, IsOfTableB(request) && reply.Status == 206 && request.Range?.First > 100, spoilt =>
        {
            spoilt.Body = _server.Bucket.Objects[request.Key].Bytes[..spoilt.Body.Length];
            spoilt.Headers["Content-Range"] = string.Create(
                CultureInfo.InvariantCulture,
                $"bytes 0-{spoilt.Body.Length - 1}/{_server.Bucket.Objects[request.Key].Bytes.Length}");
        });

    private void SpoilSecondPage(Action<FaultReply> spoil)
    {
        _server.Bucket.PageKeys = 2;
        _server.After = (request, reply) => Spoil(
            reply, request.Operation == Listing && request.Query.ContainsKey("continuation-token"), spoil);
    }

    private FaultReply Redirect(FaultRequest request)
    {
        var reply = FaultReply.Error(307, "TemporaryRedirect");
        reply.Headers["Location"] = $"{_other.Address}/bucket/{request.Key}";
        return reply;
    }
}
