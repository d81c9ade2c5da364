using IdExtractor.Core.Pipeline;

namespace IdExtractor.Aws.Connection;

/// <summary>Counts the requests that leave the process.</summary>
internal sealed class CountingHandler(RunProgress progress, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        progress.AddRequests(1, 0);
        return base.SendAsync(request, cancellationToken);
    }
}
