using System.Text.RegularExpressions;
using Amazon.Runtime.Internal.Endpoints.StandardLibrary;

namespace IdExtractor.Aws.Connection;

/// <summary>
/// Which hosts a run may send requests to: those of the endpoints that are configured, and, for
/// services without one, those of AWS. Signed requests and ids must reach no other.
/// </summary>
/// <param name="endpoints">Endpoints of one's own; buckets may be subdomains of them.</param>
/// <param name="suffixes">Ends of AWS host names, as <c>amazonaws.com</c>.</param>
internal sealed partial class HostRules(IReadOnlyList<Uri> endpoints, IReadOnlyList<string> suffixes)
{
    /// <summary>Ends of the host names of AWS in a region.</summary>
    public static IReadOnlyList<string> SuffixesOf(string region)
    {
        var partition = Fn.Partition(region);
        return [.. new[] { partition.dnsSuffix, partition.dualStackDnsSuffix }.Where(suffix => suffix is { Length: > 0 }).Distinct()];
    }

    /// <summary>Whether a request may go there.</summary>
    public bool Allows(Uri address) =>
        endpoints.Any(endpoint => endpoint.Scheme == address.Scheme && endpoint.Port == address.Port
            && IsWithin(address.IdnHost, endpoint.IdnHost))
        || (address.Scheme == Uri.UriSchemeHttps && address.IsDefaultPort
            && suffixes.Any(suffix => address.IdnHost.EndsWith("." + suffix, StringComparison.OrdinalIgnoreCase)));

    /// <summary>
    /// The region that the name of an S3 host of AWS holds, as in
    /// <c>bucket.s3.sa-east-1.amazonaws.com</c>; null for other hosts.
    /// </summary>
    public string? RegionOf(Uri address)
    {
        foreach (var suffix in suffixes)
        {
            if (address.IdnHost.EndsWith("." + suffix, StringComparison.OrdinalIgnoreCase)
                && RegionInHost().Match(address.IdnHost[..^(suffix.Length + 1)]) is { Success: true } match)
                return match.Groups[1].Value;
        }

        return null;
    }

    private static bool IsWithin(string host, string parent) =>
        host.Equals(parent, StringComparison.OrdinalIgnoreCase) || host.EndsWith("." + parent, StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"(?:^|\.)s3[.-](?:dualstack\.)?([a-z]{2,}(?:-[a-z]+)+-\d+)$", RegexOptions.CultureInvariant)]
    private static partial Regex RegionInHost();
}
