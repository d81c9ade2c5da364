namespace IdExtractor.Core.Feed;

/// <summary>What reading ranges from a remote store takes.</summary>
/// <param name="Requests">Number of requests.</param>
/// <param name="Bytes">Bytes that they fetch, gaps included.</param>
internal readonly record struct RequestCount(long Requests, long Bytes)
{
    private static readonly ReadAheadLimits s_limits = ReadAheadLimits.For(readers: 1, concurrency: 1);

    /// <summary>Adds two counts.</summary>
    public static RequestCount operator +(RequestCount one, RequestCount other) =>
        new(one.Requests + other.Requests, one.Bytes + other.Bytes);

    /// <summary>
    /// The requests that <see cref="ReadAhead"/> makes for planned ranges, if all of them are read
    /// to their ends.
    /// </summary>
    public static RequestCount OfPlan(IEnumerable<PlannedRange> plan) => Of(plan, s_limits);

    /// <summary>The requests for a range that was not planned, and that no other shares.</summary>
    public static RequestCount OfOne(PlannedRange range) => range.Length == 0 ? default : Of(new RangeFetch(range, s_limits, [range]));

    /// <summary>The same with other sizes of pieces and requests.</summary>
    internal static RequestCount Of(IEnumerable<PlannedRange> plan, ReadAheadLimits limits) =>
        RangeGroups.Of([.. plan.Where(range => range.Length > 0)], limits).Aggregate(
            default(RequestCount), (sum, group) => sum + Of(group.Fetch));

    private static RequestCount Of(RangeFetch fetch) => new(fetch.RequestCount, fetch.Range.Length);
}
