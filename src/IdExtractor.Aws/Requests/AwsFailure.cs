using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using System.Xml;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using IdExtractor.Aws.Connection;

namespace IdExtractor.Aws.Requests;

/// <summary>A failed request, as far as the reply, or its absence, describes it.</summary>
public sealed record AwsFailure
{
    private static readonly HashSet<string> s_throttling = new(StringComparer.OrdinalIgnoreCase)
    {
        "SlowDown", "ServiceUnavailable", "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottled",
            "RequestThrottledException", "RequestLimitExceeded",
        "TooManyRequestsException", "BandwidthLimitExceeded", "ProvisionedThroughputExceededException", "PriorRequestNotComplete",
        "EC2ThrottledException", "TransactionInProgressException",
    };

    private static readonly HashSet<string> s_server = new(StringComparer.OrdinalIgnoreCase)
    {
        "InternalError", "InternalFailure", "InternalServiceException", "InternalServerError", "RequestTimeout", "RequestTimeoutException",
            "OperationAborted", "ConditionalRequestConflict",
        "IncompleteBody", "BadDigest", "XAmzContentSHA256Mismatch", "XAmzContentChecksumMismatch", "OperationTimeoutException",
    };

    private static readonly HashSet<string> s_skewed = new(StringComparer.OrdinalIgnoreCase)
    {
        "RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture",
    };

    private static readonly HashSet<string> s_expired = new(StringComparer.OrdinalIgnoreCase)
    {
        "ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired",
    };

    private static readonly HashSet<string> s_region = new(StringComparer.OrdinalIgnoreCase)
    {
        "PermanentRedirect", "TemporaryRedirect", "Redirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException",
    };

    // How S3 and its likes answer a header or an element that they do not know.
    private static readonly HashSet<string> s_form = new(StringComparer.Ordinal)
    {
        "NotImplemented", "InvalidArgument", "InvalidRequest", "MalformedXML",
    };

    private string _named = "";
    private string? _problem;

    private AwsFailure(FailureKind kind, Exception error) => (Kind, Error) = (kind, error);

    /// <summary>What it calls for.</summary>
    public FailureKind Kind { get; private init; }

    /// <summary>What the SDK or the network raised.</summary>
    public Exception Error { get; private init; }

    /// <summary>No reply came in time, or it came too slowly.</summary>
    public bool IsSlow =>
        Status == 0
        && Kind == FailureKind.Network
        && (Find<OperationCanceledException>(Error) is not null || Find<TimeoutException>(Error) is not null);

    /// <summary>
    /// The host to which the reply redirects; null when it is the same one, or none.
    /// </summary>
    public string? RedirectedTo { get; private init; }

    /// <summary>
    /// The service's error code; empty when there was no reply, or one without a code.
    /// </summary>
    public string Code { get; private init; } = "";

    /// <summary>The HTTP status; 0 when there was no reply.</summary>
    public int Status { get; private init; }

    /// <summary>The service's name for the request; null when there was no reply.</summary>
    public string? RequestId { get; private init; }

    /// <summary>The region that the reply says the bucket is in; null when it says none.</summary>
    public string? Region { get; private init; }

    /// <summary>The service's clock; null when the reply has no date.</summary>
    public DateTimeOffset? ServerTime { get; private init; }

    /// <summary>Sending it again may give another answer.</summary>
    public bool IsPassing =>
        Kind is FailureKind.Throttled or FailureKind.Server or FailureKind.Network or FailureKind.Unreachable or FailureKind.FalseReply;

    /// <summary>The request may have been carried out all the same.</summary>
    public bool MayHaveHappened => Kind is FailureKind.Server or FailureKind.Network or FailureKind.FalseReply
        && Code is not ("IncompleteBody" or "BadDigest" or "XAmzContentSHA256Mismatch" or "XAmzContentChecksumMismatch");

    /// <summary>The service does not take the request as it is written.</summary>
    public bool IsAboutForm => Kind == FailureKind.Refused && Status is 400 or 501 && s_form.Contains(Code);

    /// <summary>The answer names some header or argument.</summary>
    public bool NamesHeader => _named.Length > 0 || Mentions("x-amz-");

    /// <summary>
    /// Whether the answer has a word in it, in whatever case. The condition on a copy's source does
    /// not count as one of its other conditions.
    /// </summary>
    public bool Mentions(string word)
    {
        const string OfSource = "x-amz-copy-source-if-";
        var text = $"{Error.Message} {_named}";
        if (!word.StartsWith("x-amz-", StringComparison.Ordinal))
            text = text.Replace(OfSource, "", StringComparison.OrdinalIgnoreCase);
        return text.Contains(word, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>
    /// What the service or the network said, without a word of the request: code, status, request
    /// id.
    /// </summary>
    public string Said
    {
        get
        {
            if (Status == 0)
                return _problem ?? CauseOf(Error);
            var code = Code.Length == 0 ? "" : Code + " ";
            var said = string.Create(CultureInfo.InvariantCulture, $"{code}({Status})");
            return RequestId is { Length: > 0 } ? $"{said}, request {RequestId}" : said;
        }
    }

    /// <summary>
    /// Reads what a request raised; null for a defect of this program or a cancel of its caller.
    /// </summary>
    public static AwsFailure? Read(Exception error) => error switch
    {
        AmazonUnmarshallingException { StatusCode: >= HttpStatusCode.OK and < HttpStatusCode.MultipleChoices } =>
            new AwsFailure(FailureKind.FalseReply, error) { _problem = FalseReplyOf(error) },
        AmazonServiceException { StatusCode: not 0 } service => OfReply(service),
        OperationCanceledException or TimeoutException => new AwsFailure(FailureKind.Network, error),
        _ when FalseReplyOf(error) is { } problem => new AwsFailure(FailureKind.FalseReply, error) { _problem = problem },
        _ when Find<AuthenticationException>(error) is not null => new AwsFailure(FailureKind.Tls, error),
        _ when Find<HttpRequestException>(error) is { } http => new AwsFailure(KindOf(http), error),
        _ when Find<SocketException>(error) is not null || Find<IOException>(error) is not null => new AwsFailure(
            FailureKind.Network, error),
        AmazonServiceException => new AwsFailure(FailureKind.Network, error),
        AmazonClientException => new AwsFailure(FailureKind.Unsent, error),
        _ => null,
    };

    // The SDK reads documents without checks of its own, so that a malformed one shows as whatever
    // its parsers raise. The request runner puts nothing else that raises these in their way.
    private static string? FalseReplyOf(Exception error) =>
        Find<FalseReplyException>(error)?.Message
        ?? (Find<XmlException>(error) is not null || Find<JsonException>(error) is not null ? "a malformed document"
            : Find<FormatException>(error) is not null || Find<OverflowException>(error) is not null ? "a malformed number or date"
            : error is AmazonUnmarshallingException ? "a document of another kind"
            : null);

    private static AwsFailure OfReply(AmazonServiceException error)
    {
        var code = error.ErrorCode ?? "";
        var reply = (error.InnerException as HttpErrorResponseException)?.Response;
        string? Header(string name) => reply is not null && reply.IsHeaderPresent(name) ? reply.GetHeaderValue(name) : null;
        return new AwsFailure(KindOf(code, (int)error.StatusCode), error)
        {
            // The SDK puts the name of the status where the reply has no code. Two of these names
            // are codes of S3 too, which mean the same.
            Code = Enum.TryParse<HttpStatusCode>(code, out var name)
                && name is not (HttpStatusCode.NotImplemented or HttpStatusCode.MethodNotAllowed)
                ? ""
                : code,
            Status = (int)error.StatusCode,
            _named = Header(RefusalHandler.Header) ?? "",
            RequestId = error.RequestId is { Length: > 0 } id ? id : Header("x-amz-request-id"),
            Region = RegionName.Clean(Header("x-amz-bucket-region")),
            RedirectedTo = Header(HostGuard.Redirected),
            ServerTime = DateTimeOffset.TryParse(Header("Date"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
                ? time
                : null,
        };
    }

    private static FailureKind KindOf(string code, int status)
    {
        if (s_throttling.Contains(code))
            return FailureKind.Throttled;
        if (s_server.Contains(code))
            return FailureKind.Server;
        if (s_skewed.Contains(code))
            return FailureKind.ClockSkew;
        if (s_expired.Contains(code))
            return FailureKind.Expired;
        if (s_region.Contains(code) || status is 301 or 307 or 308)
            return FailureKind.OtherRegion;
        return status switch
        {
            429 or 503 => FailureKind.Throttled,
            >= 500 and not 501 => FailureKind.Server,
            408 => FailureKind.Network,
            _ => FailureKind.Refused,
        };
    }

    private static FailureKind KindOf(HttpRequestException error) => error.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.ProxyTunnelError =>
            FailureKind.Unreachable,
        HttpRequestError.SecureConnectionError => FailureKind.Tls,
        _ => FailureKind.Network,
    };

    private static string CauseOf(Exception error) => error switch
    {
        OperationCanceledException or TimeoutException => "no reply in time",
        _ when Find<AuthenticationException>(error) is { } tls => tls.Message.ReplaceLineEndings(" ").TrimEnd('.'),
        _ when Find<SocketException>(error) is { } socket => socket.Message.ReplaceLineEndings(" ").TrimEnd('.'),
        _ when Find<HttpIOException>(error) is { } http => http.HttpRequestError.ToString(),
        _ when Find<HttpRequestException>(error) is { } http => http.HttpRequestError.ToString(),
        _ => error.GetBaseException().GetType().Name,
    };

    private static T? Find<T>(Exception? error)
        where T : Exception
    {
        for (; error is not null; error = error.InnerException)
        {
            if (error is T found)
                return found;
        }

        return null;
    }
}
