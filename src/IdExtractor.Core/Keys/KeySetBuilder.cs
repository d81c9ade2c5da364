using System.Globalization;
using IdExtractor.Foundation.Errors;
using IdExtractor.Foundation.Hashing;
using IdExtractor.Foundation.Memory;

namespace IdExtractor.Core.Keys;

/// <summary>Collects the distinct keys of Table A.</summary>
public sealed class KeySetBuilder : IKeySink
{
    private const int FewestKeys = 1 << 12;

    /// <summary>
    /// Maximum number of keys to reserve room for: the expected number is only a claim.
    /// </summary>
    private const int MostExpected = 1 << 20;

    private const int UsualKeyBytes = 14;

    private readonly long _maxBytes;
    private readonly WaitingStrings _waiting = new();
    private int _count;

    // Own tables instead of a dictionary, because the finished set takes them over unchanged.
    private ulong[] _hashes;
    private int[] _starts;
    private ulong[] _slots;
    private byte[] _bytes;
    private int _used;

    /// <param name="expectedKeys">Approximate number of keys to come. Fresh memory costs more than
    /// filling it, so tables of the right size from the start save time.</param>
    /// <param name="maxBytes">Maximum memory for the keys, as computed by
    /// <see cref="KeySet.BytesFor"/>.</param>
    public KeySetBuilder(long expectedKeys = 0, long maxBytes = long.MaxValue)
    {
        _maxBytes = maxBytes;
        var room = (int)Math.Clamp(expectedKeys, FewestKeys, MostExpected);
        if (KeySet.BytesFor(room, (long)UsualKeyBytes * room) > maxBytes)
            room = FewestKeys;
        _hashes = new ulong[room];
        _starts = new int[room + 1];
        _slots = ZeroedArray.Create<ulong>(KeySet.SlotsFor(room));
        _bytes = new byte[UsualKeyBytes * room];
    }

    /// <summary>Distinct keys so far.</summary>
    public int Count
    {
        get
        {
            InsertWaiting();
            return _count;
        }
    }

    /// <summary>Adds a key unless it is present.</summary>
    /// <exception cref="MemoryLimitException">The keys of A exceed the memory limit, or the size of
    /// an array. The error may also come some keys later, or in <see cref="Build"/>.</exception>
    public void Add(ReadOnlySpan<byte> key)
    {
        var hash = KeyHash.Of(key);
        if (key.Length > WaitingStrings.MaxBytes)
        {
            InsertWaiting();
            Insert(key, hash);
            return;
        }

        if (_waiting.IsFull)
            InsertOldest();
        Prefetch.Near(in _slots[KeySet.SlotOf(hash, _slots.Length)]);
        _waiting.Enqueue(key, hash);
    }

    /// <summary>
    /// Returns the set of all keys added. The set takes over the tables, so the builder must not be
    /// used afterwards.
    /// </summary>
    public KeySet Build()
    {
        // Do this before handing over the tables: the last keys may make them grow.
        InsertWaiting();
        return new KeySet(_bytes, _starts, _hashes, _slots, _count);
    }

    private void InsertWaiting()
    {
        while (!_waiting.IsEmpty)
            InsertOldest();
    }

    private void InsertOldest()
    {
        var key = _waiting.Dequeue(out var hash);
        Insert(key, hash);
    }

    private void Insert(ReadOnlySpan<byte> key, ulong hash)
    {
        if (IsKnown(key, hash, out var slot))
            return;
        if (_used + (long)key.Length > Array.MaxLength || _count == Array.MaxLength / 4)
            throw Refused(new MemoryLimitException("Table A holds more keys than fit in memory", advice: "check that --table-a and --table-b are not exchanged"));
        if (KeySet.BytesFor(_count + 1L, _used + (long)key.Length) > _maxBytes)
        {
            throw Refused(new MemoryLimitException("Table A holds more keys than --max-memory has room for",
                new ErrorPlace { Expected = string.Create(CultureInfo.InvariantCulture, $"at most {_maxBytes} bytes for keys"), Actual = string.Create(CultureInfo.InvariantCulture, $"more than {_count} keys") },
                "raise --max-memory, or check that --table-a and --table-b are not exchanged"));
        }

        if (_count == _hashes.Length)
        {
            Grow();
            IsKnown(key, hash, out slot);
        }

        if (_used + key.Length > _bytes.Length)
            Array.Resize(ref _bytes, (int)Math.Min(Math.Max(_bytes.Length * 2L, _used + (long)key.Length), Array.MaxLength));
        key.CopyTo(_bytes.AsSpan(_used));
        _used += key.Length;
        _hashes[_count] = hash;
        _slots[slot] = HashSlot.Of(KeySet.Tag(hash), _count++);
        _starts[_count] = _used;
    }

    /// <summary>Drops the waiting keys, which would be refused too.</summary>
    private MemoryLimitException Refused(MemoryLimitException error)
    {
        _waiting.Clear();
        return error;
    }

    private bool IsKnown(ReadOnlySpan<byte> key, ulong hash, out int slot)
    {
        slot = KeySet.SlotOf(hash, _slots.Length);
        ulong entry;
        while ((entry = _slots[slot]) != 0)
        {
            var found = HashSlot.Index(entry);
            if (HashSlot.Hash(entry) == KeySet.Tag(hash) && _bytes.AsSpan(_starts[found].._starts[found + 1]).SequenceEqual(key))
                return true;
            slot = (slot + 1) & (_slots.Length - 1);
        }

        return false;
    }

    private void Grow()
    {
        var capacity = (int)Math.Min(_hashes.Length * 2L, Array.MaxLength / 4);
        Array.Resize(ref _hashes, capacity);
        Array.Resize(ref _starts, capacity + 1);
        _slots = ZeroedArray.Create<ulong>(KeySet.SlotsFor(capacity));
        for (var key = 0; key < _count; key++)
        {
            var slot = KeySet.SlotOf(_hashes[key], _slots.Length);
            while (_slots[slot] != 0)
                slot = (slot + 1) & (_slots.Length - 1);
            _slots[slot] = HashSlot.Of(KeySet.Tag(_hashes[key]), key);
        }
    }
}
