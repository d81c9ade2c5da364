namespace IdExtractor.Foundation.Hashing;

/// <summary>
/// A slot of a hash table whose items are stored elsewhere. It holds the item's number and, in the
/// upper half, the item's hash. Comparing the hash rejects a different item at the first memory
/// access instead of the third. 0 is an empty slot.
/// </summary>
internal static class HashSlot
{
    /// <summary>The slot of an item.</summary>
    /// <param name="hash">Its hash.</param>
    /// <param name="index">Its number, from 0.</param>
    public static ulong Of(uint hash, int index) => ((ulong)hash << 32) | ((uint)index + 1);

    /// <summary>The item's hash.</summary>
    public static uint Hash(ulong slot) => (uint)(slot >> 32);

    /// <summary>The item's number, from 0; -1 for an empty slot.</summary>
    public static int Index(ulong slot) => (int)(uint)slot - 1;
}
