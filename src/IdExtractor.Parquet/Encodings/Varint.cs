namespace IdExtractor.Parquet.Encodings;

/// <summary>
/// Unsigned variable-length integers (seven bits per byte, low bits first) and their zigzag form,
/// as the Parquet encodings and Thrift's compact protocol use them.
/// </summary>
/// <remarks>
/// A number is rejected if it extends past the end, takes more bytes than its type can need, or has
/// bits above its type. The method then returns false and does not move the position.
/// </remarks>
public static class Varint
{
    /// <summary>The most bytes that 32 bits take.</summary>
    public const int MaxLength32 = 5;

    /// <summary>The most bytes that 64 bits take.</summary>
    public const int MaxLength64 = 10;

    /// <summary>Reads an unsigned number of at most 32 bits.</summary>
    /// <param name="source">The bytes.</param>
    /// <param name="position">Where the number starts; moves past it on success.</param>
    /// <param name="end">The first byte that does not belong to the stream; at most the length of
    /// <paramref name="source"/>.</param>
    /// <param name="value">The number, or 0.</param>
    /// <returns>Whether a whole number was there.</returns>
    public static bool TryReadUInt32(ReadOnlySpan<byte> source, ref int position, int end, out uint value)
    {
        var start = position;
        if (TryRead(source, ref position, end, MaxLength32, out var wide) && wide <= uint.MaxValue)
        {
            value = (uint)wide;
            return true;
        }

        position = start;
        value = 0;
        return false;
    }

    /// <summary>Reads an unsigned number of at most 64 bits.</summary>
    /// <param name="source">The bytes.</param>
    /// <param name="position">Where the number starts; moves past it on success.</param>
    /// <param name="end">The first byte that does not belong to the stream; at most the length of
    /// <paramref name="source"/>.</param>
    /// <param name="value">The number, or 0.</param>
    /// <returns>Whether a whole number was there.</returns>
    public static bool TryReadUInt64(ReadOnlySpan<byte> source, ref int position, int end, out ulong value) =>
        TryRead(source, ref position, end, MaxLength64, out value);

    /// <summary>
    /// Reads a zigzag number of at most 32 bits: 0, -1, 1, -2 and so on are stored as 0, 1, 2, 3.
    /// </summary>
    /// <param name="source">The bytes.</param>
    /// <param name="position">Where the number starts; moves past it on success.</param>
    /// <param name="end">The first byte that does not belong to the stream; at most the length of
    /// <paramref name="source"/>.</param>
    /// <param name="value">The number, or 0.</param>
    /// <returns>Whether a whole number was there.</returns>
    public static bool TryReadZigZag32(ReadOnlySpan<byte> source, ref int position, int end, out int value)
    {
        var found = TryReadUInt32(source, ref position, end, out var raw);
        value = (int)(raw >> 1) ^ -(int)(raw & 1);
        return found;
    }

    /// <summary>Reads a zigzag number of at most 64 bits.</summary>
    /// <param name="source">The bytes.</param>
    /// <param name="position">Where the number starts; moves past it on success.</param>
    /// <param name="end">The first byte that does not belong to the stream; at most the length of
    /// <paramref name="source"/>.</param>
    /// <param name="value">The number, or 0.</param>
    /// <returns>Whether a whole number was there.</returns>
    public static bool TryReadZigZag64(ReadOnlySpan<byte> source, ref int position, int end, out long value)
    {
        var found = TryReadUInt64(source, ref position, end, out var raw);
        value = (long)(raw >> 1) ^ -(long)(raw & 1);
        return found;
    }

    /// <summary>
    /// Why a number at this position was rejected: truncated when fewer bytes are left than the
    /// longest one takes, malformed otherwise.
    /// </summary>
    /// <param name="position">Where the number starts.</param>
    /// <param name="end">The end of the stream.</param>
    /// <param name="maxLength">The most bytes that the number may take.</param>
    internal static DecodeStatus Failure(int position, int end, int maxLength) =>
        end - position < maxLength ? DecodeStatus.InputTooShort : DecodeStatus.InvalidHeader;

    private static bool TryRead(ReadOnlySpan<byte> source, ref int position, int end, int maxLength, out ulong value)
    {
        value = 0;
        var stop = Math.Min((long)position + maxLength, end);
        var shift = 0;
        for (var at = position; at < stop; at++, shift += 7)
        {
            ulong piece = source[at];
            if (shift == 63 && piece > 1)
                break;
            value |= (piece & 0x7F) << shift;
            if (piece < 0x80)
            {
                position = at + 1;
                return true;
            }
        }

        value = 0;
        return false;
    }
}
