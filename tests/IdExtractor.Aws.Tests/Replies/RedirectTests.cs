using IdExtractor.Aws.Connection;
using IdExtractor.Aws.Tests.Faults;
using IdExtractor.Foundation.Errors;
using IdExtractor.Testing.S3;

namespace IdExtractor.Aws.Tests.Replies;

/// <summary>
/// Requests go to the hosts that endpoint and region name, regardless of replies.
/// </summary>
public sealed class RedirectTests : IDisposable
{
    private readonly FaultedRun _run = new();

    public void Dispose() => _run.Dispose();

    public static TheoryData<string, int> Redirects
    {
        get
        {
            var redirects = new TheoryData<string, int>();
            foreach (var operation in (string[])["ListObjectsV2", "HeadObject", "GetObject", "PutObject", "CopyObject",
                "CreateMultipartUpload"])
            {
                foreach (var status in (int[])[301, 302, 303, 307, 308])
                    redirects.Add(operation, status);
            }

            return redirects;
        }
    }

    [Theory]
    [MemberData(nameof(Redirects))]
    public async Task Extract_RedirectToAnotherHost_IsNotFollowed(string operation, int status)
    {
        using var other = new FaultServer();
        _run.Server.Before = request =>
        {
            if (request.Operation != operation)
                return null;
            var reply = FaultReply.Error(status, "TemporaryRedirect");
            reply.Headers["Location"] = other.Address + "/bucket/" + request.Key;
            return reply;
        };

        await _run.ExpectAsync(ExitCode.Configuration);

        Assert.Empty(other.Log);
        Assert.Null(_run.ActiveObject);
    }

    [Fact]
    public async Task Extract_RedirectToAnotherHost_NamesIt()
    {
        _run.Server.Before = _ =>
        {
            var reply = FaultReply.Error(307, "TemporaryRedirect");
            reply.Headers["Location"] = "http://s3.evil.example/b";
            return reply;
        };

        await _run.ExpectAsync(ExitCode.Configuration);
        Assert.Contains("s3.evil.example", _run.Error!.ToLine(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("evil.example/")]
    [InlineData("a.b")]
    [InlineData("x@y")]
    [InlineData("")]
    public async Task Extract_RegionThatIsNone_IsNotTaken(string region)
    {
        _run.Server.Before = _ =>
        {
            var reply = FaultReply.Error(301, "PermanentRedirect");
            reply.Headers["x-amz-bucket-region"] = region;
            return reply;
        };

        await _run.ExpectAsync(ExitCode.Configuration);
        Assert.Contains("give its --region", _run.Error!.ToLine(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://store.example:9000/b/k", true)]
    [InlineData("http://bucket.store.example:9000/k", true)]
    [InlineData("http://store.example/b/k", false)]
    [InlineData("https://store.example:9000/b/k", false)]
    [InlineData("http://store.example.evil.example:9000/", false)]
    [InlineData("http://evilstore.example:9000/", false)]
    [InlineData("https://bucket.s3.sa-east-1.amazonaws.com/k", true)]
    [InlineData("http://bucket.s3.sa-east-1.amazonaws.com/k", false)]
    [InlineData("https://bucket.s3.sa-east-1.amazonaws.com:8443/k", false)]
    [InlineData("https://bucket.s3.dualstack.sa-east-1.api.aws/k", true)]
    [InlineData("https://s3.amazonaws.com.evil.example/k", false)]
    [InlineData("https://evilamazonaws.com/k", false)]
    public void Allows_Hosts_AreThoseOfEndpointsAndOfAws(string address, bool expected) =>
        Assert.Equal(expected, new HostRules([new Uri("http://store.example:9000")],
            HostRules.SuffixesOf("sa-east-1")).Allows(new Uri(address)));

    [Theory]
    [InlineData("https://bucket.s3.sa-east-1.amazonaws.com/", "sa-east-1")]
    [InlineData("https://bucket.s3-eu-west-1.amazonaws.com/", "eu-west-1")]
    [InlineData("https://s3.us-gov-west-1.amazonaws.com/", "us-gov-west-1")]
    [InlineData("https://bucket.s3.amazonaws.com/", null)]
    [InlineData("https://bucket.s3.sa-east-1.evil.example/", null)]
    public void RegionOf_HostsOfS3_IsTheirRegion(string address, string? expected) =>
        Assert.Equal(expected, new HostRules([], HostRules.SuffixesOf("us-east-1")).RegionOf(new Uri(address)));

    [Theory]
    [InlineData("sa-east-1", "sa-east-1")]
    [InlineData(" sa-east-1\r\n", "sa-east-1")]
    [InlineData("sa east", null)]
    [InlineData("sa-east-1/evil", null)]
    [InlineData("evil.example", null)]
    [InlineData("-", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Clean_Regions_AreNamesOnly(string? text, string? expected) => Assert.Equal(expected, RegionName.Clean(text));
}
