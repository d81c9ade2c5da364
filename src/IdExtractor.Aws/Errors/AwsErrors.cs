using System.Text.RegularExpressions;
using IdExtractor.Aws.Requests;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Aws.Errors;

/// <summary>
/// Failed requests as errors of this program: one line with the operation, the resource, what the
/// service said with its request id, and the permission or setting that is missing. The service's
/// own texts are not repeated, but for the action that they name.
/// </summary>
public static partial class AwsErrors
{
    /// <summary>The error with which a failure ends the run.</summary>
    /// <param name="failure">The last try.</param>
    /// <param name="request">What was asked.</param>
    /// <param name="hasAnswered">The endpoint has answered before, so that its name and certificate
    /// are right.</param>
    /// <param name="isRefreshable">The credentials come from a provider that renews them.</param>
    public static IdExtractorException Translate(AwsFailure failure, RequestName request, bool hasAnswered, bool isRefreshable)
    {
        ArgumentNullException.ThrowIfNull(failure);
        ArgumentNullException.ThrowIfNull(request);
        return failure.Kind switch
        {
            FailureKind.Throttled =>
                Passing(failure, request, "the service asks to slow down", "run again later, or with fewer jobs at once"),
            FailureKind.Server => Passing(failure, request, "the service failed", "run again"),
            FailureKind.Network => Passing(failure, request, "the connection failed", "run again"),
            FailureKind.FalseReply => Wrong(
                failure, request, "the reply does not match the request",
                "check --endpoint-url, and any proxy between it and this machine"),
            FailureKind.Unreachable when hasAnswered => Passing(failure, request, "the endpoint cannot be reached", "run again"),
            FailureKind.Unreachable => Wrong(
                failure, request, "the endpoint cannot be reached", "check --endpoint-url, --region and the network"),
            FailureKind.Tls when hasAnswered => Passing(failure, request, "TLS failed", "run again"),
            FailureKind.Tls => Wrong(
                failure, request, "TLS failed", "check --endpoint-url and the certificate authorities of this machine"),
            FailureKind.ClockSkew => Wrong(failure, request, "the clocks differ too much", "set the clock of this machine"),
            FailureKind.Expired when isRefreshable => Passing(failure, request, "the credentials have expired", "run again"),
            FailureKind.Expired => Wrong(failure, request, "the credentials have expired", "get new ones and run again"),
            FailureKind.Unsent => Wrong(
                failure, request, "the AWS SDK refuses to send it",
                "check --endpoint-url, --region, the bucket's name and the AWS options; --log-level debug says more"),
            FailureKind.OtherRegion when failure is { Region: null, RedirectedTo: { } host } =>
                Wrong(
                    failure, request, $"the endpoint redirects to another host, {host}, where nothing is sent",
                    "check --endpoint-url, --region, and any proxy in between"),
            FailureKind.OtherRegion => Wrong(
                failure, request, "the bucket is in another region",
                failure.Region is { } region ? $"give --region {region}" : "give its --region"),
            _ => Refused(failure, request),
        };
    }

    /// <summary>There are no credentials.</summary>
    public static ConfigurationException NoCredentials(Exception error) =>
        new("There are no AWS credentials", null, "set a profile or AWS_ACCESS_KEY_ID, or run with a role", error);

    /// <summary>There is no region.</summary>
    public static ConfigurationException NoRegion() => new("There is no AWS region", null, "give --region or set AWS_REGION");

    /// <summary>
    /// The region that is configured cannot be one. It is not quoted, as it may be anything.
    /// </summary>
    public static ConfigurationException WrongRegion() =>
        new(
            "The AWS region is not the name of a region", null,
            "check --region, AWS_REGION and the profile; a region is written as sa-east-1");

    private static IdExtractorException Refused(AwsFailure failure, RequestName request) => failure.Code switch
    {
        "NoSuchBucket" => Wrong(failure, request, "there is no such bucket", "check its name and account"),
        "InvalidObjectState" => Wrong(
            failure, request, "the object is archived (GLACIER, DEEP_ARCHIVE or an archive tier) and cannot be read",
            "restore it, and run again when that is done"),
        "NoSuchKey" or "NoSuchVersion" => Wrong(failure, request, "there is no such object", "check the key"),
        "NoSuchUpload" => Passing(failure, request, "the upload was ended by another program", "run again"),
        "InvalidAccessKeyId" or "UnrecognizedClientException" or "InvalidClientTokenId" or "InvalidToken" =>
            Wrong(failure, request, "the credentials are not known", "check the profile or AWS_ACCESS_KEY_ID"),
        "SignatureDoesNotMatch" or "InvalidSignatureException" => Wrong(
            failure, request, "the signature is wrong", "check AWS_SECRET_ACCESS_KEY and --endpoint-url"),
        _ when OptionOf(failure) is { } option => Wrong(
            failure, request, $"the endpoint refuses what {option} asks for", $"leave {option} out, or use an endpoint that knows it"),
        "NotImplemented" or "MethodNotAllowed" => Wrong(failure, request, "the endpoint does not know the request", "check --endpoint-url"),
        "EntityTooLarge" => Wrong(failure, request, "the object is too large", "check the output"),
        "QuotaExceeded" or "XMinioStorageFull" => Passing(failure, request, "the store is full", "make room and run again"),
        var code when code.StartsWith("KMS.", StringComparison.OrdinalIgnoreCase) || code.StartsWith("Kms", StringComparison.Ordinal) =>
            Wrong(failure, request, "the KMS key cannot be used", "check --kms-key-id, the state of the key and its policy"),
        _ when failure.Status is 401 or 403 => Denied(failure, request),
        _ when failure.Status == 404 => Wrong(failure, request, "it does not exist", "check --endpoint-url, the bucket and the key"),
        _ => Wrong(failure, request, "the service refuses it", null),
    };

    // Never omitted when the endpoint lacks support, because the user set the option.
    private static string? OptionOf(AwsFailure failure) => failure switch
    {
        { IsAboutForm: false } => null,
        _ when failure.Mentions("x-amz-expected-bucket-owner") || failure.Mentions("x-amz-source-expected-bucket-owner") =>
            "--expected-bucket-owner",
        _ when failure.Mentions("x-amz-request-payer") => "--request-payer",
        _ when failure.Mentions("x-amz-server-side-encryption-aws-kms-key-id") => "--kms-key-id",
        _ when failure.Mentions("x-amz-server-side-encryption") => "--sse",
        _ => null,
    };

    private static ConfigurationException Denied(AwsFailure failure, RequestName request)
    {
        var action = DeniedAction().Match(failure.Error.Message) is { Success: true } match ? match.Groups[1].Value : null;
        if (action is null && failure.Error.Message.Contains("kms", StringComparison.OrdinalIgnoreCase))
            action = "kms:Decrypt and kms:GenerateDataKey";
        return action is { } named && named.StartsWith("kms:", StringComparison.OrdinalIgnoreCase)
            ? Wrong(failure, request, "the KMS key is denied", $"allow {named} on the key")
            : Wrong(failure, request, "access is denied", $"allow {action ?? request.Permission} on it");
    }

    private static ConfigurationException Wrong(AwsFailure failure, RequestName request, string problem, string? advice) =>
        new($"Cannot finish {request.Operation}: {problem}", PlaceOf(failure, request), advice, failure.Error);

    private static TransientException Passing(AwsFailure failure, RequestName request, string problem, string? advice) =>
        new($"Cannot finish {request.Operation}: {problem}", PlaceOf(failure, request), advice, failure.Error);

    private static ErrorPlace PlaceOf(AwsFailure failure, RequestName request) =>
        new() { Object = request.Resource, Actual = failure.Said };

    [GeneratedRegex(@"not authorized to perform:? ([a-z0-9-]+:[A-Za-z]+)", RegexOptions.CultureInvariant)]
    private static partial Regex DeniedAction();
}
