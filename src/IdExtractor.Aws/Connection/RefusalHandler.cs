using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace IdExtractor.Aws.Connection;

/// <summary>
/// An error document names the header or argument that an endpoint does not know in an element of
/// its own, and the SDK keeps only the code and the message. This handler copies the element to the
/// reply's headers, where the code that reads the failure finds it.
/// </summary>
internal sealed partial class RefusalHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <summary>The header that says it.</summary>
    public const string Header = "x-idextractor-refused";

    /// <summary>
    /// Error documents have some hundred bytes. What is longer is none, and is left to the SDK as a
    /// stream.
    /// </summary>
    private const long MostBytes = 64 << 10;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var reply = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (reply.StatusCode is not (HttpStatusCode.BadRequest or HttpStatusCode.NotImplemented)
            || reply.Content.Headers.ContentLength is not (> 0 and <= MostBytes) || request.Method == HttpMethod.Head)
            return reply;
        try
        {
            // Read once, it stays in memory for the SDK.
            var document = Encoding.UTF8.GetString(await reply.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
            if (Named().Match(document) is { Success: true } named)
                reply.Headers.TryAddWithoutValidation(Header, named.Groups[1].Value);
            return reply;
        }
        catch
        {
            reply.Dispose();
            throw;
        }
    }

    // Names of headers and elements only: a value may be anything.
    [GeneratedRegex("<(?:Header|ArgumentName)>([A-Za-z0-9-]{1,100})</", RegexOptions.CultureInvariant)]
    private static partial Regex Named();
}
