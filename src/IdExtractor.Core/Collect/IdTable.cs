using IdExtractor.Foundation.Hashing;
using IdExtractor.Foundation.Memory;

namespace IdExtractor.Core.Collect;

/// <summary>
/// A set of byte strings that uses a fixed number of bytes: a <see cref="SlotTable"/> over
/// blocks that hold the strings. Clearing the set keeps its memory, so a set that is refilled
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
    private const int BytesPerEntry = EntryBytes + (SlotTable.SlotsPerItem * sizeof(ulong)) + sizeof(ulong) + sizeof(int);

    private const int EntryBytes = 12;

    private readonly long _fullBudget;
    private readonly int _blockBytes;
    private readonly List<byte[]> _blocks = [];
    private Entry[] _entries = new Entry[InitialCapacity];
    private SlotTable _slots = new(InitialCapacity);
    private int _block = -1;
    private int _blockUsed;
    private int _commonPrefix;
    private long _arenaBytes;

    /// <param name="budget">Bytes that the set may use; at least <see cref="MinBudget"/>.</param>
    public IdTable(long budget)
    {
        _fullBudget = Budget = budget;
        _blockBytes = (int)Math.Clamp(budget / 16, 1 << 10, 1 << 20);
    }

    /// <summary>The result of <see cref="TryAdd"/>.</summary>
    public enum Outcome
    {
        Added,
        Known,
        Full,
    }

    /// <summary>Bytes that the set may use now, at most those it was created for.</summary>
    public long Budget { get; set; }

    /// <summary>Bytes that the set uses, including those that sorting needs.</summary>
    public long Bytes => _arenaBytes + ((long)_entries.Length * BytesPerEntry);

    /// <summary>Strings in the set.</summary>
    public int Count { get; private set; }

    /// <summary>
    /// The common prefix of all strings. Sorting only compares the bytes after it.
    /// </summary>
    public ReadOnlySpan<byte> CommonPrefix => Count == 0 ? [] : this[0][.._commonPrefix];

    /// <summary>The longest string that an empty set is guaranteed to accept.</summary>
    public int MaxBytes => (int)Math.Min(_fullBudget / 4, Array.MaxLength);

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
    public void PrefetchEntry(int index) => Prefetch.Near(in _entries[index]);

    /// <inheritdoc cref="PrefetchEntry"/>
    public void PrefetchString(int index)
    {
        ref readonly var entry = ref _entries[index];
        if (entry.Length > 0)
            Prefetch.Near(in _blocks[entry.Block][entry.Offset]);
    }

    /// <summary>Prefetches the slot for a string with this hash, which will be added.</summary>
    public void PrefetchSlot(uint hash) => _slots.Prefetch(hash);

    /// <summary>
    /// Adds a string of at most <see cref="MaxBytes"/> bytes. An empty set is never full.
    /// </summary>
    /// <param name="id">The string.</param>
    /// <param name="hash">Its <see cref="IdHash"/>.</param>
    public Outcome TryAdd(ReadOnlySpan<byte> id, uint hash)
    {
        if (_slots.Find(id, hash, new Items(this), out var slot))
            return Outcome.Known;
        if (Count == _entries.Length)
        {
            if (!TryGrow())
                return Outcome.Full;
            _slots.Find(id, hash, new Items(this), out slot);
        }

        if (!TryReserve(id.Length))
            return Outcome.Full;
        if (Count == 0)
            _slots.Find(id, hash, new Items(this), out slot);
        id.CopyTo(_blocks[_block].AsSpan(_blockUsed));
        _entries[Count] = new Entry(_block, _blockUsed, id.Length);
        _blockUsed += id.Length;
        _slots.Put(slot, hash, Count++);
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

        _slots.Clear();
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

    /// <summary>Empties the set and gives its memory back.</summary>
    public void Release()
    {
        Count = 0;
        _blocks.Clear();
        _arenaBytes = 0;
        _block = -1;
        _blockUsed = 0;
        _entries = new Entry[InitialCapacity];
        _slots = new SlotTable(InitialCapacity);
    }

    private bool TryGrow()
    {
        var capacity = (long)_entries.Length * 2;
        var whileCopying = _entries.Length * (EntryBytes + (SlotTable.SlotsPerItem * (long)sizeof(ulong)));
        if (_arenaBytes + (capacity * BytesPerEntry) + whileCopying > Budget || capacity > 1 << 29)
            return false;
        Array.Resize(ref _entries, (int)capacity);
        _slots.Grow();
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
        if (_arenaBytes + size + ((long)_entries.Length * BytesPerEntry) > Budget)
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

    private readonly record struct Entry(int Block, int Offset, int Length);

    private readonly struct Items(IdTable table) : ISlotItems
    {
        public bool IsEqual(int index, ReadOnlySpan<byte> text) => table[index].SequenceEqual(text);
    }
}
