using System.Globalization;
using System.Text;
using Amazon.Runtime;
using IdExtractor.Aws.Connection;
using IdExtractor.Aws.Requests;
using IdExtractor.Aws.S3;
using IdExtractor.Core.Catalog;
using IdExtractor.Core.History;
using IdExtractor.Core.Job;
using IdExtractor.Testing.S3;

namespace IdExtractor.Aws.Tests.Faults;

/// <summary>
/// Removing old stage files from S3: each is removed only as the version that was found, by a
/// condition on the request where the endpoint knows it.
/// </summary>
public sealed class PruneFaultTests : IDisposable
{
    private const string Oldest = "out/stage/stage_20251020_060000.txt.gz", Older = "out/stage/stage_20251021_060000.txt.gz", Newest =
        "out/stage/stage_20251022_060000.txt.gz";

    private readonly FaultServer _server = new();
    private readonly HeardRun _heard = new();

    public PruneFaultTests()
    {
        foreach (var key in (string[])[Oldest, Older, Newest])
            Stage(key);
        var newest = _server.Find(Newest)!;
        _server.Bucket.Put(FaultedRun.Active, newest.Bytes, newest.Metadata);
    }

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task Prune_OldFiles_AreRemovedByTheETagsThatWereFound()
    {
        var etags = new[] { Oldest, Older }.ToDictionary(key => key, key => _server.Find(key)!.ETag);

        var outcome = await PruneAsync();

        Assert.Equal((3, 2, 1), (outcome.Found, outcome.Removed.Count, outcome.Kept));
        Assert.Equal([FaultedRun.Active, Newest], _server.Bucket.Objects.Keys.Order(StringComparer.Ordinal));
        var requests = _server.Log.Where(request => request.Operation == "DeleteObject").ToDictionary(
            request => request.Key, request => request.Headers["if-match"]);
        Assert.Equal(etags, requests);
        Assert.Empty(_heard.Warnings);
    }

    [Fact]
    public async Task Prune_DryRun_SendsNoRemoval()
    {
        var outcome = await PruneAsync(isDryRun: true);

        Assert.Equal(2, outcome.Removed.Count);
        Assert.Equal(0, _server.Count("DeleteObject"));
        Assert.Equal(4, _server.Bucket.Objects.Count);
    }

    [Fact]
    public async Task Prune_FileIsWrittenAgainAfterTheLastLook_IsKept()
    {
        _server.Before = request =>
        {
            if (request is { Operation: "DeleteObject", Key: Oldest })
                Stage(Oldest, "written again");
            return null;
        };

        var outcome = await PruneAsync();

        Assert.Equal(["stage/stage_20251021_060000.txt.gz"], outcome.Removed.Select(entry => entry.Object.Key));
        Assert.Equal("written again", Encoding.UTF8.GetString(_server.Find(Oldest)!.Bytes));
        Assert.Null(_server.Find(Older));
    }

    [Fact]
    public async Task Prune_ConditionIsRefused_RemovesWithoutItAndSaysOnceWhatIsLost()
    {
        _server.Before = request => request.Operation == "DeleteObject" && request.Headers.ContainsKey("if-match")
            ? FakeRefusal()
            : null;

        var outcome = await PruneAsync();

        Assert.Equal(2, outcome.Removed.Count);
        Assert.Equal([FaultedRun.Active, Newest], _server.Bucket.Objects.Keys.Order(StringComparer.Ordinal));
        var warning = Assert.Single(_heard.Warnings);
        Assert.Contains("DeleteObject with a condition on what it removes", warning, StringComparison.Ordinal);
        Assert.Contains("the file is looked at right before", warning, StringComparison.Ordinal);
    }

    private static FaultReply FakeRefusal() =>
        FaultReply.Error(
            501, "NotImplemented",
            "A header you provided implies functionality that is not implemented</Message><Header>If-Match</Header><Message>");

    private void Stage(string key, string text = "bytes")
    {
        var created = DateTimeOffset.ParseExact(
            key.AsSpan("out/stage/stage_".Length, 15), "yyyyMMdd_HHmmss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        var metadata = new PublishMetadata
        {
            TotalIds = 1,
            Md5Checksum = new string('0', 32),
            CreatedAt = created,
            SourcePartition = created.ToString("yyyyMMdd", CultureInfo.InvariantCulture),
            RunId = key[^22..^7],
        };
        _server.Set(
            key,
            new FaultObject(
                Encoding.UTF8.GetBytes(text), "", metadata.ToMap().ToDictionary(entry => "x-amz-meta-" + entry.Key, entry => entry.Value),
                DateTime.UtcNow));
    }

    private async Task<PruneOutcome> PruneAsync(bool isDryRun = false)
    {
        var settings = new AwsSettings { Region = "us-east-1", EndpointUrl = _server.Address, PathStyle = true };
        var tuning =
            new RequestTuning
            {
                Retry = new()
                {
                    MaxAttempts = 4,
                    Budget = 100,
                    FirstDelay = TimeSpan.FromMilliseconds(1),
                    LongestDelay = TimeSpan.FromMilliseconds(2)
                }
            };
        using var access = new AwsAccess(
            settings, new RunProgress(), tuning, TimeProvider.System, new BasicAWSCredentials("key", "secret"), _heard);
        var store = new S3StoreProvider(access, new S3Tuning()).OpenFolder("s3://bucket/out/").Store;
        var prune = new PruneSettings { Output = "s3://bucket/out/", KeepVersions = 1, KeepDays = 1, DryRun = isDryRun };
        return await new StagePruner(store, prune, SourcePartition.Order, TimeProvider.System).RunAsync(CancellationToken.None);
    }
}
