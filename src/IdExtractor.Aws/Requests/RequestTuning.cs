namespace IdExtractor.Aws.Requests;

/// <summary>
/// Times and numbers of requests. The defaults are what runs use; tests reach rare paths by smaller
/// ones.
/// </summary>
public sealed record RequestTuning
{
    /// <summary>
    /// When a failed request is sent again. The budget is shared by all requests of a run: beyond
    /// it the service is truly down.
    /// </summary>
    public RetryPolicy Retry { get; init; } = new() { MaxAttempts = 8, Budget = 500 };

    /// <summary>Longest wait for a connection.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Longest wait for the beginning of a reply; requests that carry or move many bytes are given
    /// more.
    /// </summary>
    public TimeSpan ReplyTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// In this time the body of a reply must bring <see cref="QuotaBytes"/>, or all that is left of
    /// it; otherwise the connection is given up.
    /// </summary>
    public TimeSpan SilenceTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The slowest pace of a reply, in bytes per second: 32 connections that share 1 Mbit/s have as
    /// much each. 1 or more.
    /// </summary>
    public long SlowestReplyBytesPerSecond { get; init; } = 4 << 10;

    /// <summary>
    /// Tries of a request whose reply does not come or is too slow. Each takes as long as the
    /// timeouts, so that these are fewer than those of failures that come at once. 1 or more.
    /// </summary>
    public int SlowTries { get; init; } = 3;

    /// <summary>
    /// The longest wait for credentials from their source: a process may have to sign in.
    /// </summary>
    public TimeSpan CredentialTimeout { get; init; } = TimeSpan.FromSeconds(12);

    /// <summary>
    /// Most requests at once, 1 or more; fewer while the service asks to slow down.
    /// </summary>
    public int Connections { get; init; } = 32;

    /// <summary>
    /// Bytes a second that even a slow link carries: requests with a body are given the time that
    /// this takes, 1 or more.
    /// </summary>
    public long SlowestBytesPerSecond { get; init; } = 256 << 10;

    /// <summary>Bytes that a reply must bring in <see cref="SilenceTimeout"/>.</summary>
    public long QuotaBytes => Math.Max(1, (long)(SilenceTimeout.TotalSeconds * SlowestReplyBytesPerSecond));

    /// <summary>The longest wait for the reply to a request that carries bytes.</summary>
    public TimeSpan ReplyTimeoutFor(long bytes) => ReplyTimeout + TimeSpan.FromSeconds((double)bytes / SlowestBytesPerSecond);
}
