using IdExtractor.Foundation.Memory;

namespace IdExtractor.Foundation.Hashing;

/// <summary>
/// A short FIFO queue of strings and their hashes. A string waits here until the memory prefetched
/// for it (<see cref="Prefetch"/>) is in the cache; a lookup without a prefetch would stall.
/// </summary>
internal sealed class WaitingStrings
{
    /// <summary>The longest string that fits, in bytes.</summary>
    public const int MaxBytes = 64;

    /// <summary>The most strings that can wait.</summary>
    private const int Capacity = 8;

    private readonly byte[] _bytes = new byte[Capacity * MaxBytes];
    private readonly (ulong Hash, int Length)[] _strings = new (ulong, int)[Capacity];
    private int _oldest;
    private int _count;

    /// <summary>Whether the queue is empty.</summary>
    public bool IsEmpty => _count == 0;

    /// <summary>Whether the queue is full.</summary>
    public bool IsFull => _count == Capacity;

    /// <summary>
    /// Adds a string of at most <see cref="MaxBytes"/> bytes. The queue must not be full.
    /// </summary>
    public void Enqueue(ReadOnlySpan<byte> value, ulong hash)
    {
        var place = (_oldest + _count) % Capacity;
        value.CopyTo(_bytes.AsSpan(place * MaxBytes, MaxBytes));
        _strings[place] = (hash, value.Length);
        _count++;
    }

    /// <summary>
    /// Removes the oldest string and returns it with its hash. It is valid until the next
    /// <see cref="Enqueue"/>. The queue must not be empty.
    /// </summary>
    public ReadOnlySpan<byte> Dequeue(out ulong hash)
    {
        (hash, var length) = _strings[_oldest];
        var value = _bytes.AsSpan(_oldest * MaxBytes, length);
        _oldest = (_oldest + 1) % Capacity;
        _count--;
        return value;
    }

    /// <summary>Empties the queue.</summary>
    public void Clear() => _count = 0;
}
