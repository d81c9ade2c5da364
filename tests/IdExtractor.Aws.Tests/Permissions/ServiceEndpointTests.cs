using Amazon.S3;
using IdExtractor.Aws.Connection;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Aws.Tests.Permissions;

/// <summary>Custom endpoints, whose secrets must not appear in any output.</summary>
public sealed class ServiceEndpointTests
{
    [Theory]
    [InlineData("http://127.0.0.1:9000", "http://127.0.0.1:9000/")]
    [InlineData(" https://store.example/tenant/s3 \n", "https://store.example/tenant/s3")]
    public void Find_Addresses_AreTaken(string option, string expected) =>
        Assert.Equal(expected, ServiceEndpoint.Find(option, new AmazonS3Config())!.AbsoluteUri);

    [Theory]
    [InlineData("http://user:Geh3im1@store.example/")]
    [InlineData("http://Geh3im1@store.example/")]
    [InlineData("https://store.example/?token=Geh3im1")]
    [InlineData("https://store.example/#Geh3im1")]
    [InlineData("ftp://store.example/Geh3im1")]
    [InlineData("Geh3im1:9000")]
    [InlineData("//Geh3im1")]
    public void Find_Others_AreRefusedWithoutAWordOfThem(string option) =>
        Assert.DoesNotContain("Geh3im1", Assert.Throws<ConfigurationException>(() =>
            ServiceEndpoint.Find(option, new AmazonS3Config())).ToLine(), StringComparison.Ordinal);
}
