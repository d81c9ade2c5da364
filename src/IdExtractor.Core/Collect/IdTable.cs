using IdExtractor.Foundation.Hashing;
using IdExtractor.Foundation.Memory;

namespace IdExtractor.Core.Collect;

/// <summary>
/// A set of byte strings that uses a fixed number of bytes: an open-addressing table of positions
/// over blocks that hold the strings. Clearing the set keeps its memory, so a set that is refilled
/// again and again allocates nothing. Not thread safe.
/// </summary>
internal sealed class IdTable
{
    /// <summary>Minimum budget of a set, in bytes.</summary>
    public const int MinBudget = 16 << 10;

    private const int InitialCapacity = 64;

    /// <summary>
    /// Bytes per entry in addition to its string: the entry, two slots, and what sorting needs.
    /// </summary>
    private const int BytesPerEntry = EntryBytes + (SlotsPerEntry * sizeof(ulong)) + sizeof(ulong) + sizeof(int);

    private const int EntryBytes = 12;
    private const int SlotsPerEntry = 2;

    private readonly long _budget;
    private readonly int _blockBytes;
    private readonly List<byte[]> _blocks = [];
    private Entry[] _entries = new Entry[InitialCapacity];
    private ulong[] _slots = new ulong[SlotsPerEntry * InitialCapacity];
    private int _block = -1;
    private int _blockUsed;
    private int _commonPrefix;
    private long _arenaBytes;

    /// <param name="budget">Bytes that the set may use; at least <see cref="MinBudget"/>.</param>
    public IdTable(long budget)
    {
        _budget = budget;
        _blockBytes = (int)Math.Clamp(budget / 16, 1 << 10, 1 << 20);
    }

    /// <summary>The result of <see cref="TryAdd"/>.</summary>
    public enum Outcome
    {
        Added,
        Known,
        Full,
    }

    /// <summary>Strings in the set.</summary>
    public int Count { get; private set; }

    /// <summary>
    /// The common prefix of all strings. Sorting only compares the bytes after it.
    /// </summary>
    public ReadOnlySpan<byte> CommonPrefix => Count == 0 ? [] : this[0][.._commonPrefix];

    /// <summary>The longest string that an empty set is guaranteed to accept.</summary>
    public int MaxBytes => (int)Math.Min(_budget / 4, Array.MaxLength);

    public ReadOnlySpan<byte> this[int index]
    {
        get
        {
            ref readonly var entry = ref _entries[index];
            return _blocks[entry.Block].AsSpan(entry.Offset, entry.Length);
        }
    }

    /// <summary>
    /// Prefetches a string in two steps: its entry, which holds its position, and then the string
    /// itself. Take the first step well before the second.
    /// </summary>
    public void AnnounceEntry(int index) => Prefetch.Near(in _entries[index]);

    /// <inheritdoc cref="AnnounceEntry"/>
    public void AnnounceString(int index)
    {
        ref readonly var entry = ref _entries[index];
        if (entry.Length > 0)
            Prefetch.Near(in _blocks[entry.Block][entry.Offset]);
    }

    /// <summary>Prefetches the slot for a string with this hash, which will be added.</summary>
    public void AnnounceHash(uint hash) => Prefetch.Near(in _slots[SlotOf(hash)]);

    /// <summary>
    /// Adds a string of at most <see cref="MaxBytes"/> bytes. An empty set is never full.
    /// </summary>
    /// <param name="id">The string.</param>
    /// <param name="hash">Its <see cref="IdHash"/>.</param>
    public Outcome TryAdd(ReadOnlySpan<byte> id, uint hash)
    {
        if (Find(id, hash, out var slot))
            return Outcome.Known;
        if (Count == _entries.Length)
        {
            if (!TryGrow())
                return Outcome.Full;
            Find(id, hash, out slot);
        }

        if (!TryReserve(id.Length))
            return Outcome.Full;
        if (Count == 0)
            slot = SlotOf(hash);
        id.CopyTo(_blocks[_block].AsSpan(_blockUsed));
        _entries[Count] = new Entry(_block, _blockUsed, id.Length);
        _blockUsed += id.Length;
        _slots[slot] = HashSlot.Of(hash, Count++);
        _commonPrefix = Count == 1 ? id.Length : id.CommonPrefixLength(CommonPrefix);
        return Outcome.Added;
    }

    /// <summary>
    /// Empties the set and keeps its memory, unless the split between table and strings was poor.
    /// </summary>
    public void Clear()
    {
        var isUnbalanced = Count < _entries.Length / 4;
        Count = 0;
        if (isUnbalanced)
        {
            Release();
            return;
        }

        _slots.AsSpan().Clear();
        for (var i = _blocks.Count - 1; i >= 0; i--)
        {
            if (_blocks[i].Length != _blockBytes)
            {
                _arenaBytes -= _blocks[i].Length;
                _blocks.RemoveAt(i);
            }
        }

        _block = -1;
        _blockUsed = 0;
    }

    private bool Find(ReadOnlySpan<byte> id, uint hash, out int slot)
    {
        var mask = _slots.Length - 1;
        slot = SlotOf(hash);
        ulong entry;
        while ((entry = _slots[slot]) != 0)
        {
            if (HashSlot.Hash(entry) == hash && this[HashSlot.Index(entry)].SequenceEqual(id))
                return true;
            slot = (slot + 1) & mask;
        }

        return false;
    }

    /// <summary>The slot where the search for a hash begins.</summary>
    private int SlotOf(uint hash) => (int)hash & (_slots.Length - 1);

    private bool TryGrow()
    {
        var capacity = (long)_entries.Length * 2;
        var whileCopying = _entries.Length * (EntryBytes + (SlotsPerEntry * (long)sizeof(ulong)));
        if (_arenaBytes + (capacity * BytesPerEntry) + whileCopying > _budget || capacity > 1 << 29)
            return false;
        Array.Resize(ref _entries, (int)capacity);
        var old = _slots;
        _slots = ZeroedArray.Create<ulong>((int)capacity * SlotsPerEntry);
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

        return true;
    }

    /// <summary>Makes a block with enough room the current one.</summary>
    private bool TryReserve(int bytes)
    {
        if (_block >= 0 && bytes <= _blocks[_block].Length - _blockUsed)
            return true;
        if (bytes <= _blockBytes && _block + 1 < _blocks.Count)
            return Use(_block + 1);
        var size = Math.Max(bytes, _blockBytes);
        if (_arenaBytes + size + ((long)_entries.Length * BytesPerEntry) > _budget)
        {
            if (Count > 0)
                return false;
            Release();
        }

        // Blocks kept from earlier use stay after the current one.
        _blocks.Insert(_block + 1, new byte[size]);
        _arenaBytes += size;
        return Use(_block + 1);
    }

    private bool Use(int block)
    {
        _block = block;
        _blockUsed = 0;
        return true;
    }

    /// <summary>Releases the memory of an empty set.</summary>
    private void Release()
    {
        _blocks.Clear();
        _arenaBytes = 0;
        _block = -1;
        _blockUsed = 0;
        _entries = new Entry[InitialCapacity];
        _slots = new ulong[SlotsPerEntry * InitialCapacity];
    }

    private readonly record struct Entry(int Block, int Offset, int Length);
}
