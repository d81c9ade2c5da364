using System.Buffers.Binary;

namespace IdExtractor.Foundation.Bytes;

/// <summary>Byte strings in their order, a prefix before what it begins, by numbers: eight bytes are compared at once, and most strings differ in the first eight.</summary>
internal static class ByteOrder
{
    /// <summary>Bytes that a number holds.</summary>
    public const int WordBytes = sizeof(ulong);

    /// <summary>The bytes from a position as a number whose order is theirs; zeros stand for bytes behind the end, so strings whose numbers agree have to be looked at further.</summary>
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
