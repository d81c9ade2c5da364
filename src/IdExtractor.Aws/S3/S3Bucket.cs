using Amazon;
using Amazon.S3;
using IdExtractor.Aws.Connection;
using IdExtractor.Aws.Requests;
using IdExtractor.Core.Job;
using IdExtractor.Core.Storage;

namespace IdExtractor.Aws.S3;

/// <summary>
/// One bucket: the region that it turned out to be in, and requests to it. Shared by all stores on
/// it.
/// </summary>
/// <param name="access">Clients, credentials, repeats.</param>
/// <param name="name">Name, alias or ARN of an access point.</param>
/// <param name="tuning">Sizes.</param>
internal sealed class S3Bucket(AwsAccess access, string name, S3Tuning tuning)
{
    private const int Missing = 404, Conflict = 412, OutOfRange = 416;

    private readonly EndpointFeatures _features = new(access.Observer);
    private volatile string? _region;
    private KeyEncoding? _encoding;

    /// <summary>Name, alias or ARN of an access point.</summary>
    public string Name => name;

    /// <summary>Sizes.</summary>
    public S3Tuning Tuning => tuning;

    /// <summary>Times and numbers of requests.</summary>
    public RequestTuning Requests => access.Runner.Tuning;

    /// <summary>Notified of what was found and of what the run does without.</summary>
    public IRunObserver Observer => access.Observer;

    /// <summary>How its keys are listed.</summary>
    public KeyEncoding Encoding => LazyInitializer.EnsureInitialized(ref _encoding, () => new KeyEncoding(this));

    /// <summary>Measures waits.</summary>
    public TimeProvider Clock => access.Clock;

    /// <summary>The service's time by its last reply; null when no reply had a date.</summary>
    public DateTimeOffset? ServerTime => access.ServerClock.Latest;

    /// <summary>The account that must own it.</summary>
    public string? Owner => access.Settings.ExpectedBucketOwner;

    /// <summary>Who pays, where the caller does.</summary>
    public RequestPayer? Payer => access.Settings.RequestPayer ? RequestPayer.Requester : null;

    /// <summary>Encryption of what is written; null as the bucket is set.</summary>
    public ServerSideEncryptionMethod? Encryption => access.Settings.Encryption switch
    {
        ServerSideEncryption.Aes256 => ServerSideEncryptionMethod.AES256,
        ServerSideEncryption.Kms => ServerSideEncryptionMethod.AWSKMS,
        ServerSideEncryption.KmsDualLayer => ServerSideEncryptionMethod.AWSKMSDSSE,
        _ => null,
    };

    /// <summary>The KMS key of that encryption; null for the account's.</summary>
    public string? KmsKeyId => access.Settings.KmsKeyId;

    /// <summary>Uploads are signed with their bytes where nothing else protects them.</summary>
    public bool IsPlainHttp => access.S3Endpoint?.Scheme == Uri.UriSchemeHttp;

    /// <summary>A key of the bucket as an operator would write it.</summary>
    public string Describe(string key) => $"{AddressScheme.S3}{name}/{key}";

    /// <summary>The version that was asked for is not there: another one, or none.</summary>
    public static bool IsChanged(AwsFailure failure) =>
        failure.Status is Missing or Conflict or OutOfRange && failure.Code != "NoSuchBucket";

    /// <summary>The endpoint has not refused this so far.</summary>
    public bool Knows(RequestFeatures feature) => _features.Known.HasFlag(feature);

    /// <summary>Sends a request; again, without what the endpoint refuses of it.</summary>
    public async Task<T> RunAsync<T>(string operation, string permission, string key, S3Call<T> call, CancellationToken cancellationToken)
    {
        var request = new RequestName(operation, permission, Describe(key));
        while (true)
        {
            var carried = call.Carries & _features.Known;
            var isUnchecked = (call.Carries & ~carried & ~RequestFeatures.Checksum) != RequestFeatures.None;
            if (isUnchecked && call.LookInstead is { } look)
                await look(cancellationToken).ConfigureAwait(false);
            try
            {
                return await SendAsync(request, call, carried, cancellationToken).ConfigureAwait(false);
            }
            catch (RefusedFeatureException refused)
            {
                _features.GoWithout(refused.Feature, request, refused.Failure);
                access.Runner.CountRepeat();
            }
        }
    }

    private Task<T> SendAsync<T>(
        RequestName request, S3Call<T> call, RequestFeatures carried, CancellationToken cancellationToken) => access.Runner.RunAsync(
        request,
        new RequestPlan<T>
        {
            Send = attempt => call.Send(Client(), attempt),
            BodyBytes = call.BodyBytes,
            Answer = failure => EndpointFeatures.FindRefused(failure, carried) is not RequestFeatures.None and var feature
                ? new RefusedFeatureException(feature, failure)
                : call.Answer?.Invoke(failure),
            Settle = call.Settle,
            HasProgressed = call.HasProgressed,
            Recover = Recover,
            IsRefreshable = access.IsRefreshable,
        },
        cancellationToken);

    private AmazonS3Client Client() => access.S3(_region ?? access.Region);

    private bool Recover(AwsFailure failure)
    {
        switch (failure.Kind)
        {
            case FailureKind.OtherRegion when failure.Region is { Length: > 0 } region && region != (_region ?? access.Region):
                _region = region;
                return true;
            case FailureKind.Expired:
                return access.RenewCredentials();
            case FailureKind.ClockSkew when failure.ServerTime is { } time:
                AWSConfigs.ManualClockCorrection = time - DateTimeOffset.UtcNow;
                return true;
            default:
                return false;
        }
    }

    /// <summary>The endpoint does not know something that the request carries.</summary>
    private sealed class RefusedFeatureException(RequestFeatures feature, AwsFailure failure) : Exception
    {
        public RequestFeatures Feature => feature;

        public AwsFailure Failure => failure;
    }
}

/// <summary>
/// A request to a bucket, and what is done about failures; see <see cref="RequestPlan{T}"/>.
/// </summary>
internal sealed record S3Call<T>
{
    /// <summary>Sends it once.</summary>
    public required Func<AmazonS3Client, Attempt, Task<T>> Send { get; init; }

    /// <summary>
    /// The features to use where the endpoint supports them. The code that builds the request
    /// checks <see cref="S3Bucket.Knows"/>.
    /// </summary>
    public RequestFeatures Carries { get; init; }

    /// <summary>
    /// Looks the object up first, for endpoints that ignore the request's condition.
    /// </summary>
    public Func<CancellationToken, Task>? LookInstead { get; init; }

    /// <summary>Bytes that it carries or moves.</summary>
    public long BodyBytes { get; init; }

    /// <summary>A failure that is an answer, as an exception.</summary>
    public Func<AwsFailure, Exception?>? Answer { get; init; }

    /// <summary>Looks whether it has been carried out.</summary>
    public Func<CancellationToken, Task<T?>>? Settle { get; init; }

    /// <summary>The last try got further.</summary>
    public Func<AwsFailure, bool>? HasProgressed { get; init; }
}
