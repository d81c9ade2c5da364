using IdExtractor.Foundation.Memory;

namespace IdExtractor.Foundation.Hashing;

/// <summary>
/// A few short strings with their hashes, first in, first out, that wait until what was announced for them (<see cref="Prefetch"/>) is near: a look that was not announced waits for memory.
/// </summary>
internal sealed class WaitingStrings
{
    /// <summary>The longest string that may wait, in bytes.</summary>
    public const int MaxBytes = 64;

    /// <summary>How many wait at most.</summary>
    private const int Capacity = 8;

    private readonly byte[] _bytes = new byte[Capacity * MaxBytes];
    private readonly (ulong Hash, int Length)[] _strings = new (ulong, int)[Capacity];
    private int _oldest;
    private int _count;

    /// <summary>None waits.</summary>
    public bool IsEmpty => _count == 0;

    /// <summary>No more can wait.</summary>
    public bool IsFull => _count == Capacity;

    /// <summary>Lets a string of at most <see cref="MaxBytes"/> bytes wait. Must not be full.</summary>
    public void Enqueue(ReadOnlySpan<byte> value, ulong hash)
    {
        var place = (_oldest + _count) % Capacity;
        value.CopyTo(_bytes.AsSpan(place * MaxBytes, MaxBytes));
        _strings[place] = (hash, value.Length);
        _count++;
    }

    /// <summary>The string that has waited longest, and its hash; valid until the next is enqueued. Must not be empty.</summary>
    public ReadOnlySpan<byte> Dequeue(out ulong hash)
    {
        (hash, var length) = _strings[_oldest];
        var value = _bytes.AsSpan(_oldest * MaxBytes, length);
        _oldest = (_oldest + 1) % Capacity;
        _count--;
        return value;
    }

    /// <summary>Forgets all that wait.</summary>
    public void Clear() => _count = 0;
}
