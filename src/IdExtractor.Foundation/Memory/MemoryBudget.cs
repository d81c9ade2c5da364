namespace IdExtractor.Foundation.Memory;

/// <summary>Bytes that some buffers may take together. Buffers take their share before they allocate and return it when they give memory back. For any number of threads.</summary>
/// <param name="limit">Bytes, 0 or more.</param>
public sealed class MemoryBudget(long limit)
{
    private long _used;

    /// <summary>A budget that allows everything.</summary>
    public static MemoryBudget Unlimited { get; } = new(long.MaxValue);

    /// <summary>Bytes in all.</summary>
    public long Limit => limit;

    /// <summary>Bytes that are taken.</summary>
    public long Used => Volatile.Read(ref _used);

    /// <summary>Takes some bytes; false, and nothing is taken, when they are not there.</summary>
    public bool TryTake(long bytes)
    {
        if (limit == long.MaxValue)
            return true;
        if (Interlocked.Add(ref _used, bytes) <= limit)
            return true;
        Interlocked.Add(ref _used, -bytes);
        return false;
    }

    /// <summary>Returns bytes that were taken.</summary>
    public void Return(long bytes)
    {
        if (limit != long.MaxValue)
            Interlocked.Add(ref _used, -bytes);
    }
}
