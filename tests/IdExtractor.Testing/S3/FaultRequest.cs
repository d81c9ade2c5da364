using System.Globalization;
using System.Net;
using System.Text;

namespace IdExtractor.Testing.S3;

/// <summary>One HTTP request as it came over the wire.</summary>
internal sealed class FaultRequest
{
    private FaultRequest(string method, string target, Dictionary<string, string> headers)
    {
        Method = method;
        Headers = headers;
        var question = target.IndexOf('?', StringComparison.Ordinal);
        var path = WebUtility.UrlDecode(
            (question < 0 ? target : target[..question]).Replace("+", "%2B", StringComparison.Ordinal)).TrimStart('/');
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        Key = slash < 0 ? "" : path[(slash + 1)..];
        foreach (var pair in question < 0 ? [] : target[(question + 1)..].Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            Query[equals < 0 ? pair : pair[..equals]] = equals < 0
                ? ""
                : WebUtility.UrlDecode(pair[(equals + 1)..].Replace("+", "%2B", StringComparison.Ordinal));
        }

        Operation = OperationOf();
    }

    public string Method { get; }

    /// <summary>Names in lower case.</summary>
    public Dictionary<string, string> Headers { get; }

    public Dictionary<string, string> Query { get; } = [];

    /// <summary>The key below the bucket; empty for the bucket itself.</summary>
    public string Key { get; }

    /// <summary>As S3's API names it.</summary>
    public string Operation { get; }

    public byte[] Body { get; private set; } = [];

    /// <summary>Which request it is, from 1, of all.</summary>
    public int Number { get; set; }

    /// <summary>
    /// Which request it is, from 1, of its operation; 0 for the uploads of the output's check.
    /// </summary>
    public int OfOperation { get; set; }

    /// <summary>
    /// It begins, fills or aborts an upload of the check whether the output can be written, or is
    /// that check's PutObject. The uploads of files have metadata, and more than one byte.
    /// </summary>
    public bool IsOfOutputCheck { get; private set; }

    /// <summary>The region that its signature names.</summary>
    public string SignedRegion =>
        Headers.TryGetValue("authorization", out var text) && text.Split('/') is [_, _, var region, ..] ? region : "";

    /// <summary>The access key that signed the request; empty when it is unsigned.</summary>
    public string AccessKey =>
        Headers.TryGetValue("authorization", out var text) && text.Split("Credential=") is [_, var rest] ? rest.Split('/')[0] : "";

    /// <summary>The session token that it was signed with.</summary>
    public string Token => Headers.GetValueOrDefault("x-amz-security-token", "");

    /// <summary>The range that it asks for, both ends included; null for none.</summary>
    public (long First, long Last)? Range => Headers.TryGetValue("range", out var text) && text.Split('=', '-') is [_, var first, var last]
        ? (long.Parse(first, CultureInfo.InvariantCulture), long.Parse(last, CultureInfo.InvariantCulture))
        : null;

    /// <summary>Decides whether the request is one of the output's check.</summary>
    /// <param name="hasUploadMetadata">Whether the upload that it names was begun with metadata;
    /// null when it names none.</param>
    public void Classify(bool? hasUploadMetadata) => IsOfOutputCheck = Operation switch
    {
        "CreateMultipartUpload" => !Headers.Keys.Any(name => name.StartsWith("x-amz-meta-", StringComparison.Ordinal)),
        "PutObject" => Body is [0],
        _ => hasUploadMetadata == false,
    };

    /// <summary>Reads the next request of a connection; null at its end.</summary>
    public static async Task<FaultRequest?> ReadAsync(Stream stream)
    {
        var head = await ReadHeadAsync(stream);
        if (head is null)
            return null;
        var lines = head.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var words = lines[0].Split(' ');
        var headers = lines.Skip(1)
            .Select(line => line.Split(':', 2))
            .ToDictionary(pair => pair[0].Trim().ToLowerInvariant(), pair => pair[1].Trim());
        var request = new FaultRequest(words[0], words[1], headers);
        if (headers.TryGetValue("expect", out var expect) && expect.Contains("100", StringComparison.Ordinal))
            await stream.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray());
        request.Body = new byte[int.Parse(headers.GetValueOrDefault("content-length", "0"), CultureInfo.InvariantCulture)];
        await stream.ReadExactlyAsync(request.Body);
        return request;
    }

    private static async Task<string?> ReadHeadAsync(Stream stream)
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (head.Count < 4 || !(head[^4] == '\r' && head[^3] == '\n' && head[^2] == '\r' && head[^1] == '\n'))
        {
            if (await stream.ReadAsync(one) == 0)
                return null;
            head.Add(one[0]);
        }

        return Encoding.ASCII.GetString([.. head]);
    }

    private string OperationOf() => (Method, Key.Length > 0) switch
    {
        ("GET", false) => Query.ContainsKey("uploads") ? "ListMultipartUploads" : "ListObjectsV2",
        ("HEAD", true) => "HeadObject",
        ("GET", true) => "GetObject",
        ("DELETE", true) => Query.ContainsKey("uploadId") ? "AbortMultipartUpload" : "DeleteObject",
        ("POST", true) => Query.ContainsKey("uploads") ? "CreateMultipartUpload" : "CompleteMultipartUpload",
        ("PUT", true) when Query.ContainsKey("uploadId") => Headers.ContainsKey("x-amz-copy-source") ? "UploadPartCopy" : "UploadPart",
        ("PUT", true) => Headers.ContainsKey("x-amz-copy-source") ? "CopyObject" : "PutObject",
        _ => Method,
    };
}
