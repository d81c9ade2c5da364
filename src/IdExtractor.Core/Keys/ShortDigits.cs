using System.Buffers.Binary;

namespace IdExtractor.Core.Keys;

/// <summary>
/// Reads 8 to 16 digits as a number, eight at a time in one register. Documents of Table A have
/// eleven or fourteen, and there may be millions of them.
/// </summary>
internal static class ShortDigits
{
    private const ulong Zeros = 0x3030303030303030;
    private const ulong HighHalves = 0xF0F0F0F0F0F0F0F0;
    private const ulong Sixes = 0x0606060606060606;
    private const ulong Pairs = 0x000000FF000000FF;

    /// <summary>Reads the digits.</summary>
    /// <param name="text">8 to 16 bytes.</param>
    /// <param name="number">Their number.</param>
    /// <returns>False when some byte is not a digit.</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, out ulong number)
    {
        var head = BinaryPrimitives.ReadUInt64LittleEndian(text);
        var tail = BinaryPrimitives.ReadUInt64LittleEndian(text[^sizeof(ulong)..]);
        number = 0;
        if (!AreDigits(head) || !AreDigits(tail))
            return false;

        // Of the first eight digits, those that are also among the last eight are shifted out.
        var before = text.Length - sizeof(ulong);
        var upper = before == 0 ? 0 : Value((head - Zeros) << (8 * (sizeof(ulong) - before)));
        number = (upper * 100_000_000) + Value(tail - Zeros);
        return true;
    }

    private static bool AreDigits(ulong text) => (text & HighHalves) == Zeros && ((text + Sixes) & HighHalves) == Zeros;

    /// <summary>
    /// The number of eight digits, the first in the lowest byte: joined to four numbers of two
    /// digits, and these to one by two multiplications.
    /// </summary>
    private static ulong Value(ulong digits)
    {
        digits = (digits * 10) + (digits >> 8);
        return (((digits & Pairs) * (100 + (1_000_000UL << 32))) + (((digits >> 16) & Pairs) * (1 + (10_000UL << 32)))) >> 32;
    }
}
