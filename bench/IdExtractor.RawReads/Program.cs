using System.Diagnostics;
using System.Globalization;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

// Reads whole objects by ranged GETs through the SDK and drops the bytes. This is the limit of the
// link and the SDK, for comparison with a program that reads through both.
// Usage: ENDPOINT BUCKET RANGE-BYTES CONNECTIONS KEY...
var (endpoint, bucket, rangeBytes, connections, keys) = (
    args[0], args[1], long.Parse(args[2], CultureInfo.InvariantCulture), int.Parse(args[3], CultureInfo.InvariantCulture), args[4..]);
using var client = new AmazonS3Client(new AnonymousAWSCredentials(), new AmazonS3Config
{
    ServiceURL = endpoint,
    ForcePathStyle = true,
    AuthenticationRegion = "us-east-1",
    MaxErrorRetry = 0,
    ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
});

var ranges = new Queue<(string Key, long First, long Last)>();
foreach (var key in keys)
{
    var size = (await client.GetObjectMetadataAsync(bucket, key)).ContentLength;
    for (var first = 0L; first < size; first += rangeBytes)
        ranges.Enqueue((key, first, Math.Min(size, first + rangeBytes) - 1));
}

var (count, total) = (ranges.Count, ranges.Sum(range => range.Last - range.First + 1));
var started = Stopwatch.GetTimestamp();
await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(ReadAsync)));
var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture,
    $$"""{"bytes":{{total}},"requests":{{count}},"seconds":{{seconds:0.0000}},"sdk":"{{typeof(AmazonS3Client).Assembly.GetName().Version}}"}"""));

async Task ReadAsync()
{
    var buffer = new byte[1 << 18];
    while (true)
    {
        (string Key, long First, long Last) range;
        lock (ranges)
        {
            if (!ranges.TryDequeue(out range))
                return;
        }

        using var reply = await client.GetObjectAsync(
            new GetObjectRequest { BucketName = bucket, Key = range.Key, ByteRange = new ByteRange(range.First, range.Last) });
        var left = range.Last - range.First + 1;
        for (int read; (read = await reply.ResponseStream.ReadAsync(buffer)) > 0;)
            left -= read;
        if (left != 0)
            throw new InvalidDataException("A reply has another length than was asked for.");
    }
}
