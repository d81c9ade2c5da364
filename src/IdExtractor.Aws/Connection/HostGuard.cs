using System.Net.Http.Headers;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Aws.Connection;

/// <summary>
/// Sends requests to the hosts that <see cref="HostRules"/> name and to no other. Redirects are not
/// followed: the SDK would sign the request again for whatever host the reply names. A redirect of
/// AWS to the
/// bucket's region is kept as that region, and the request goes to the host that the endpoint rules
/// give for it.
/// </summary>
internal sealed class HostGuard(Func<HostRules> rules, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <summary>The header that marks a redirect.</summary>
    public const string Redirected = "x-idextractor-redirected";

    private const string RegionHeader = "x-amz-bucket-region";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri is not { } address || !rules().Allows(address))
            throw new ConfigurationException("A request would go to a host that neither the endpoint nor the region names",
                ErrorPlace.Of(request.RequestUri?.Host ?? "unknown"), "check --endpoint-url and --region");
        var reply = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);

        // A header of this name that a server sends says nothing.
        reply.Headers.Remove(Redirected);
        if ((int)reply.StatusCode is >= 300 and < 400 && LocationOf(reply.Headers) is { } location)
        {
            reply.Headers.Remove("Location");
            var target = new Uri(address, location);
            if (!reply.Headers.Contains(RegionHeader) && rules().RegionOf(target) is { } region)
                reply.Headers.TryAddWithoutValidation(RegionHeader, region);
            if (target.IdnHost != address.IdnHost || target.Port != address.Port)
                reply.Headers.TryAddWithoutValidation(Redirected, target.IdnHost);
        }

        return reply;
    }

    private static Uri? LocationOf(HttpResponseHeaders headers) =>
        headers.TryGetValues("Location", out var values) && Uri.TryCreate(values.First(), UriKind.RelativeOrAbsolute, out var location)
            ? location : null;
}
