namespace IdExtractor.Aws.Requests;

/// <summary>When to try again, and how long to wait before.</summary>
public sealed record RetryPolicy
{
    /// <summary>Most tries of one call, the first included; 1 or more.</summary>
    public int MaxAttempts { get; init; } = 5;

    /// <summary>
    /// Most repeats of all calls of one store together: beyond it the failure is not temporary. 0
    /// or more.
    /// </summary>
    public int Budget { get; init; } = 1000;

    /// <summary>Upper bound of the wait before the first repeat; it doubles with each.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Longest wait.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// The wait before a repeat: anything up to the bound, so that clients that failed together do
    /// not come back together.
    /// </summary>
    /// <param name="repeat">1 for the first.</param>
    /// <param name="chance">0 to below 1.</param>
    public TimeSpan DelayBefore(int repeat, double chance)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(repeat, 1);
        var bound = Math.Min(LongestDelay.TotalMilliseconds, FirstDelay.TotalMilliseconds * Math.Pow(2, Math.Min(repeat - 1, 40)));
        return TimeSpan.FromMilliseconds(bound * chance);
    }
}
