using System.Buffers;

namespace IdExtractor.Foundation.Memory;

/// <summary>
/// A growing block of unmanaged memory. Pages that are never touched use no physical memory. The
/// garbage collector never moves the block, so decoders may keep offsets into it and stores may
/// read into it. A few bytes past the capacity may be read and written, for kernels that work in
/// whole vectors. Not thread safe.
/// </summary>
public sealed unsafe class NativeBuffer : MemoryManager<byte>
{
    /// <summary>
    /// Bytes past <see cref="Capacity"/> that may be read and written, with any content.
    /// </summary>
    public const int Slack = 64;

    private readonly NativeAllocator _allocator = NativeAllocator.Current;
    private byte* _pointer;
    private MemoryBudget? _budget;
    private long _charged;

    /// <summary>An empty buffer.</summary>
    public NativeBuffer()
    {
    }

    /// <summary>A buffer of some bytes, with any content.</summary>
    public NativeBuffer(int capacity) => Reserve(capacity, keep: 0);

    /// <summary>Bytes that may be used, 0 to 2^31 - 65.</summary>
    public int Capacity { get; private set; }

    /// <summary>First byte; null while the capacity is 0.</summary>
    public byte* Pointer => _pointer;

    /// <summary>
    /// Makes room for at least <paramref name="capacity"/> bytes, keeping the first
    /// <paramref name="keep"/>. Grows by doubling. Invalidates earlier pointers and spans.
    /// </summary>
    /// <exception cref="OutOfMemoryException">Not enough memory.</exception>
    public void Reserve(int capacity, int keep)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(keep, Capacity);
        if (capacity <= Capacity)
            return;
        Grow(Doubled(capacity), keep);
    }

    /// <summary>
    /// As <see cref="Reserve"/>, for memory that counts against a budget. Freeing the memory
    /// returns it to the budget.
    /// </summary>
    /// <param name="budget">The budget.</param>
    /// <param name="capacity">Bytes needed.</param>
    /// <param name="keep">Bytes to keep, from the first on.</param>
    /// <returns>False, and nothing has changed, when the budget is too small.</returns>
    public bool TryReserve(MemoryBudget budget, int capacity, int keep)
    {
        ArgumentNullException.ThrowIfNull(budget);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(keep, Capacity);
        if (capacity <= Capacity)
            return true;
        if (_budget != budget && keep == 0 && _charged > 0)
            Release();
        var payer = keep == 0 ? budget : _budget ?? budget;
        if (IsReusable(capacity) && payer.TryReuse(capacity, out var block, out var size))
        {
            Buffer.MemoryCopy(_pointer, block, size, keep);
            Release();
            _pointer = block;
            Capacity = size;
            _charged = size;
            _budget = payer;
            return true;
        }

        // Doubling is optional: without room for it, take only what is needed.
        size = Doubled(capacity);
        if (!payer.TryTake(size - Capacity))
        {
            size = capacity;
            if (!payer.TryTake(size - Capacity))
                return false;
        }

        _charged += size - Capacity;
        _budget = payer;
        Grow(size, keep);
        return true;
    }

    /// <summary>Frees the memory when it is larger than <paramref name="limit"/> bytes.</summary>
    public void TrimTo(int limit)
    {
        if (Capacity > limit)
            Release();
    }

    /// <inheritdoc/>
    public override Span<byte> GetSpan() => new(_pointer, Capacity);

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0) => new(_pointer + elementIndex);

    /// <inheritdoc/>
    public override void Unpin()
    {
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => Release();

    private bool IsReusable(int capacity) => capacity >= IdleBlocks.LeastBytes && _allocator.MayReuse;

    private int Doubled(int capacity)
    {
        var size = Math.Max(capacity, Capacity * 2L);

        // Whole megabytes, so that the block suits another page of about the same size.
        if (IsReusable(capacity))
            size = (size + IdleBlocks.LeastBytes - 1) & -IdleBlocks.LeastBytes;
        return (int)Math.Min(size, int.MaxValue - Slack);
    }

    private void Grow(int size, int keep)
    {
        if (keep > 0)
        {
            _pointer = _allocator.Resize(_pointer, (nuint)size + Slack, keep);
        }
        else
        {
            _allocator.Free(_pointer);
            _pointer = null;
            _pointer = _allocator.Allocate((nuint)size + Slack);
        }

        Capacity = size;
    }

    private void Release()
    {
        _budget?.Return(_charged);
        if (_budget is null || !IsReusable(Capacity) || !_budget.TryKeep(_pointer, Capacity))
            _allocator.Free(_pointer);
        _pointer = null;
        Capacity = 0;
        _charged = 0;
        _budget = null;
    }
}
