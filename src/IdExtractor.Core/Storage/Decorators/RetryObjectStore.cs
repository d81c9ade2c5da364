using IdExtractor.Core.Errors;

namespace IdExtractor.Core.Storage.Decorators;

/// <summary>When to try again, and how long to wait before.</summary>
public sealed record RetryPolicy
{
    /// <summary>Most tries of one call, the first included; 1 or more.</summary>
    public int MaxAttempts { get; init; } = 5;

    /// <summary>Most repeats of all calls of one store together: beyond it something is truly broken. 0 or more.</summary>
    public int Budget { get; init; } = 1000;

    /// <summary>Upper bound of the wait before the first repeat; it doubles with each.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Longest wait.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The wait before a repeat: anything up to the bound, so that clients that failed together do not come back together.</summary>
    /// <param name="repeat">1 for the first.</param>
    /// <param name="chance">0 to below 1.</param>
    public TimeSpan DelayBefore(int repeat, double chance)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(repeat, 1);
        var bound = Math.Min(LongestDelay.TotalMilliseconds, FirstDelay.TotalMilliseconds * Math.Pow(2, Math.Min(repeat - 1, 40)));
        return TimeSpan.FromMilliseconds(bound * chance);
    }
}

/// <summary>
/// Repeats calls that failed for a passing reason and do no harm twice: looking, listing up to its first item, opening, reading, beginning and removing. Appending, completing and
/// copying are not repeated, since a lost reply does not tell whether they took place; who calls them settles that by looking.
/// </summary>
/// <param name="inner">The store.</param>
/// <param name="policy">When to try again.</param>
/// <param name="clock">Measures the waits.</param>
/// <param name="random">Spreads the waits; the shared one when null.</param>
public sealed class RetryObjectStore(IObjectStore inner, RetryPolicy policy, TimeProvider clock, Random? random = null) : ObjectStoreDecorator(inner)
{
    private readonly Lock _gate = new();
    private readonly Random _random = random ?? Random.Shared;
    private long _retries;

    /// <summary>Calls that were repeated.</summary>
    public long Retries => Volatile.Read(ref _retries);

    /// <inheritdoc/>
    protected override async ValueTask<T> InvokeAsync<T>(StoreCall request, Func<CancellationToken, ValueTask<T>> send, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(send);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await send(cancellationToken).ConfigureAwait(false);
            }
            catch (TransientException error) when (IsRepeatable(request.Operation) && IsPassing(error) && attempt < policy.MaxAttempts && TakeFromBudget())
            {
                await Task.Delay(policy.DelayBefore(attempt, NextChance()), clock, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static bool IsRepeatable(StoreOperation operation) =>
        operation is not (StoreOperation.Append or StoreOperation.Complete or StoreOperation.Copy);

    // These two are answers, not trouble: asking again gives them again.
    private static bool IsPassing(TransientException error) => error is not (ObjectChangedException or ObjectExistsException);

    private bool TakeFromBudget()
    {
        if (Interlocked.Increment(ref _retries) <= policy.Budget)
            return true;
        Interlocked.Decrement(ref _retries);
        return false;
    }

    private double NextChance()
    {
        lock (_gate)
            return _random.NextDouble();
    }
}
