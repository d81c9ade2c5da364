using IdExtractor.Aws.Connection;
using IdExtractor.Core.Job;

namespace IdExtractor.Aws.Tests.Requests;

public sealed class RequestPricingTests
{
    [Theory]
    [InlineData("GET", "https://b.s3.amazonaws.com/key?versionId=list-type", RequestKind.Get)]
    [InlineData("GET", "https://b.s3.amazonaws.com/?list-type=2&prefix=a", RequestKind.List)]
    [InlineData("GET", "https://b.s3.amazonaws.com/?uploads&prefix=a", RequestKind.List)]
    [InlineData("HEAD", "https://b.s3.amazonaws.com/key", RequestKind.Head)]
    [InlineData("PUT", "https://b.s3.amazonaws.com/key?partNumber=1&uploadId=x", RequestKind.Put)]
    [InlineData("POST", "https://b.s3.amazonaws.com/key?uploads", RequestKind.Put)]
    [InlineData("POST", "https://b.s3.amazonaws.com/key?uploadId=x", RequestKind.Put)]
    [InlineData("POST", "https://sts.us-east-1.amazonaws.com/", null)]
    [InlineData("DELETE", "https://b.s3.amazonaws.com/key?uploadId=x", null)]
    public void KindOf_ByMethodAndQuery_IsWhatTheRequestIsPaidAs(string method, string address, RequestKind? kind)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), address);

        Assert.Equal(kind, RequestPricing.KindOf(request));
    }

    [Fact]
    public void KindOf_ACopy_IsACopy()
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, "https://b.s3.amazonaws.com/key");
        request.Headers.Add("x-amz-copy-source", "/b/other");

        Assert.Equal(RequestKind.Copy, RequestPricing.KindOf(request));
    }

    [Fact]
    public void KindOf_ARequestToTheDataCatalog_IsOfTheCatalog()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "https://glue.us-east-1.amazonaws.com/");
        request.Headers.Add("X-Amz-Target", "AWSGlue.GetPartitions");

        Assert.Equal(RequestKind.Catalog, RequestPricing.KindOf(request));
    }
}
