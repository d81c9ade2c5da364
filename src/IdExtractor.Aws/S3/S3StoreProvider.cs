using System.Collections.Concurrent;
using IdExtractor.Aws.Connection;
using IdExtractor.Core.Storage;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Aws.S3;

/// <summary>
/// Opens <c>s3://</c> addresses. Stores on one bucket share what is learnt about it.
/// </summary>
/// <param name="access">Clients, credentials, repeats.</param>
/// <param name="tuning">Sizes.</param>
public sealed class S3StoreProvider(AwsAccess access, S3Tuning tuning) : IStoreProvider
{
    private readonly ConcurrentDictionary<string, S3Bucket> _buckets = new(StringComparer.Ordinal);

    /// <summary>The address is one of S3.</summary>
    public static bool Knows(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return AddressScheme.IsS3(address);
    }

    /// <inheritdoc/>
    public StoreLocation OpenFolder(string address) => new(OpenOutput(address), "");

    /// <inheritdoc/>
    public IObjectStore OpenOutput(string address)
    {
        var place = S3Address.Parse(address);
        return new S3ObjectStore(Bucket(place.Bucket), place.Prefix);
    }

    /// <inheritdoc/>
    public (IObjectStore Store, string Key) OpenObject(string address)
    {
        var place = S3Address.Parse(address);
        var end = place.Key.LastIndexOf('/') + 1;
        return end < place.Key.Length
            ? (new S3ObjectStore(Bucket(place.Bucket), place.Key[..end]), place.Key[end..])
            : throw new ConfigurationException("The address names no object", ErrorPlace.Of(address));
    }

    private S3Bucket Bucket(string name) => _buckets.GetOrAdd(name, known => new S3Bucket(access, known, tuning));
}
