using System.Buffers.Binary;

namespace IdExtractor.Foundation.Bytes;

/// <summary>
/// Compares byte strings lexicographically; a prefix sorts before any longer string. Compares eight
/// bytes at once as numbers, since most strings differ in the first eight.
/// </summary>
internal static class ByteOrder
{
    /// <summary>Bytes per number.</summary>
    public const int WordBytes = sizeof(ulong);

    /// <summary>
    /// The bytes from a position, as a number that sorts as they do. Bytes past the end read as
    /// zeros, so strings with equal numbers need a further comparison.
    /// </summary>
    public static ulong WordAt(ReadOnlySpan<byte> text, int position)
    {
        var rest = text[Math.Min(position, text.Length)..];
        if (rest.Length >= WordBytes)
            return BinaryPrimitives.ReadUInt64BigEndian(rest);
        var word = 0UL;
        for (var i = 0; i < rest.Length; i++)
            word |= (ulong)rest[i] << (56 - (8 * i));
        return word;
    }
}
