namespace IdExtractor.Foundation.Hashing;

/// <summary>
/// What a slot of a hash table holds of an item that stands elsewhere: its number, and in the upper half its hash, so that other items are told apart at the first look instead of the third, each of which
/// is a trip to memory. 0 is an empty slot.
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
