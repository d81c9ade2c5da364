namespace IdExtractor.Core.Storage;

/// <summary>
/// What reading from a store costs (specification, section 9): it decides how much is read at once,
/// and how far ahead.
/// </summary>
/// <param name="Latency">From a request to the first byte of its reply.</param>
/// <param name="BytesPerSecond">Of one connection, 1 or more.</param>
public sealed record ReadCost(TimeSpan Latency, long BytesPerSecond)
{
    /// <summary>
    /// Bytes between two wanted ranges that are read sooner than another request is answered:
    /// latency times bandwidth.
    /// </summary>
    public long GapBytes => (long)(Latency.TotalSeconds * BytesPerSecond);
}
