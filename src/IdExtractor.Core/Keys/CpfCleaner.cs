using System.Buffers.Text;
using System.Runtime.InteropServices;
using IdExtractor.Core.Job;
using IdExtractor.Parquet;

namespace IdExtractor.Core.Keys;

/// <summary>
/// Turns a value of Table A into a key, or rejects it (specification, section 5, decisions 6 and
/// 7). Pure and allocation-free; any thread may call it.
/// </summary>
/// <remarks>
/// <see cref="MatchRule.Pad"/>: drops blanks and tabs around the value, and <c>.</c>, <c>-</c> and
/// <c>/</c> where a CPF or CNPJ has them (<see cref="CpfPunctuation"/>). The rest must be 1 to
/// key-width ASCII digits and is padded with zeros on the left. Numbers are first written in plain
/// decimal; negative ones are rejected.
/// <see cref="MatchRule.Concat"/>: <c>000</c> followed by the unchanged value, even an empty one;
/// numbers in plain decimal.
/// </remarks>
/// <param name="rule">How a value becomes a key.</param>
/// <param name="keyWidth">Digits of a key under <see cref="MatchRule.Pad"/>, 1 to 64.</param>
public sealed class CpfCleaner(MatchRule rule, int keyWidth)
{
    private const int MaxKeyWidth = 64;
    private const int LongestInteger = 20;

    // The digits of a DecimalBytes.MaxBytes number, with the sign.
    private const int LongestDecimal = 160;

    private const ulong ZeroDigits = 0x3030_3030_3030_3030;

    private readonly int _keyWidth = keyWidth is >= 1 and <= MaxKeyWidth
        ? keyWidth
        : throw new ArgumentOutOfRangeException(nameof(keyWidth));

    private static ReadOnlySpan<byte> Prefix => "000"u8;

    /// <summary>
    /// The bytes that a destination needs for the key of a text of this many bytes.
    /// </summary>
    public int MaxTextKeyLength(int valueLength) => rule == MatchRule.Pad ? _keyWidth : checked(Prefix.Length + valueLength);

    /// <summary>Destination size needed for a key made from a number of any type.</summary>
    public int MaxNumberKeyLength => rule == MatchRule.Pad ? _keyWidth : Prefix.Length + LongestDecimal;

    /// <summary>Makes a key from text, which need not be UTF-8.</summary>
    /// <param name="text">The value.</param>
    /// <param name="destination">At least <see cref="MaxTextKeyLength"/> bytes; its content is
    /// undefined when the value is rejected.</param>
    /// <param name="length">Bytes of the key.</param>
    /// <returns>False when the value is rejected.</returns>
    public bool TryClean(ReadOnlySpan<byte> text, Span<byte> destination, out int length)
    {
        if (rule == MatchRule.Concat)
            return Concatenate(text, destination, out length);
        destination = destination[.._keyWidth];
        if (TryPadWords(text, destination))
        {
            length = destination.Length;
            return true;
        }

        length = CpfPunctuation.TryRemove(TrimBlanks(text), destination) ? destination.Length : 0;
        return length > 0;
    }

    /// <summary>Why a text is rejected, for one that is.</summary>
    public static RejectReason Explain(ReadOnlySpan<byte> text) => CpfPunctuation.Explain(TrimBlanks(text));

    /// <summary>Makes a key from a signed integer.</summary>
    /// <inheritdoc cref="TryClean(ReadOnlySpan{byte}, Span{byte}, out int)"/>
    public bool TryClean(long number, Span<byte> destination, out int length)
    {
        length = 0;
        if (rule == MatchRule.Pad && number < 0)
            return false;
        Span<byte> text = stackalloc byte[LongestInteger];
        Utf8Formatter.TryFormat(number, text, out var digits);
        return TryCleanPlain(text[..digits], destination, out length);
    }

    /// <summary>Makes a key from an unsigned integer.</summary>
    /// <inheritdoc cref="TryClean(ReadOnlySpan{byte}, Span{byte}, out int)"/>
    public bool TryClean(ulong number, Span<byte> destination, out int length)
    {
        Span<byte> text = stackalloc byte[LongestInteger];
        Utf8Formatter.TryFormat(number, text, out var digits);
        return TryCleanPlain(text[..digits], destination, out length);
    }

    /// <summary>
    /// Makes a key from the unscaled value of a DECIMAL with scale 0 and up to
    /// <see cref="DecimalBytes.MaxBytes"/> significant bytes. Larger values are rejected, since
    /// they cannot be keys in Table B either.
    /// </summary>
    /// <param name="bigEndian">Two's complement, most significant byte first.</param>
    /// <param name="destination">At least <see cref="MaxNumberKeyLength"/> bytes; its content is
    /// undefined when the value is rejected.</param>
    /// <param name="length">Bytes of the key.</param>
    /// <returns>False when the value is rejected.</returns>
    public bool TryCleanDecimal(ReadOnlySpan<byte> bigEndian, Span<byte> destination, out int length)
    {
        length = 0;
        var trimmed = DecimalBytes.Trim(bigEndian);
        if (trimmed.IsEmpty || trimmed.Length > DecimalBytes.MaxBytes || (rule == MatchRule.Pad && trimmed[0] >= 0x80))
            return false;
        Span<byte> text = stackalloc byte[LongestDecimal];
        return TryCleanPlain(text[..DecimalBytes.Format(trimmed, text)], destination, out length);
    }

    private bool TryCleanPlain(ReadOnlySpan<byte> digits, Span<byte> destination, out int length)
    {
        if (rule == MatchRule.Concat)
            return Concatenate(digits, destination, out length);
        length = 0;
        if (digits.Length > _keyWidth)
            return false;
        digits.CopyTo(destination);
        return Pad(destination[.._keyWidth], digits.Length, out length);
    }

    private static bool Concatenate(ReadOnlySpan<byte> value, Span<byte> destination, out int length)
    {
        Prefix.CopyTo(destination);
        value.CopyTo(destination[Prefix.Length..]);
        length = Prefix.Length + value.Length;
        return true;
    }

    private static ReadOnlySpan<byte> TrimBlanks(ReadOnlySpan<byte> text)
    {
        while (text.Length > 0 && text[0] is (byte)' ' or (byte)'\t')
            text = text[1..];
        while (text.Length > 0 && text[^1] is (byte)' ' or (byte)'\t')
            text = text[..^1];
        return text;
    }

    /// <summary>
    /// Nearly all values consist of digits only. If there are 8 to 16, they are checked and moved
    /// as two overlapping words, after a word of zeros. Anything else, and more than 8 zeros of
    /// padding, is left to the scalar code.
    /// </summary>
    private static bool TryPadWords(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        var zeros = destination.Length - text.Length;
        if ((uint)(text.Length - sizeof(ulong)) > sizeof(ulong) || (uint)zeros > sizeof(ulong))
            return false;
        var head = MemoryMarshal.Read<ulong>(text);
        var tail = MemoryMarshal.Read<ulong>(text[^sizeof(ulong)..]);
        if (!PackedDigits.AreDigits(head, tail))
            return false;
        MemoryMarshal.Write(destination, ZeroDigits);
        MemoryMarshal.Write(destination[zeros..], head);
        MemoryMarshal.Write(destination[^sizeof(ulong)..], tail);
        return true;
    }

    /// <summary>
    /// Moves the digits to the end of the destination, which is as wide as a key.
    /// </summary>
    private static bool Pad(Span<byte> destination, int count, out int length)
    {
        length = 0;
        if (count == 0)
            return false;
        destination[..count].CopyTo(destination[^count..]);
        destination[..^count].Fill((byte)'0');
        length = destination.Length;
        return true;
    }
}
