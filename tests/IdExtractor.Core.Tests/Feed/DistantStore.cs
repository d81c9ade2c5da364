using IdExtractor.Core.Storage;
using IdExtractor.Testing.Stores;

namespace IdExtractor.Core.Tests.Feed;

/// <summary>
/// A store whose reads take as long as the cost states. It counts how many run at once.
/// </summary>
internal sealed class DistantStore(IObjectStore inner, ReadCost cost) : ObjectStoreDecorator(inner)
{
    private int _atOnce;
    private int _mostAtOnce;

    public override ReadCost? ReadCost => cost;

    /// <summary>Most reads at once.</summary>
    public int MostAtOnce => Volatile.Read(ref _mostAtOnce);

    protected override async ValueTask<T> InvokeAsync<T>(
        StoreCall request, Func<CancellationToken, ValueTask<T>> send, CancellationToken cancellationToken)
    {
        if (request.Operation != StoreOperation.Read)
            return await send(cancellationToken);
        var now = Interlocked.Increment(ref _atOnce);
        InterlockedMax(ref _mostAtOnce, now);
        try
        {
            await Task.Delay(cost.Latency, cancellationToken);
            return await send(cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _atOnce);
        }
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = Volatile.Read(ref target); value > seen;)
            seen = Interlocked.CompareExchange(ref target, value, seen);
    }
}
