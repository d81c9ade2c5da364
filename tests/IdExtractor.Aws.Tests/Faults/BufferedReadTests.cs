using Amazon.Runtime;
using IdExtractor.Aws.Connection;
using IdExtractor.Aws.Requests;
using IdExtractor.Aws.S3;
using IdExtractor.Core.Job;
using IdExtractor.Foundation.Errors;
using IdExtractor.Testing.S3;

namespace IdExtractor.Aws.Tests.Faults;

/// <summary>
/// One reply that fills several buffers. Each is reported once, when it is full, whatever happens
/// to the stream.
/// </summary>
public sealed class BufferedReadTests : IDisposable
{
    private readonly FaultServer _server = new();
    private readonly AwsAccess _access;
    private readonly byte[] _bytes = new byte[5000];

    public BufferedReadTests()
    {
        new Random(1).NextBytes(_bytes);
        _server.Bucket.Put("t/f", _bytes);
        var tuning =
            new RequestTuning
            {
                Retry = new()
                {
                    MaxAttempts = 2,
                    Budget = 10,
                    FirstDelay = TimeSpan.FromMilliseconds(1),
                    LongestDelay = TimeSpan.FromMilliseconds(2)
                }
            };
        _access = new AwsAccess(
            new AwsSettings { Region = "us-east-1", EndpointUrl = _server.Address, PathStyle = true }, new RunProgress(), tuning,
            TimeProvider.System, new BasicAWSCredentials("key", "secret"));
    }

    public void Dispose()
    {
        _access.Dispose();
        _server.Dispose();
    }

    [Fact]
    public async Task Read_SeveralBuffers_AreFilledByOneRequest()
    {
        var (buffers, told) = await ReadAsync(offset: 100, 300, 1, 699, 2000);

        Assert.Equal(_bytes[100..3100], buffers);
        Assert.Equal([1, 2, 3, 4], told);
        Assert.Equal([(100L, 3099L)], Ranges());
    }

    [Fact]
    public async Task Read_ReplyThatIsCutInTheSecondBuffer_GoesOnThere()
    {
        var cuts = 0;
        _server.After = (request, reply) =>
        {
            if (request.Operation == "GetObject" && cuts++ == 0)
            {
                reply.ClaimedLength = reply.Body.Length;
                reply.Body = reply.Body[..450];
            }

            return reply;
        };

        var (buffers, told) = await ReadAsync(offset: 100, 300, 300, 300);

        Assert.Equal(_bytes[100..1000], buffers);
        Assert.Equal([1, 2, 3], told);
        Assert.Equal([(100L, 999L), (550L, 999L)], Ranges());
    }

    [Fact]
    public async Task Read_MoreThanTheObjectHas_IsRefused() =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => ReadAsync(offset: 4500, 300, 300));

    [Fact]
    public async Task Read_AnotherVersionAfterACut_IsToldAndFillsNothingMore()
    {
        var cuts = 0;
        _server.After = (request, reply) =>
        {
            if (request.Operation != "GetObject" || cuts++ > 0)
                return reply;
            reply.ClaimedLength = reply.Body.Length;
            reply.Body = reply.Body[..350];
            _server.Bucket.Put("t/f", new byte[5000]);
            return reply;
        };
        var told = new List<int>();

        await Assert.ThrowsAsync<ObjectChangedException>(() => ReadAsync(told, offset: 0, 300, 300));

        Assert.Equal([1], told);
    }

    private async Task<(byte[] Bytes, List<int> Told)> ReadAsync(long offset, params int[] sizes)
    {
        var told = new List<int>();
        return (await ReadAsync(told, offset, sizes), told);
    }

    private async Task<byte[]> ReadAsync(List<int> told, long offset, params int[] sizes)
    {
        var store = new S3StoreProvider(_access, new S3Tuning()).OpenOutput("s3://bucket/t/");
        var found = await store.HeadAsync("f", default);
        await using var reader = await store.OpenAsync(found!, default);
        var buffers = sizes.Select(size => new byte[size]).ToArray();
        await reader.ReadAsync(offset, [.. buffers.Select(buffer => buffer.AsMemory())], told.Add, default);
        return [.. buffers.SelectMany(buffer => buffer)];
    }

    private IEnumerable<(long, long)> Ranges() =>
        _server.Log.Where(request => request.Operation == "GetObject").Select(
            request => (request.Range!.Value.First, request.Range.Value.Last));
}
