using IdExtractor.Foundation.Memory;

namespace IdExtractor.Foundation.Hashing;

/// <summary>Byte strings that are stored elsewhere, by number.</summary>
internal interface ISlotItems
{
    /// <summary>Returns whether an item equals a string.</summary>
    bool IsEqual(int index, ReadOnlySpan<byte> text);
}

/// <summary>
/// Finds byte strings that are stored elsewhere: an open-addressing table of
/// <see cref="HashSlot"/>, at most half full. Any number of threads may read it while no thread
/// changes it.
/// </summary>
/// <param name="capacity">Items that fit before it has to grow; a power of two.</param>
internal sealed class SlotTable(int capacity)
{
    /// <summary>Slots per item, of 8 bytes each.</summary>
    public const int SlotsPerItem = 2;

    private ulong[] _slots = ZeroedArray.Create<ulong>(SlotsPerItem * capacity);
    private int _count;

    /// <summary>Items that fit before it has to grow.</summary>
    public int Capacity => _slots.Length / SlotsPerItem;

    /// <summary>Whether it has to grow before the next <see cref="Put"/>.</summary>
    public bool IsFull => _count == Capacity;

    /// <summary>Prefetches where the search for a hash begins.</summary>
    public void Prefetch(uint hash) => Memory.Prefetch.Near(in _slots[SlotOf(hash)]);

    /// <summary>Finds a string.</summary>
    /// <typeparam name="TItems">A struct, so that the comparison is compiled into the
    /// loop.</typeparam>
    /// <param name="text">The string.</param>
    /// <param name="hash">Its hash.</param>
    /// <param name="items">The items.</param>
    /// <param name="slot">Where it is, or where to <see cref="Put"/> it.</param>
    public bool Find<TItems>(ReadOnlySpan<byte> text, uint hash, TItems items, out int slot)
        where TItems : struct, ISlotItems
    {
        var slots = _slots;
        var mask = slots.Length - 1;
        slot = SlotOf(hash);
        ulong entry;
        while ((entry = slots[slot]) != 0)
        {
            if (HashSlot.Hash(entry) == hash && items.IsEqual(HashSlot.Index(entry), text))
                return true;
            slot = (slot + 1) & mask;
        }

        return false;
    }

    /// <summary>Adds an item.</summary>
    /// <param name="slot">From <see cref="Find"/>; nothing was added since.</param>
    /// <param name="hash">Its hash.</param>
    /// <param name="index">Its number.</param>
    public void Put(int slot, uint hash, int index)
    {
        _slots[slot] = HashSlot.Of(hash, index);
        _count++;
    }

    /// <summary>Doubles the capacity.</summary>
    public void Grow()
    {
        var old = _slots;
        _slots = ZeroedArray.Create<ulong>(2 * old.Length);
        var mask = _slots.Length - 1;
        foreach (var entry in old)
        {
            if (entry == 0)
                continue;
            var slot = SlotOf(HashSlot.Hash(entry));
            while (_slots[slot] != 0)
                slot = (slot + 1) & mask;
            _slots[slot] = entry;
        }
    }

    /// <summary>Removes all items and keeps the memory.</summary>
    public void Clear()
    {
        _slots.AsSpan().Clear();
        _count = 0;
    }

    private int SlotOf(uint hash) => (int)hash & (_slots.Length - 1);
}
