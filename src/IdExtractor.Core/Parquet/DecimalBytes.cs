using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;

namespace IdExtractor.Core.Parquet;

/// <summary>Unscaled decimals as they stand in byte arrays: two's complement, big endian (parquet-format, LogicalTypes.md, DECIMAL).</summary>
public static class DecimalBytes
{
    /// <summary>Significant bytes of the largest decimal that is read: 154 digits, twice what any known writer makes.</summary>
    public const int MaxBytes = 64;

    /// <summary>The value without the leading bytes that only repeat its sign; an empty value is zero.</summary>
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

    /// <summary>The value as a 64-bit integer.</summary>
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

    /// <summary>Writes the value as plain digits, with a sign when it is negative.</summary>
    /// <param name="trimmed">What <see cref="Trim"/> returned, at most <see cref="MaxBytes"/> bytes.</param>
    /// <param name="destination">At least 160 bytes.</param>
    /// <returns>Bytes written.</returns>
    public static int Format(ReadOnlySpan<byte> trimmed, Span<byte> destination)
    {
        int written;
        if (TryToInt64(trimmed, out var number))
            number.TryFormat(destination, out written, default, CultureInfo.InvariantCulture);
        else
            written = System.Text.Encoding.ASCII.GetBytes(new BigInteger(trimmed, isBigEndian: true).ToString(CultureInfo.InvariantCulture), destination);
        return written;
    }
}
