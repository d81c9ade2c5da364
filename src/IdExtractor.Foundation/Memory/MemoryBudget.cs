namespace IdExtractor.Foundation.Memory;

/// <summary>
/// A limit on the bytes that several buffers use together. Buffers take their share before they
/// allocate and return it when they free memory. Large blocks that a buffer frees stay with the
/// budget for the next buffer, as long as nothing else needs their room. Thread safe.
/// </summary>
/// <param name="limit">Bytes, 0 or more.</param>
public sealed class MemoryBudget(long limit)
{
    private readonly IdleBlocks _idle = new();
    private long _used;

    /// <summary>A budget without a limit.</summary>
    public static MemoryBudget Unlimited { get; } = new(long.MaxValue);

    /// <summary>The limit in bytes.</summary>
    public long Limit => limit;

    /// <summary>Bytes in use by buffers.</summary>
    public long Used => Volatile.Read(ref _used);

    /// <summary>Bytes of freed blocks that wait for the next buffer.</summary>
    public long Idle => _idle.Bytes;

    /// <summary>
    /// Takes some bytes, if necessary at the expense of idle blocks. Returns false, and takes
    /// nothing, when fewer are left.
    /// </summary>
    public bool TryTake(long bytes)
    {
        if (limit == long.MaxValue)
            return true;
        var used = Interlocked.Add(ref _used, bytes);
        if (used > limit)
        {
            Interlocked.Add(ref _used, -bytes);
            return false;
        }

        if (used + _idle.Bytes > limit)
            _idle.Clear();
        return true;
    }

    /// <summary>Returns bytes that were taken.</summary>
    public void Return(long bytes)
    {
        if (limit != long.MaxValue)
            Interlocked.Add(ref _used, -bytes);
    }

    /// <summary>Frees all idle blocks.</summary>
    public void ReleaseIdle() => _idle.Clear();

    /// <summary>
    /// Takes over a block that its buffer no longer needs and has returned to the budget. False
    /// when the caller has to free it.
    /// </summary>
    internal unsafe bool TryKeep(byte* block, int capacity) =>
        limit != long.MaxValue && Used + _idle.Bytes + capacity <= limit && _idle.TryAdd(block, capacity);

    /// <summary>
    /// Gives an idle block of at least some bytes to a buffer, and counts it as used.
    /// </summary>
    internal unsafe bool TryReuse(int least, out byte* block, out int capacity)
    {
        if (!_idle.TryRemove(least, out block, out capacity))
            return false;

        // Others may have taken the room between the two steps.
        if (TryTake(capacity))
            return true;
        IdleBlocks.Free(block);
        return false;
    }
}
