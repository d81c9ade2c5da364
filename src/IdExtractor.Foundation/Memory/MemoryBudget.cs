namespace IdExtractor.Foundation.Memory;

/// <summary>
/// A limit on the bytes that several buffers use together. Buffers take their share before they
/// allocate and return it when they free memory. Thread safe.
/// </summary>
/// <param name="limit">Bytes, 0 or more.</param>
public sealed class MemoryBudget(long limit)
{
    private long _used;

    /// <summary>A budget without a limit.</summary>
    public static MemoryBudget Unlimited { get; } = new(long.MaxValue);

    /// <summary>The limit in bytes.</summary>
    public long Limit => limit;

    /// <summary>Bytes in use.</summary>
    public long Used => Volatile.Read(ref _used);

    /// <summary>Takes some bytes. Returns false, and takes nothing, when fewer are left.</summary>
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
