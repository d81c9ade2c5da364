using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;

namespace IdExtractor.Parquet;

/// <summary>
/// Unscaled decimals as stored in byte arrays: two's complement, big endian (parquet-format,
/// LogicalTypes.md, DECIMAL).
/// </summary>
public static class DecimalBytes
{
    /// <summary>
    /// Significant bytes of the largest accepted decimal: 154 digits, twice what any known writer
    /// produces.
    /// </summary>
    public const int MaxBytes = 64;

    private const uint Billion = 1_000_000_000;

    /// <summary>
    /// Removes the leading bytes that only repeat the value's sign. An empty value is zero.
    /// </summary>
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
            return value;
        var sign = (sbyte)value[0] < 0 ? (byte)0xFF : (byte)0;
        var start = value.IndexOfAnyExcept(sign);
        if (start < 0)
            return value[^1..];
        return start > 0 && (value[start] ^ sign) >= 0x80 ? value[(start - 1)..] : value[start..];
    }

    /// <summary>Converts the value to a 64-bit integer.</summary>
    /// <param name="trimmed">What <see cref="Trim"/> returned.</param>
    /// <param name="number">The number.</param>
    /// <returns>False when it needs more than 64 bits.</returns>
    public static bool TryToInt64(ReadOnlySpan<byte> trimmed, out long number)
    {
        number = 0;
        if (trimmed.Length > sizeof(long))
            return false;
        if (trimmed.IsEmpty)
            return true;
        Span<byte> wide = stackalloc byte[sizeof(long)];
        wide.Fill((sbyte)trimmed[0] < 0 ? (byte)0xFF : (byte)0);
        trimmed.CopyTo(wide[^trimmed.Length..]);
        number = BinaryPrimitives.ReadInt64BigEndian(wide);
        return true;
    }

    /// <summary>Writes the value as plain digits, with a minus sign when it is negative.</summary>
    /// <param name="trimmed">What <see cref="Trim"/> returned. Callers must bound its length:
    /// formatting uses the stack, and its time grows with the square of the length.</param>
    /// <param name="destination">At least 160 bytes for a value of <see cref="MaxBytes"/>; for
    /// longer values, five bytes per two bytes of the value.</param>
    /// <returns>Bytes written.</returns>
    public static int Format(ReadOnlySpan<byte> trimmed, Span<byte> destination)
    {
        if (TryToInt64(trimmed, out var number))
        {
            number.TryFormat(destination, out var digits, default, CultureInfo.InvariantCulture);
            return digits;
        }

        var sign = (byte)(trimmed[0] < 0x80 ? 0 : 0xFF);
        Span<uint> limbs = stackalloc uint[(trimmed.Length / 4) + 1];
        LoadMagnitude(trimmed, sign, limbs);
        var written = 0;
        if (sign != 0)
            destination[written++] = (byte)'-';
        return written + WriteMagnitude(limbs, destination[written..]);
    }

    /// <summary>Loads the absolute value, most significant limb first.</summary>
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
            Utf8Formatter.TryFormat(groups[i], destination[written..], out var digits, new StandardFormat('D', 9));
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
