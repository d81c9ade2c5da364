using System.Collections.Concurrent;
using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using Amazon.S3;
using Amazon.SecurityToken;
using IdExtractor.Aws.Errors;
using IdExtractor.Aws.Glue;
using IdExtractor.Aws.Requests;
using IdExtractor.Core.Job;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Aws.Connection;

/// <summary>
/// What all AWS clients of a run share: credentials and region by the SDK's own chain
/// (specification, section 9), the connections, and the one place that repeats requests. Nothing is
/// resolved before the first request needs it.
/// </summary>
public sealed class AwsAccess : IDisposable
{
    /// <summary>
    /// The region that signatures name when an endpoint is given and no region is: what
    /// S3-compatible stores expect.
    /// </summary>
    private const string RegionOfEndpoints = "us-east-1";

    private readonly AwsSettings _settings;
    private readonly HttpConnections _connections;
    private readonly Lazy<HostRules> _hosts;
    private readonly Lazy<Uri?> _s3Endpoint;
    private readonly Lazy<AWSCredentials> _credentials;
    private readonly Lazy<string> _region;
    private readonly ConcurrentDictionary<string, Lazy<AmazonS3Client>> _s3 = new(StringComparer.Ordinal);

    /// <summary>Access by settings.</summary>
    /// <param name="settings">The values of the AWS options.</param>
    /// <param name="progress">Counts requests and retries.</param>
    /// <param name="tuning">Timeouts and limits.</param>
    /// <param name="clock">Measures waits.</param>
    /// <param name="credentials">
    /// Used instead of the chain's credentials; null for the chain's.
    /// </param>
    /// <param name="observer">
    /// Notified of what was found and of what the run does without. May be null.
    /// </param>
    public AwsAccess(
        AwsSettings settings, RunProgress progress, RequestTuning tuning, TimeProvider clock, AWSCredentials? credentials = null,
        IRunObserver? observer = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(tuning);
        _settings = settings;
        (Clock, Observer) = (clock, observer ?? SilentObserver.Instance);
        _hosts = new Lazy<HostRules>(FindHosts);
        _connections = new HttpConnections(tuning, progress, ServerClock, clock, () => _hosts.Value);
        _s3Endpoint = new Lazy<Uri?>(() => ServiceEndpoint.Find(settings.EndpointUrl, new AmazonS3Config()));
        Runner = new RequestRunner(tuning, progress, clock, observer: observer);
        _credentials = new Lazy<AWSCredentials>(() => Named(credentials ?? ResolveCredentials()));
        _region = new Lazy<string>(ResolveRegion);
    }

    /// <summary>The values of the AWS options.</summary>
    public AwsSettings Settings => _settings;

    /// <summary>Notified of what was found and of what the run does without.</summary>
    public IRunObserver Observer { get; }

    /// <summary>Measures waits.</summary>
    public TimeProvider Clock { get; }

    /// <summary>The services' time.</summary>
    public ServerClock ServerClock { get; } = new();

    /// <summary>Sends and repeats requests.</summary>
    public RequestRunner Runner { get; }

    /// <summary>The credentials.</summary>
    /// <exception cref="ConfigurationException">There are none.</exception>
    public AWSCredentials Credentials => _credentials.Value;

    /// <summary>The region.</summary>
    /// <exception cref="ConfigurationException">There is none.</exception>
    public string Region => _region.Value;

    /// <summary>The endpoint of S3; null where the region decides.</summary>
    /// <exception cref="ConfigurationException">It cannot be used.</exception>
    public Uri? S3Endpoint => _s3Endpoint.Value;

    /// <summary>The credentials come from a provider that renews them.</summary>
    public bool IsRefreshable => _credentials is { IsValueCreated: true, Value: NamedCredentials { Inner: RefreshingAWSCredentials } };

    /// <summary>
    /// Sets what all clients share: endpoint, region, connections, and that the SDK tries once.
    /// </summary>
    /// <param name="config">Of a client that is about to be made.</param>
    /// <param name="region">Where its service is.</param>
    public void Apply(ClientConfig config, string region)
    {
        ArgumentNullException.ThrowIfNull(config);
        config.HttpClientFactory = _connections;
        config.MaxErrorRetry = 0;
        config.MaxStaleConnectionRetries = 0;
        config.ThrottleRetries = false;
        if (ServiceEndpoint.Find(_settings.EndpointUrl, config) is { } endpoint)
        {
            config.ServiceURL = endpoint.AbsoluteUri;
            config.AuthenticationRegion = region;
        }
        else
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        }
    }

    /// <summary>The S3 client of a region.</summary>
    internal AmazonS3Client S3(string region) => _s3.GetOrAdd(region, name => new Lazy<AmazonS3Client>(() => NewS3(name))).Value;

    /// <summary>Makes the provider renew the credentials. False when they are fixed ones.</summary>
    internal bool RenewCredentials()
    {
        if (!IsRefreshable)
            return false;
        ((RefreshingAWSCredentials)((NamedCredentials)Credentials).Inner).ClearCredentials();
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var client in _s3.Values.Where(client => client.IsValueCreated))
            client.Value.Dispose();
        _connections.Dispose();
    }

    private AmazonS3Client NewS3(string region)
    {
        var config = new AmazonS3Config
        {
            ForcePathStyle = _settings.PathStyle,
            UseArnRegion = true,

            // Each request sets its checksum itself: not every endpoint understands the SDK's
            // trailing ones.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        Apply(config, region);
        return new AmazonS3Client(Credentials, config);
    }

    private AWSCredentials ResolveCredentials()
    {
        try
        {
            var own = DefaultAWSCredentialsIdentityResolver.GetCredentials();
            if (_settings.AssumeRole is not { } role)
                return own;
            var config = new AmazonSecurityTokenServiceConfig();
            Apply(config, Region);
            config.MaxErrorRetry = Runner.Tuning.Retry.MaxAttempts - 1;
            return new RoleCredentials(new AmazonSecurityTokenServiceClient(Named(own), config), role);
        }
        catch (AmazonClientException error)
        {
            throw CredentialErrors.Nothing(error);
        }
    }

    private NamedCredentials Named(AWSCredentials credentials) => new(credentials, Runner.Tuning.CredentialTimeout, Clock);

    private string ResolveRegion()
    {
        var found = _settings.Region ?? FallbackRegionFactory.GetRegionEndpoint(includeInstanceMetadata: S3Endpoint is null)?.SystemName;
        if (found is null)
            return S3Endpoint is null ? throw AwsErrors.NoRegion() : RegionOfEndpoints;
        var region = RegionName.Clean(found) ?? throw AwsErrors.WrongRegion();

        // The SDK's own clients, for credentials among them, read the environment again and trip
        // over a line end.
        if (region != found)
            AWSConfigs.AWSRegion = region;
        return region;
    }

    private HostRules FindHosts()
    {
        Uri?[] endpoints =
        [
            S3Endpoint,
            ServiceEndpoint.Find(_settings.EndpointUrl, new GlueClientConfig()),
            ServiceEndpoint.Find(_settings.EndpointUrl, new AmazonSecurityTokenServiceConfig()),
        ];
        return new HostRules(
            [.. endpoints.OfType<Uri>().Distinct()], endpoints.Any(endpoint => endpoint is null) ? HostRules.SuffixesOf(Region) : []);
    }
}
