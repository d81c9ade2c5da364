using IdExtractor.Core.Job;

namespace IdExtractor.Aws.Connection;

/// <summary>Which price a request has.</summary>
internal static class RequestPricing
{
    /// <summary>The kind that a request is paid for as.</summary>
    /// <returns>Null for one that costs nothing: deletes, and requests for credentials.</returns>
    public static RequestKind? KindOf(HttpRequestMessage request)
    {
        if (IsOfTheCatalog(request))
            return RequestKind.Catalog;
        var query = request.RequestUri?.Query ?? "";
        return request.Method.Method switch
        {
            "HEAD" => RequestKind.Head,
            "GET" => Has(query, "list-type") || Has(query, "uploads") ? RequestKind.List : RequestKind.Get,
            "PUT" => request.Headers.Contains("x-amz-copy-source") ? RequestKind.Copy : RequestKind.Put,
            "POST" when Has(query, "uploads") || Has(query, "uploadId") => RequestKind.Put,
            _ => null,
        };
    }

    private static bool IsOfTheCatalog(HttpRequestMessage request) =>
        request.Headers.TryGetValues("X-Amz-Target", out var targets)
            && targets.Any(target => target.StartsWith("AWSGlue", StringComparison.Ordinal));

    private static bool Has(string query, string name)
    {
        foreach (var part in query.TrimStart('?').Split('&'))
        {
            if (part == name || part.StartsWith(name + "=", StringComparison.Ordinal))
                return true;
        }

        return false;
    }
}
