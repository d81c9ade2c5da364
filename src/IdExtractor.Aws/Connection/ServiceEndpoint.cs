using Amazon.Runtime;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Aws.Connection;

/// <summary>
/// The endpoint of a service: <c>--endpoint-url</c>, or what the SDK's own chain finds
/// (AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, the profile's <c>services</c> section and endpoint_url).
/// </summary>
internal static class ServiceEndpoint
{
    /// <summary>Finds it.</summary>
    /// <param name="option">The value of <c>--endpoint-url</c>.</param>
    /// <param name="fresh">Settings of the service's client, as they are made.</param>
    /// <returns>Null where the region decides.</returns>
    /// <exception cref="ConfigurationException">It is not an address, or it holds a user, a
    /// password, a query or a fragment. It is not quoted, as that may be a secret.</exception>
    public static Uri? Find(string? option, ClientConfig fresh)
    {
        string? found;
        try
        {
            found = option ?? fresh.ServiceURL;
        }
        catch (Exception error) when (error is AmazonClientException or UriFormatException or ArgumentException)
        {
            throw Refused(option, "is not an http:// or https:// address", error);
        }

        if (string.IsNullOrWhiteSpace(found))
            return null;
        if (!Uri.TryCreate(found.Trim(), UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https")
            || address.Host.Length == 0)
            throw Refused(option, "is not an http:// or https:// address", null);
        return address is { UserInfo.Length: 0, Query.Length: 0, Fragment.Length: 0 }
            ? address
            : throw Refused(option, "holds a user, a password, a query or a fragment", null);
    }

    private static ConfigurationException Refused(string? option, string problem, Exception? inner) => new(
        option is null
            ? $"The endpoint of AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_S3 or the profile {problem}"
            : $"The endpoint of --endpoint-url {problem}",
        null,
        "write it as https://host:port, and give credentials by the AWS credential chain",
        inner);
}
