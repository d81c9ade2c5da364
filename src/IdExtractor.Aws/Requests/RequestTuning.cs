namespace IdExtractor.Aws.Requests;

/// <summary>Times and numbers of requests. The defaults are what runs use; tests reach rare paths by smaller ones.</summary>
public sealed record RequestTuning
{
    /// <summary>When a failed request is sent again. The budget is shared by all requests of a run: beyond it the service is truly down.</summary>
    public RetryPolicy Retry { get; init; } = new() { MaxAttempts = 8, Budget = 500 };

    /// <summary>Longest wait for a connection.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest wait for the beginning of a reply; requests that carry or move many bytes are given more.</summary>
    public TimeSpan ReplyTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long the bytes of a reply may stay away before the connection is given up.</summary>
    public TimeSpan SilenceTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Most requests at once, 1 or more; fewer while the service asks to slow down.</summary>
    public int Connections { get; init; } = 32;

    /// <summary>Bytes a second that even a slow link carries: requests with a body are given the time that this takes, 1 or more.</summary>
    public long SlowestBytesPerSecond { get; init; } = 256 << 10;

    /// <summary>The longest wait for the reply to a request that carries bytes.</summary>
    public TimeSpan ReplyTimeoutFor(long bytes) => ReplyTimeout + TimeSpan.FromSeconds((double)bytes / SlowestBytesPerSecond);
}
