using System.Net;
using Amazon.S3;
using Amazon.S3.Model;

namespace IdExtractor.Aws.Tests.Emulator;

/// <summary>
/// The emulator's additions to moto's S3, each checked against S3's API reference.
/// </summary>
public sealed class S3AdditionsTests(EmulatorFixture emulator) : IClassFixture<EmulatorFixture>, IAsyncLifetime, IDisposable
{
    private readonly string _bucket = EmulatorFixture.NewName("conditions");
    private readonly Lazy<AmazonS3Client> _s3 = new(() => emulator.CreateS3());

    private AmazonS3Client S3 => _s3.Value;

    public async Task InitializeAsync()
    {
        if (Python.SkipReason is null)
            await S3.PutBucketAsync(_bucket);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        if (_s3.IsValueCreated)
            _s3.Value.Dispose();
    }

    [EmulatorFact]
    public async Task PutObject_MetadataWithUnderscore_KeepsItsName()
    {
        var put = new PutObjectRequest { BucketName = _bucket, Key = "a", ContentBody = "text" };
        put.Metadata["total_ids"] = "3";
        put.Metadata["md5_checksum"] = "7fdf";
        put.Metadata["plain-name"] = "x";
        await S3.PutObjectAsync(put);

        var head = await S3.GetObjectMetadataAsync(_bucket, "a");

        Assert.Equal(("3", "7fdf", "x"), (head.Metadata["total_ids"], head.Metadata["md5_checksum"], head.Metadata["plain-name"]));
        Assert.Equal(3, head.Metadata.Count);
    }

    [EmulatorFact]
    public async Task CopyObject_ReplacedMetadataWithUnderscore_KeepsItsName()
    {
        await PutAsync("a", "text");
        var copy = CopyRequest("a", "b");
        copy.MetadataDirective = S3MetadataDirective.REPLACE;
        copy.Metadata["source_partition"] = "20251022";
        await S3.CopyObjectAsync(copy);

        var head = await S3.GetObjectMetadataAsync(_bucket, "b");

        Assert.Equal("20251022", head.Metadata["source_partition"]);
    }

    [EmulatorFact]
    public async Task ListMultipartUploads_Uploads_TellWhenTheyWereBegun()
    {
        await S3.InitiateMultipartUploadAsync(_bucket, "a");

        var listed = await S3.ListMultipartUploadsAsync(_bucket);

        var upload = Assert.Single(listed.MultipartUploads);
        Assert.Equal("a", upload.Key);
        Assert.InRange(upload.Initiated!.Value.ToUniversalTime(), DateTime.UtcNow.AddMinutes(-5), DateTime.UtcNow.AddMinutes(1));
    }

    [EmulatorFact]
    public async Task CopyObject_SourceIfMatch_HoldsTheSourceToItsETag()
    {
        var old = await PutAsync("a", "old");
        var copy = CopyRequest("a", "b");
        copy.ETagToMatch = old;
        await S3.CopyObjectAsync(copy);
        await PutAsync("a", "new");

        var error = await Assert.ThrowsAsync<AmazonS3Exception>(() => S3.CopyObjectAsync(copy));

        Assert.Equal((HttpStatusCode.PreconditionFailed, "PreconditionFailed"), (error.StatusCode, error.ErrorCode));
        Assert.Equal("old", await ReadAsync("b"));
    }

    [EmulatorFact]
    public async Task CopyObject_IfMatch_HoldsTheDestinationToItsETag()
    {
        await PutAsync("a", "new");
        var old = await PutAsync("b", "old");
        var copy = CopyRequest("a", "b");
        copy.IfMatch = old;
        await PutAsync("b", "other");

        var error = await Assert.ThrowsAsync<AmazonS3Exception>(() => S3.CopyObjectAsync(copy));
        Assert.Equal(HttpStatusCode.PreconditionFailed, error.StatusCode);
        Assert.Equal("other", await ReadAsync("b"));

        await PutAsync("b", "old");
        await S3.CopyObjectAsync(copy);
        Assert.Equal("new", await ReadAsync("b"));
    }

    [EmulatorFact]
    public async Task CopyObject_IfMatchWithoutDestination_IsNotFound()
    {
        var etag = await PutAsync("a", "new");
        var copy = CopyRequest("a", "b");
        copy.IfMatch = etag;

        var error = await Assert.ThrowsAsync<AmazonS3Exception>(() => S3.CopyObjectAsync(copy));

        Assert.Equal((HttpStatusCode.NotFound, "NoSuchKey"), (error.StatusCode, error.ErrorCode));
    }

    [EmulatorFact]
    public async Task CopyObject_IfNoneMatchStar_OnlyCreates()
    {
        await PutAsync("a", "new");
        var copy = CopyRequest("a", "b");
        copy.IfNoneMatch = "*";
        await S3.CopyObjectAsync(copy);
        await PutAsync("a", "newer");

        var error = await Assert.ThrowsAsync<AmazonS3Exception>(() => S3.CopyObjectAsync(copy));

        Assert.Equal(HttpStatusCode.PreconditionFailed, error.StatusCode);
        Assert.Equal("new", await ReadAsync("b"));
    }

    [EmulatorFact]
    public async Task UploadPartCopy_SourceIfMatch_HoldsTheSourceToItsETag()
    {
        var old = await PutAsync("a", "old");
        var upload = await S3.InitiateMultipartUploadAsync(_bucket, "b");
        var part = new CopyPartRequest
        {
            SourceBucket = _bucket,
            SourceKey = "a",
            DestinationBucket = _bucket,
            DestinationKey = "b",
            UploadId = upload.UploadId,
            PartNumber = 1,
            FirstByte = 0,
            LastByte = 2,
            ETagToMatch = [old],
        };
        await S3.CopyPartAsync(part);
        await PutAsync("a", "new");

        var error = await Assert.ThrowsAsync<AmazonS3Exception>(() => S3.CopyPartAsync(part));

        Assert.Equal(HttpStatusCode.PreconditionFailed, error.StatusCode);
        await S3.AbortMultipartUploadAsync(_bucket, "b", upload.UploadId);
    }

    [EmulatorFact]
    public async Task CompleteMultipartUpload_IfMatch_HoldsTheDestinationToItsETag()
    {
        var old = await PutAsync("b", "old");
        var upload = await S3.InitiateMultipartUploadAsync(_bucket, "b");
        using var bytes = new MemoryStream([1, 2, 3]);
        var part = await S3.UploadPartAsync(
            new UploadPartRequest { BucketName = _bucket, Key = "b", UploadId = upload.UploadId, PartNumber = 1, InputStream = bytes });
        var complete = new CompleteMultipartUploadRequest { BucketName = _bucket, Key = "b", UploadId = upload.UploadId, IfMatch = old };
        complete.AddPartETags(part);
        await PutAsync("b", "other");

        var error = await Assert.ThrowsAsync<AmazonS3Exception>(() => S3.CompleteMultipartUploadAsync(complete));
        Assert.Equal(HttpStatusCode.PreconditionFailed, error.StatusCode);
        Assert.Equal("other", await ReadAsync("b"));

        await PutAsync("b", "old");
        await S3.CompleteMultipartUploadAsync(complete);
        Assert.Equal("\u0001\u0002\u0003", await ReadAsync("b"));
    }

    [EmulatorFact]
    public async Task RequestLog_S3Calls_NamesOperationResourceAndStatus()
    {
        var key = EmulatorFixture.NewName("KEY");
        using var s3 = emulator.CreateS3(key);
        await s3.PutObjectAsync(new PutObjectRequest { BucketName = _bucket, Key = "p/á b=1", ContentBody = "text" });
        await s3.GetObjectAsync(new GetObjectRequest { BucketName = _bucket, Key = "p/á b=1", ByteRange = new ByteRange(1, 2) });
        await s3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = _bucket, Prefix = "p/" });
        await s3.CopyObjectAsync(CopyRequest("p/á b=1", "q"));
        var upload = await s3.InitiateMultipartUploadAsync(_bucket, "m");
        await s3.ListMultipartUploadsAsync(_bucket);
        await s3.AbortMultipartUploadAsync(_bucket, "m", upload.UploadId);
        await s3.DeleteObjectAsync(_bucket, "q");
        await Assert.ThrowsAnyAsync<AmazonS3Exception>(() => s3.GetObjectMetadataAsync(_bucket, "q"));

        var requests = await emulator.RequestsAsync(key);

        Assert.Equal(
        [
            ("PutObject", $"{_bucket}/p/á b=1", 200),
            ("GetObject", $"{_bucket}/p/á b=1", 206),
            ("ListObjectsV2", _bucket, 200),
            ("CopyObject", $"{_bucket}/q", 200),
            ("CreateMultipartUpload", $"{_bucket}/m", 200),
            ("ListMultipartUploads", _bucket, 200),
            ("AbortMultipartUpload", $"{_bucket}/m", 204),
            ("DeleteObject", $"{_bucket}/q", 204),
            ("HeadObject", $"{_bucket}/q", 404),
        ], requests.Select(request => (request.Operation, request.Resource, request.Status)));
        Assert.Equal(("bytes=1-2", "p/", $"{_bucket}/p/á b=1"), (requests[1].Range, requests[2].Prefix, requests[3].Source));
    }

    private CopyObjectRequest CopyRequest(string source, string destination) =>
        new() { SourceBucket = _bucket, SourceKey = source, DestinationBucket = _bucket, DestinationKey = destination };

    private async Task<string> PutAsync(string key, string text) =>
        (await S3.PutObjectAsync(new PutObjectRequest { BucketName = _bucket, Key = key, ContentBody = text })).ETag;

    private async Task<string> ReadAsync(string key)
    {
        using var response = await S3.GetObjectAsync(_bucket, key);
        using var reader = new StreamReader(response.ResponseStream);
        return await reader.ReadToEndAsync();
    }
}
