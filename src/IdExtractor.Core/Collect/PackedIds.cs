using System.Numerics;
using System.Runtime.CompilerServices;
using IdExtractor.Foundation.Memory;

namespace IdExtractor.Core.Collect;

/// <summary>
/// Short ids in the order in which they were added: 16 bytes each, in one block that grows. Copies
/// are removed by sorting, when the block is full or complete; before that, only those of recent
/// ids are recognized. That is faster than a table of all ids, in which each new id would be a
/// cache miss. Not thread safe.
/// </summary>
internal sealed unsafe class PackedIds : IDisposable
{
    /// <summary>The first block: 1 MiB, of which only what is used takes memory.</summary>
    private const int FewestIds = 1 << 16;

    /// <summary>A larger block takes the whole budget; what is not used takes no memory.</summary>
    private const int MostCopied = 1 << 18;

    private const int GrowthFactor = 4;

    /// <summary>The part of the memory that recognizes copies is one in this many.</summary>
    private const int RecentShare = 16;

    private readonly RecentIds _recent;
    private readonly long _recentBytes;
    private readonly NativeAllocator _allocator = NativeAllocator.Current;
    private PackedId* _ids;
    private int _capacity;
    private int _count;

    /// <param name="budget">Bytes that it may use when it has the whole memory of its
    /// shard.</param>
    public PackedIds(long budget)
    {
        _recentBytes = budget / RecentShare;
        _recent = new RecentIds(_recentBytes);
    }

    /// <summary>Ids, maybe with copies.</summary>
    public int Count => _count;

    /// <summary>Memory that holds ids, in bytes.</summary>
    public long Bytes => _count == 0 ? 0 : ((long)_count * PackedId.Size) + _recentBytes;

    /// <summary>
    /// The longest prefix that all ids have in common; empty without ids. The ids are sorted.
    /// </summary>
    public byte[] CommonPrefix
    {
        get
        {
            if (_count == 0)
                return [];
            var (shortest, first, last) = (PackedId.MaxBytes, _ids[0], _ids[_count - 1]);
            foreach (var id in Ids)
                shortest = Math.Min(shortest, id.Length);
            var common = BitOperations.LeadingZeroCount(first.High ^ last.High) / 8;
            if (common == sizeof(ulong))
                common += BitOperations.LeadingZeroCount(first.Low ^ last.Low) / 8;
            var prefix = new byte[PackedId.Size];
            first.Unpack(prefix);
            return prefix[..Math.Min(common, shortest)];
        }
    }

    /// <summary>The ids.</summary>
    public Span<PackedId> Ids => new(_ids, _count);

    /// <summary>Adds an id.</summary>
    /// <param name="id">At most <see cref="PackedId.MaxBytes"/> bytes.</param>
    /// <param name="budget">Bytes that it may use.</param>
    /// <returns>False when the memory is full; the id has not been added.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryAdd(ReadOnlySpan<byte> id, long budget)
    {
        var packed = PackedId.Of(id);
        if (_count == _capacity && !TryGrow(budget))
            return false;
        _ids[_count] = packed;
        _count += _recent.IsCopy(packed) ? 0 : 1;
        return true;
    }

    /// <summary>Sorts the ids and removes copies.</summary>
    public void Sort()
    {
        PackedIdSorter.Sort(Ids);
        _count = PackedIdSorter.RemoveCopies(Ids);
    }

    /// <summary>Removes all ids and gives their memory back.</summary>
    public void Clear()
    {
        _allocator.Free((byte*)_ids);
        _ids = null;
        (_capacity, _count) = (0, 0);
    }

    /// <inheritdoc/>
    public void Dispose() => Clear();

    private bool TryGrow(long budget)
    {
        var most = (int)Math.Clamp((budget - _recentBytes) / PackedId.Size, 1, Array.MaxLength);
        var capacity = (int)Math.Min(Math.Max(_capacity * (long)GrowthFactor, FewestIds), most);
        if (capacity > MostCopied)
            capacity = most;
        if (capacity <= _count)
            return false;
        _ids = (PackedId*)_allocator.Resize((byte*)_ids, (nuint)capacity * PackedId.Size, (long)_count * PackedId.Size);
        _capacity = capacity;
        HugePages.Request(new Span<PackedId>(_ids, capacity));
        return true;
    }
}
