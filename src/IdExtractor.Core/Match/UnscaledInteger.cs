using System.Buffers.Binary;
using System.Buffers.Text;

namespace IdExtractor.Core.Match;

/// <summary>Writes integers that are stored as big-endian two's complement of any size, as DECIMAL values are (parquet-format, LogicalTypes.md).</summary>
internal static class UnscaledInteger
{
    /// <summary>Largest value that is written, in bytes; thousands of digits, and no writer of decimals goes near it.</summary>
    public const int MaxBytes = 1024;

    /// <summary>Bytes that suffice for the text of any such value, with its sign.</summary>
    public const int MaxTextLength = 2480;

    private const uint Billion = 1_000_000_000;

    /// <summary>The value is below zero.</summary>
    public static bool IsNegative(ReadOnlySpan<byte> bigEndian) => bigEndian is [>= 0x80, ..];

    /// <summary>Writes the value in plain decimal: a minus for negatives, no plus, no leading zeros.</summary>
    /// <param name="bigEndian">The value.</param>
    /// <param name="destination">At least <see cref="MaxTextLength"/> bytes.</param>
    /// <param name="written">Bytes written.</param>
    /// <returns>False when the value is empty or longer than <see cref="MaxBytes"/> after its superfluous sign bytes.</returns>
    public static bool TryFormat(ReadOnlySpan<byte> bigEndian, Span<byte> destination, out int written)
    {
        written = 0;
        if (bigEndian.IsEmpty)
            return false;
        var isNegative = IsNegative(bigEndian);
        var sign = (byte)(isNegative ? 0xFF : 0);
        var first = bigEndian.IndexOfAnyExcept(sign);
        var value = first < 0 ? bigEndian[^1..] : bigEndian[first..];
        if (value.Length > MaxBytes)
            return false;

        Span<uint> limbs = stackalloc uint[(value.Length / 4) + 1];
        LoadMagnitude(value, sign, limbs);
        if (isNegative)
            destination[written++] = (byte)'-';
        written += WriteMagnitude(limbs, destination[written..]);
        return true;
    }

    /// <summary>The absolute value, most significant limb first.</summary>
    private static void LoadMagnitude(ReadOnlySpan<byte> value, byte sign, Span<uint> limbs)
    {
        Span<byte> padded = stackalloc byte[limbs.Length * 4];
        padded.Fill(sign);
        value.CopyTo(padded[^value.Length..]);
        var carry = sign == 0 ? 0UL : 1UL;
        for (var i = limbs.Length - 1; i >= 0; i--)
        {
            var limb = BinaryPrimitives.ReadUInt32BigEndian(padded[(i * 4)..]);
            var sum = (sign == 0 ? limb : ~limb) + carry;
            limbs[i] = (uint)sum;
            carry = sum >> 32;
        }
    }

    private static int WriteMagnitude(Span<uint> limbs, Span<byte> destination)
    {
        Span<uint> groups = stackalloc uint[(limbs.Length * 4 * 8 / 29) + 1];
        var count = 0;
        do
        {
            groups[count++] = DivideByBillion(limbs);
        }
        while (limbs.ContainsAnyExcept(0u));

        Utf8Formatter.TryFormat(groups[count - 1], destination, out var written);
        for (var i = count - 2; i >= 0; i--)
        {
            Utf8Formatter.TryFormat(groups[i], destination[written..], out var digits, new System.Buffers.StandardFormat('D', 9));
            written += digits;
        }

        return written;
    }

    /// <summary>Divides in place and returns the remainder.</summary>
    private static uint DivideByBillion(Span<uint> limbs)
    {
        var remainder = 0UL;
        for (var i = 0; i < limbs.Length; i++)
        {
            var dividend = (remainder << 32) | limbs[i];
            limbs[i] = (uint)(dividend / Billion);
            remainder = dividend % Billion;
        }

        return (uint)remainder;
    }
}
