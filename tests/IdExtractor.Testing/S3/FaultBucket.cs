using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using IdExtractor.Core.Storage;

namespace IdExtractor.Testing.S3;

/// <summary>
/// The objects of a bucket and the answers to requests for them: enough of S3 for whole runs,
/// conditions on both ends of a copy included. Called for one request at a time.
/// </summary>
internal sealed class FaultBucket
{
    private readonly SortedDictionary<string, FaultObject> _objects = new(KeyOrder.Instance);
    private readonly Dictionary<string, FaultUpload> _uploads = [];
    private int _versions;

    /// <summary>The objects by key.</summary>
    public IReadOnlyDictionary<string, FaultObject> Objects => _objects;

    /// <summary>Uploads that were started and neither completed nor aborted.</summary>
    public int OpenUploads => _uploads.Count;

    /// <summary>Those of them that were begun with metadata, as all uploads of files are.</summary>
    public int OpenUploadsOfFiles => _uploads.Values.Count(upload => upload.Metadata.Count > 0);

    /// <summary>Whether bodies are checked against their Content-MD5, as S3 does.</summary>
    public bool ChecksDigests { get; set; } = true;

    /// <summary>How long ago uploads were begun, by the bucket's word, beyond the truth.</summary>
    public TimeSpan UploadsAreOlderBy { get; set; }

    /// <summary>Uploads of one page of their listing.</summary>
    public int PageUploads { get; set; } = 1000;

    /// <summary>Keys of one page of a listing.</summary>
    public int PageKeys { get; set; } = 1000;

    /// <summary>Puts an object in.</summary>
    public FaultObject Put(string key, byte[] bytes, Dictionary<string, string>? metadata = null) =>
        _objects[key] = new FaultObject(
            bytes, $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..24]}{++_versions:x8}\"", metadata ?? [], DateTime.UtcNow);

    /// <summary>Changes an object without a new version.</summary>
    public void Replace(string key, FaultObject found) => _objects[key] = found;

    /// <summary>Starts an upload that is never continued.</summary>
    public void BeginUpload(string key) => _uploads[$"upload{++_versions}"] = new FaultUpload(key, [], [], DateTime.UtcNow);

    /// <summary>
    /// Whether an upload in progress was begun with metadata; null for another one.
    /// </summary>
    public bool? HasMetadata(string upload) => _uploads.TryGetValue(upload, out var found) ? found.Metadata.Count > 0 : null;

    /// <summary>Takes an object out.</summary>
    public void Remove(string key) => _objects.Remove(key);

    /// <summary>Does what a request asks.</summary>
    public FaultReply Answer(FaultRequest request) => request.Operation switch
    {
        "ListObjectsV2" => List(request),
        "ListMultipartUploads" => ListUploads(request),
        "HeadObject" or "GetObject" => Get(request),
        "PutObject" => Created(request, request.Body, MetadataOf(request)),
        "CopyObject" => Copy(request),
        "CreateMultipartUpload" => Begin(request),
        "UploadPart" => Part(request, request.Body),
        "UploadPartCopy" => CopyPart(request),
        "CompleteMultipartUpload" => Complete(request),
        "AbortMultipartUpload" => _uploads.Remove(request.Query["uploadId"])
            ? new FaultReply { Status = 204 }
            : FaultReply.Error(404, "NoSuchUpload"),
        "DeleteObject" => Delete(request),
        _ => FaultReply.Error(501, "NotImplemented"),
    };

    private static Dictionary<string, string> MetadataOf(FaultRequest request) =>
        request.Headers.Where(
            pair => pair.Key.StartsWith("x-amz-meta-", StringComparison.Ordinal)).ToDictionary(pair => pair.Key, pair => pair.Value);

    private static FaultReply WithETag(FaultReply reply, string etag)
    {
        reply.Headers["ETag"] = etag;
        return reply;
    }

    private FaultReply List(FaultRequest request)
    {
        var prefix = request.Query.GetValueOrDefault("prefix", "");
        var delimiter = request.Query.GetValueOrDefault("delimiter", "");
        var after = request.Query.GetValueOrDefault("continuation-token", "");
        var most = Math.Min(PageKeys, int.Parse(request.Query.GetValueOrDefault("max-keys", "1000"), CultureInfo.InvariantCulture));
        var names = _objects.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal))
            .Select(key => delimiter.Length > 0 && key.IndexOf('/', prefix.Length) is >= 0 and var slash ? key[..(slash + 1)] : key)
            .Distinct()
            .Where(name => KeyOrder.Instance.Compare(name, after) > 0)
            .ToList();
        var page = names.Take(most).ToList();
        var document = new StringBuilder("<ListBucketResult>");
        foreach (var name in page)
        {
            document.Append(
                CultureInfo.InvariantCulture,
                $"{(name.EndsWith('/') ? $"<CommonPrefixes><Prefix>{name}</Prefix></CommonPrefixes>" : ContentsOf(name))}");
        }

        var isCut = page.Count < names.Count;
        document.Append(CultureInfo.InvariantCulture, $"<IsTruncated>{(isCut ? "true" : "false")}</IsTruncated>");
        if (isCut)
            document.Append(CultureInfo.InvariantCulture, $"<NextContinuationToken>{page[^1]}</NextContinuationToken>");
        return FaultReply.Xml(document.Append("</ListBucketResult>").ToString());
    }

    private FaultReply ListUploads(FaultRequest request)
    {
        var prefix = request.Query.GetValueOrDefault("prefix", "");
        var (afterKey, afterId) = (
            request.Query.GetValueOrDefault("key-marker", ""), request.Query.GetValueOrDefault("upload-id-marker", ""));
        var uploads = _uploads.Where(
            pair => pair.Value.Key.StartsWith(
                prefix, StringComparison.Ordinal) && !pair.Value.Key[prefix.Length..].Contains('/', StringComparison.Ordinal))
            .OrderBy(pair => pair.Value.Key, KeyOrder.Instance).ThenBy(pair => pair.Key, StringComparer.Ordinal)
            .SkipWhile(
                pair => KeyOrder.Instance.Compare(pair.Value.Key, afterKey) < 0 || (
                    pair.Value.Key == afterKey && string.CompareOrdinal(pair.Key, afterId) <= 0))
            .ToList();
        var page = uploads.Take(PageUploads).ToList();
        var document = new StringBuilder("<ListMultipartUploadsResult>");
        foreach (var (id, upload) in page)
        {
            document.Append(CultureInfo.InvariantCulture, $"<Upload><Key>{upload.Key}</Key><UploadId>{id}</UploadId>");
            document.Append(
                CultureInfo.InvariantCulture,
                $"<Initiated>{upload.Begun - UploadsAreOlderBy:yyyy-MM-ddTHH:mm:ss.000Z}</Initiated></Upload>");
        }

        var isCut = page.Count < uploads.Count;
        document.Append(CultureInfo.InvariantCulture, $"<IsTruncated>{(isCut ? "true" : "false")}</IsTruncated>");
        if (isCut)
            document.Append(
                CultureInfo.InvariantCulture,
                $"<NextKeyMarker>{page[^1].Value.Key}</NextKeyMarker><NextUploadIdMarker>{page[^1].Key}</NextUploadIdMarker>");
        return FaultReply.Xml(document.Append("</ListMultipartUploadsResult>").ToString());
    }

    private string ContentsOf(string key)
    {
        var found = _objects[key];
        return $"<Contents><Key>{key}</Key><Size>{found.Bytes.Length}</Size><ETag>{found.ETag}</ETag><LastModified>{found.Modified:yyyy-MM-ddTHH:mm:ss.000Z}</LastModified></Contents>";
    }

    private FaultReply Get(FaultRequest request)
    {
        if (!_objects.TryGetValue(request.Key, out var found))
            return FaultReply.Error(404, "NoSuchKey");
        if (request.Headers.TryGetValue("if-match", out var wanted) && wanted != found.ETag)
            return FaultReply.Error(412, "PreconditionFailed");
        var (first, last) = request.Range ?? (0, found.Bytes.Length - 1L);
        if (request.Range is not null && first >= found.Bytes.Length)
            return FaultReply.Error(416, "InvalidRange");
        last = Math.Min(last, found.Bytes.Length - 1);
        var reply = new FaultReply { Status = request.Range is null ? 200 : 206, Body = found.Bytes[(int)first..(int)(last + 1)] };
        reply.Headers["ETag"] = found.ETag;
        reply.Headers["Last-Modified"] = found.Modified.ToString("R", CultureInfo.InvariantCulture);
        if (request.Range is not null)
            reply.Headers["Content-Range"] = $"bytes {first}-{last}/{found.Bytes.Length}";
        foreach (var (name, value) in found.Metadata)
            reply.Headers[name] = value;
        return reply;
    }

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Security", "CA5351", Justification = "S3 defines Content-MD5.")]
    private FaultReply? BadDigest(FaultRequest request) =>
        ChecksDigests
            && request.Headers.TryGetValue("content-md5", out var wanted)
            && wanted != Convert.ToBase64String(MD5.HashData(request.Body))
            ? FaultReply.Error(400, "BadDigest")
            : null;

    private FaultReply Created(FaultRequest request, byte[] bytes, Dictionary<string, string> metadata) =>
        BadDigest(request) ?? Refusal(request) ?? WithETag(new FaultReply(), Put(request.Key, bytes, metadata).ETag);

    private FaultReply Copy(FaultRequest request)
    {
        if (SourceOf(request, out var source) is { } refusal)
            return refusal;
        if (Refusal(request) is { } taken)
            return taken;
        var copy = Put(request.Key, source!.Bytes, MetadataOf(request));
        return FaultReply.Xml(
            $"<CopyObjectResult><ETag>{copy.ETag}</ETag><LastModified>{copy.Modified:yyyy-MM-ddTHH:mm:ss.000Z}</LastModified></CopyObjectResult>");
    }

    private FaultReply? SourceOf(FaultRequest request, out FaultObject? source)
    {
        var path = Uri.UnescapeDataString(request.Headers["x-amz-copy-source"]).TrimStart('/');
        if (!_objects.TryGetValue(path[(path.IndexOf('/', StringComparison.Ordinal) + 1)..], out source))
            return FaultReply.Error(404, "NoSuchKey");
        return request.Headers.TryGetValue("x-amz-copy-source-if-match", out var wanted) && wanted != source.ETag
            ? FaultReply.Error(412, "PreconditionFailed")
            : null;
    }

    private FaultReply? Refusal(FaultRequest request)
    {
        var current = _objects.GetValueOrDefault(request.Key);
        if (request.Headers.ContainsKey("if-none-match") && current is not null)
            return FaultReply.Error(412, "PreconditionFailed");
        if (!request.Headers.TryGetValue("if-match", out var wanted))
            return null;
        return current is null ? FaultReply.Error(404, "NoSuchKey")
            : wanted == current.ETag ? null
            : FaultReply.Error(412, "PreconditionFailed");
    }

    private FaultReply Begin(FaultRequest request)
    {
        var id = $"upload{++_versions}";
        _uploads[id] = new FaultUpload(request.Key, MetadataOf(request), [], DateTime.UtcNow);
        var reply = FaultReply.Xml($"<InitiateMultipartUploadResult><UploadId>{id}</UploadId></InitiateMultipartUploadResult>");
        if (request.Headers.TryGetValue("x-amz-checksum-algorithm", out var algorithm))
            reply.Headers["x-amz-checksum-algorithm"] = algorithm;
        return reply;
    }

    private FaultReply Part(FaultRequest request, byte[] bytes)
    {
        if (!_uploads.TryGetValue(request.Query["uploadId"], out var upload))
            return FaultReply.Error(404, "NoSuchUpload");
        if (BadDigest(request) is { } refusal)
            return refusal;
        upload.Parts[int.Parse(request.Query["partNumber"], CultureInfo.InvariantCulture)] = bytes;
        return WithETag(new FaultReply(), $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..32]}\"");
    }

    private FaultReply CopyPart(FaultRequest request)
    {
        if (SourceOf(request, out var source) is { } refusal)
            return refusal;
        var ends = request.Headers["x-amz-copy-source-range"]["bytes=".Length..]
            .Split('-')
            .Select(end => int.Parse(end, CultureInfo.InvariantCulture))
            .ToArray();
        var etag = Part(request, source!.Bytes[ends[0]..(ends[1] + 1)]).Headers["ETag"];
        return FaultReply.Xml($"<CopyPartResult><ETag>{etag}</ETag></CopyPartResult>");
    }

    private FaultReply Complete(FaultRequest request)
    {
        var id = request.Query["uploadId"];
        if (!_uploads.TryGetValue(id, out var upload))
            return FaultReply.Error(404, "NoSuchUpload");
        if (Refusal(request) is { } refusal)
            return refusal;
        var numbers = XDocument.Parse(Encoding.UTF8.GetString(request.Body))
            .Descendants()
            .Where(element => element.Name.LocalName == "PartNumber")
            .Select(element => (int)element);
        var bytes = numbers.SelectMany(number => upload.Parts[number]).ToArray();
        _uploads.Remove(id);
        return FaultReply.Xml(
            $"<CompleteMultipartUploadResult><ETag>{Put(request.Key, bytes, upload.Metadata).ETag}</ETag></CompleteMultipartUploadResult>");
    }

    private FaultReply Delete(FaultRequest request)
    {
        if (_objects.ContainsKey(request.Key) && Refusal(request) is { } refusal)
            return refusal;
        _objects.Remove(request.Key);
        return new FaultReply { Status = 204 };
    }
}

/// <summary>One version of an object. Metadata with their headers' names.</summary>
internal sealed record FaultObject(byte[] Bytes, string ETag, Dictionary<string, string> Metadata, DateTime Modified);

/// <summary>An upload in progress.</summary>
internal sealed record FaultUpload(string Key, Dictionary<string, string> Metadata, Dictionary<int, byte[]> Parts, DateTime Begun);
