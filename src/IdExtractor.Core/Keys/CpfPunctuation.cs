using System.Buffers;

namespace IdExtractor.Core.Keys;

/// <summary>
/// Where a CPF (<c>ddd.ddd.ddd-dd</c>) and a CNPJ (<c>dd.ddd.ddd/dddd-dd</c>) have punctuation.
/// Places are counted from the right, since numbers lose zeros on the left: <c>1.234.567-91</c> is
/// a CPF. Some or all of the marks may be missing, but a value has those of one shape only. One
/// point alone, as in <c>123456.00000</c>, is that of a decimal number, wherever it is.
/// </summary>
internal static class CpfPunctuation
{
    private const int Cpf = 1;
    private const int Cnpj = 2;

    /// <summary>Maximum number of digits examined to explain a value.</summary>
    private const int LongestTried = 256;

    private static readonly SearchValues<byte> s_known = SearchValues.Create("0123456789.-/"u8);

    /// <summary>
    /// Copies the digits of a value, trimmed of blanks, to the end of a destination, and fills the
    /// rest of it with zeros on the left.
    /// </summary>
    /// <param name="value">The value.</param>
    /// <param name="destination">As wide as a key; its content is undefined on false.</param>
    /// <returns>False when there is no digit, when there are more than fit, or when there is
    /// anything but digits and punctuation in its places.</returns>
    public static bool TryRemove(ReadOnlySpan<byte> value, Span<byte> destination)
    {
        var (shapes, digits, points, marks) = (Cpf | Cnpj, 0, 0, 0);
        var wasDigit = false;
        for (var i = value.Length - 1; i >= 0; i--)
        {
            if (value[i] is >= (byte)'0' and <= (byte)'9')
            {
                if (digits == destination.Length)
                    return false;
                destination[^++digits] = value[i];
                wasDigit = true;
                continue;
            }

            shapes &= ShapesWith(value[i], digits);
            if (shapes == 0 || !wasDigit)
                return false;
            points += value[i] == (byte)'.' ? 1 : 0;
            marks++;
            wasDigit = false;
        }

        if (!wasDigit || (points == 1 && marks == 1))
            return false;
        destination[..^digits].Fill((byte)'0');
        return true;
    }

    /// <summary>Explains why <see cref="TryRemove"/> rejects a value trimmed of blanks.</summary>
    public static RejectReason Explain(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
            return RejectReason.Empty;
        if (IsFloat(value))
            return RejectReason.Float;
        if (value.ContainsAnyExcept(s_known) || value[0] == (byte)'-')
            return RejectReason.NotDigits;
        return TryRemove(value, stackalloc byte[Math.Min(value.Length, LongestTried)]) ? RejectReason.TooLong
            : value.ContainsAny(".-/"u8) ? RejectReason.Punctuation
            : RejectReason.TooLong;
    }

    /// <summary>The shapes that have a mark with this many digits to its right.</summary>
    private static int ShapesWith(byte mark, int digits) => (mark, digits) switch
    {
        ((byte)'-', 2) => Cpf | Cnpj,
        ((byte)'.', 5 or 8) => Cpf,
        ((byte)'/', 6) => Cnpj,
        ((byte)'.', 9 or 12) => Cnpj,
        _ => 0,
    };

    /// <summary>
    /// Digits with one decimal point or comma among them, with an exponent, or both; a sign may
    /// come first.
    /// </summary>
    private static bool IsFloat(ReadOnlySpan<byte> value)
    {
        var mantissa = value[0] is (byte)'-' or (byte)'+' ? value[1..] : value;
        var exponentAt = mantissa.IndexOfAny((byte)'e', (byte)'E');
        if (exponentAt >= 0)
        {
            var exponent = mantissa[(exponentAt + 1)..];
            if (exponent is [(byte)'-' or (byte)'+', ..])
                exponent = exponent[1..];
            if (exponent.IsEmpty || exponent.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
                return false;
            mantissa = mantissa[..exponentAt];
        }

        var pointAt = mantissa.IndexOfAny((byte)'.', (byte)',');
        var fraction = pointAt < 0 ? default : mantissa[(pointAt + 1)..];
        var whole = pointAt < 0 ? mantissa : mantissa[..pointAt];
        return (pointAt >= 0 || exponentAt >= 0)
            && whole.Length + fraction.Length > 0
            && !whole.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            && !fraction.ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }
}
