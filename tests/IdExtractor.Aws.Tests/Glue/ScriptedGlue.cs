using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using Amazon.Runtime;
using IdExtractor.Aws.Glue;

namespace IdExtractor.Aws.Tests.Glue;

/// <summary>
/// Answers Glue requests in the client's own process with scripted replies, and records the
/// requests.
/// </summary>
internal sealed class ScriptedGlue(Func<string, JsonElement, (int Status, string Body)> answer) : HttpClientFactory
{
    public ConcurrentQueue<(string Operation, JsonElement Body)> Asked { get; } = [];

    private Func<string, JsonElement, (int Status, string Body)> Answer { get; } = answer;

    /// <summary>A client that asks it.</summary>
    public GlueClient CreateClient(string region = "sa-east-1") => new(
        new BasicAWSCredentials("key", "secret"),
        new GlueClientConfig
        {
            RegionEndpoint = Amazon.RegionEndpoint.GetBySystemName(region),
            HttpClientFactory = this,
            MaxErrorRetry = 0
        });

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(new Handler(this));

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    private sealed class Handler(ScriptedGlue owner) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Assert.Equal("application/x-amz-json-1.1", request.Content!.Headers.ContentType!.MediaType);
            Assert.StartsWith(
                "AWS4-HMAC-SHA256 Credential=key/", request.Headers.GetValues("Authorization").Single(), StringComparison.Ordinal);
            var operation = request.Headers.GetValues("X-Amz-Target").Single();
            Assert.StartsWith("AWSGlue.", operation, StringComparison.Ordinal);
            operation = operation["AWSGlue.".Length..];
            var body = JsonSerializer.Deserialize<JsonElement>(await request.Content!.ReadAsByteArrayAsync(cancellationToken));
            owner.Asked.Enqueue((operation, body));
            var (status, text) = owner.Answer(operation, body);
            var response = new HttpResponseMessage((HttpStatusCode)status)
            {
                Content = new StringContent(text, Encoding.UTF8, "application/x-amz-json-1.1"),
                RequestMessage = request
            };
            response.Headers.Add("x-amzn-RequestId", "request-1");
            return response;
        }
    }
}
