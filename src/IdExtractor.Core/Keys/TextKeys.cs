using IdExtractor.Foundation.Hashing;

namespace IdExtractor.Core.Keys;

/// <summary>
/// The keys that are anything but 8 to 16 digits: byte strings, one after another, and a table of
/// their positions. Any number of threads may read it while no thread adds.
/// </summary>
internal sealed class TextKeys
{
    private const int FewestKeys = 16;

    /// <summary>
    /// Bytes per key in addition to its text, while the tables grow: two starts and six slots.
    /// </summary>
    private const int BytesPerKey = (2 * sizeof(int)) + (6 * sizeof(ulong));

    private readonly SlotTable _slots = new(FewestKeys);
    private byte[] _bytes = [];
    private int[] _starts = new int[FewestKeys + 1];
    private int _used;

    /// <summary>Distinct keys.</summary>
    public int Count { get; private set; }

    /// <summary>Memory with one more key, in bytes: the text counts twice because it may
    /// grow.</summary>
    /// <param name="length">Length of that key.</param>
    public long BytesWith(int length) => (2L * (_used + (long)length)) + ((Count + 1L) * BytesPerKey);

    /// <summary>Memory, in bytes.</summary>
    public long Bytes => Count == 0 ? 0 : BytesWith(0);

    /// <summary>Whether one more key of this length exceeds the longest array.</summary>
    public bool IsFullFor(int length) => _used + (long)length > Array.MaxLength || Count == Array.MaxLength / 4;

    /// <summary>One of the keys.</summary>
    /// <param name="index">0 up to <see cref="Count"/> - 1.</param>
    public ReadOnlySpan<byte> this[int index] => _bytes.AsSpan(_starts[index].._starts[index + 1]);

    /// <summary>Returns whether a text with this hash is a key.</summary>
    public bool Contains(ReadOnlySpan<byte> text, ulong hash) => _slots.Find(text, Tag(hash), new Items(this), out _);

    /// <summary>Prefetches where the search for a hash begins.</summary>
    public void Prefetch(ulong hash) => _slots.Prefetch(Tag(hash));

    /// <summary>Adds a key unless it is present.</summary>
    public void Add(ReadOnlySpan<byte> key, ulong hash)
    {
        if (_slots.IsFull)
        {
            _slots.Grow();
            Array.Resize(ref _starts, _slots.Capacity + 1);
        }

        if (_slots.Find(key, Tag(hash), new Items(this), out var slot))
            return;
        if (_used + key.Length > _bytes.Length)
            Array.Resize(ref _bytes, (int)Math.Min(Math.Max(_bytes.Length * 2L, _used + (long)key.Length), Array.MaxLength));
        key.CopyTo(_bytes.AsSpan(_used));
        _used += key.Length;
        _slots.Put(slot, Tag(hash), Count++);
        _starts[Count] = _used;
    }

    private static uint Tag(ulong hash) => (uint)(hash >> 32);

    private readonly struct Items(TextKeys keys) : ISlotItems
    {
        public bool IsEqual(int index, ReadOnlySpan<byte> text) => keys[index].SequenceEqual(text);
    }
}
