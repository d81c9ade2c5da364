using System.Runtime.CompilerServices;
using IdExtractor.Foundation.Memory;

namespace IdExtractor.Foundation.Hashing;

/// <summary>
/// A set of 64-bit numbers in one array, by open addressing: 10 to 17 bytes per number, and one
/// cache line per lookup. Any number of threads may read it while no thread adds.
/// </summary>
/// <remarks>
/// A number's slot is the high half of its <see cref="Hash"/> times the number of slots, so numbers
/// are stored in the order of their hashes. Growing the set therefore reads and writes memory in
/// order, and any size is possible, not only powers of two.
/// </remarks>
internal sealed class NumberSet
{
    private const ulong Factor = 0x9E37_79B9_7F4A_7C15;
    private const int FewestSlots = 16;

    /// <summary>0 is an empty slot; whether 0 is in the set is stored apart.</summary>
    private ulong[] _slots;
    private int _stored;
    private int _limit;
    private bool _hasZero;

    /// <summary>An empty set.</summary>
    /// <param name="expected">Numbers to reserve room for, 0 or more. The memory is used at
    /// once.</param>
    public NumberSet(int expected = 0) => _slots = Allocate(SlotsFor(expected));

    /// <summary>Numbers in the set.</summary>
    public int Count => _stored + (_hasZero ? 1 : 0);

    /// <summary>Whether the next number that is not in the set makes it grow.</summary>
    public bool IsFull => _stored >= _limit;

    /// <summary>Memory of the set, in bytes.</summary>
    public long Bytes => (long)_slots.Length * sizeof(ulong);

    /// <summary>Memory of the set while it grows, old and new together, in bytes.</summary>
    public long BytesWhileGrowing => Bytes + ((long)GrownSlots() * sizeof(ulong));

    /// <summary>Memory of a set that was created for this many numbers, in bytes.</summary>
    public static long BytesFor(int expected) => (long)SlotsFor(expected) * sizeof(ulong);

    /// <summary>
    /// The hash of a number; no two numbers share one. The high bits are the well-mixed ones.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Hash(ulong number) => number * Factor;

    /// <summary>Requests the memory that <see cref="Contains"/> or <see cref="Add"/> will
    /// read. Some ten numbers later it is in the cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(ulong number) => Memory.Prefetch.Near(in _slots[SlotOf(number, _slots.Length)]);

    /// <summary>Returns whether the set has a number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Contains(ulong number)
    {
        if (number == 0)
            return _hasZero;
        return Find(number, out _);
    }

    /// <summary>Adds a number. The set grows when it is full.</summary>
    /// <returns>False when the set has the number already.</returns>
    /// <exception cref="InvalidOperationException">No array is long enough.</exception>
    public bool Add(ulong number)
    {
        if (number == 0)
        {
            var isNew = !_hasZero;
            _hasZero = true;
            return isNew;
        }

        if (Find(number, out var slot))
            return false;
        if (IsFull)
        {
            Grow();
            Find(number, out slot);
        }

        _slots[slot] = number;
        _stored++;
        return true;
    }

    /// <summary>The numbers, in no useful order. The set must not change meanwhile.</summary>
    public Enumerator GetEnumerator() => new(_slots, _hasZero);

    /// <summary>The slot where the search for a number begins.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int SlotOf(ulong number, int slots) => (int)((Hash(number) >> 32) * (uint)slots >> 32);

    private static int SlotsFor(int expected) => (int)Math.Clamp(expected + (expected / 3L), FewestSlots, Array.MaxLength);

    /// <summary>Finds a number, or the empty slot to store it in.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Find(ulong number, out int slot)
    {
        var slots = _slots;
        slot = SlotOf(number, slots.Length);
        while (true)
        {
            var stored = slots[slot];
            if (stored == number)
                return true;
            if (stored == 0)
                return false;
            if (++slot == slots.Length)
                slot = 0;
        }
    }

    private int GrownSlots() => (int)Math.Clamp(_slots.Length * 3L / 2, FewestSlots * 2, Array.MaxLength);

    private void Grow()
    {
        var old = _slots;
        if (old.Length == Array.MaxLength)
            throw new InvalidOperationException("The set has more numbers than an array holds.");
        _slots = Allocate(GrownSlots());
        foreach (var number in old)
        {
            if (number == 0)
                continue;
            Find(number, out var slot);
            _slots[slot] = number;
        }
    }

    private ulong[] Allocate(int slots)
    {
        _limit = slots - (slots / 4);
        return ZeroedArray.Create<ulong>(slots);
    }

    /// <summary>Enumerates the numbers of a set.</summary>
    public struct Enumerator
    {
        private readonly ulong[] _slots;
        private bool _zeroIsNext;
        private int _next;

        internal Enumerator(ulong[] slots, bool hasZero) => (_slots, _zeroIsNext) = (slots, hasZero);

        /// <summary>The current number.</summary>
        public ulong Current { get; private set; }

        /// <summary>Moves to the next number; false after the last.</summary>
        public bool MoveNext()
        {
            if (_zeroIsNext)
            {
                _zeroIsNext = false;
                Current = 0;
                return true;
            }

            while (_next < _slots.Length)
            {
                if ((Current = _slots[_next++]) != 0)
                    return true;
            }

            return false;
        }
    }
}
