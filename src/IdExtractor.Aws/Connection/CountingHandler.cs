using IdExtractor.Core.Job;

namespace IdExtractor.Aws.Connection;

/// <summary>
/// Counts the requests that leave the process, and records the date of each reply.
/// </summary>
internal sealed class CountingHandler(RunProgress progress, ServerClock clock, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        progress.AddRequest(RequestPricing.KindOf(request));
        var reply = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        clock.Hear(reply.Headers.Date);
        return reply;
    }
}
