using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace IdExtractor.Core.Keys;

/// <summary>
/// Texts of 8 to 16 ASCII digits as words of 64 bits. Texts of equal length never share a word, so
/// a word and a length stand for exactly one text.
/// </summary>
/// <remarks>
/// The word combines the first eight bytes and the last eight. Digits differ only in the low half
/// of a byte. One of the two is shifted by half a byte, so each half byte of the word holds one
/// digit, combined with the constant upper half of another.
/// </remarks>
internal static class PackedDigits
{
    /// <summary>The shortest text that can be packed.</summary>
    public const int ShortestText = sizeof(ulong);

    /// <summary>The longest text that can be packed.</summary>
    public const int LongestText = 2 * sizeof(ulong);

    private const int HalfByte = 4;
    private const ulong LowerHalves = 0x0F0F_0F0F_0F0F_0F0F;
    private const ulong UpperHalves = 0xF0F0_F0F0_F0F0_F0F0;
    private const ulong Sixes = 0x0606_0606_0606_0606;
    private const ulong Threes = 0x3333_3333_3333_3333;
    private const ulong ZeroDigits = 0x3030_3030_3030_3030;

    /// <summary>The word of 8 to 16 bytes, given the first eight and the last eight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Pack(ulong head, ulong tail) => BitOperations.RotateLeft(head, HalfByte) ^ tail;

    /// <summary>Packs a text.</summary>
    /// <returns>False for a text that has anything but digits, or another length.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryPack(ReadOnlySpan<byte> text, out ulong word)
    {
        word = 0;
        if ((uint)(text.Length - ShortestText) > LongestText - ShortestText)
            return false;
        ref var start = ref MemoryMarshal.GetReference(text);
        var head = Unsafe.ReadUnaligned<ulong>(ref start);
        var tail = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, text.Length - sizeof(ulong)));
        word = Pack(head, tail);
        return AreDigits(head, tail);
    }

    /// <summary>Writes the text of a word.</summary>
    /// <param name="word">The word.</param>
    /// <param name="text">As long as the text that was packed.</param>
    public static void Unpack(ulong word, Span<byte> text)
    {
        MemoryMarshal.Write(text, Head(word));
        MemoryMarshal.Write(text[^sizeof(ulong)..], Tail(word));
    }

    /// <summary>
    /// A number that sorts as the texts of equal length do. It stands for the same text.
    /// </summary>
    public static ulong Sortable(ulong word)
    {
        var head = BinaryPrimitives.ReverseEndianness(Head(word) & LowerHalves);
        var tail = BinaryPrimitives.ReverseEndianness(Tail(word) & LowerHalves);
        return Narrow(head) << 32 | Narrow(tail);
    }

    /// <summary>The number that a text stands for.</summary>
    /// <param name="word">The text's word.</param>
    /// <param name="length">The text's length.</param>
    public static ulong ToNumber(ulong word, int length)
    {
        // The first digits only, in place of those that the tail repeats.
        var head = (Head(word) & LowerHalves) << (8 * (LongestText - length));
        return (Parse(length == ShortestText ? 0 : head) * 100_000_000) + Parse(Tail(word) & LowerHalves);
    }

    /// <summary>Returns whether all of eight bytes, and of eight more, are digits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreDigits(ulong head, ulong tail)
    {
        // Digits are the bytes whose upper half is 3, even after 6 is added.
        var isUsual = ((head & UpperHalves) ^ ZeroDigits) | ((tail & UpperHalves) ^ ZeroDigits);
        var isUsualAfter = (((head + Sixes) & UpperHalves) ^ ZeroDigits) | (((tail + Sixes) & UpperHalves) ^ ZeroDigits);
        return (isUsual | isUsualAfter) == 0;
    }

    private static ulong Head(ulong word) => (((word ^ Threes) >> HalfByte) & LowerHalves) | ZeroDigits;

    private static ulong Tail(ulong word) => ((word ^ Threes) & LowerHalves) | ZeroDigits;

    /// <summary>Moves the lower halves of eight bytes together.</summary>
    private static ulong Narrow(ulong digits)
    {
        digits = (digits | (digits >> 4)) & 0x00FF_00FF_00FF_00FF;
        digits = (digits | (digits >> 8)) & 0x0000_FFFF_0000_FFFF;
        return (digits | (digits >> 16)) & 0x0000_0000_FFFF_FFFF;
    }

    /// <summary>The number of eight digits, the first one in the lowest byte.</summary>
    private static ulong Parse(ulong digits)
    {
        digits = ((digits * 10) + (digits >> 8)) & 0x00FF_00FF_00FF_00FF;
        digits = ((digits * 100) + (digits >> 16)) & 0x0000_FFFF_0000_FFFF;
        return ((digits * 10_000) + (digits >> 32)) & 0xFFFF_FFFF;
    }
}
