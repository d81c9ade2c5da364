namespace IdExtractor.Aws.Requests;

/// <summary>What a failed request calls for.</summary>
public enum FailureKind
{
    /// <summary>The service asks to slow down. The request was not carried out.</summary>
    Throttled,

    /// <summary>The service failed. Whether the request was carried out is not known.</summary>
    Server,

    /// <summary>
    /// The connection broke, or no reply came in time. Whether the request was carried out is not
    /// known.
    /// </summary>
    Network,

    /// <summary>
    /// The reply is not an answer to the request. Whether the request was carried out is not known.
    /// </summary>
    FalseReply,

    /// <summary>
    /// No connection came about: a name that is not known, a port that is closed.
    /// </summary>
    Unreachable,

    /// <summary>The endpoint's certificate was not accepted, or it does not speak TLS.</summary>
    Tls,

    /// <summary>The clocks of both sides differ too much for signatures.</summary>
    ClockSkew,

    /// <summary>The credentials are no longer valid.</summary>
    Expired,

    /// <summary>The SDK refused to send the request.</summary>
    Unsent,

    /// <summary>The bucket is in another region.</summary>
    OtherRegion,

    /// <summary>An answer that a retry would not change.</summary>
    Refused,
}
