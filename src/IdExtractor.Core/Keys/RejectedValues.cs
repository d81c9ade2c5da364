using System.Globalization;

namespace IdExtractor.Core.Keys;

/// <summary>The reason why a value of Table A makes no key.</summary>
public enum RejectReason
{
    /// <summary>A null, no bytes, or only blanks.</summary>
    Empty,

    /// <summary>
    /// It contains something other than ASCII digits and punctuation: letters, a sign, digits of
    /// another script.
    /// </summary>
    NotDigits,

    /// <summary>
    /// A number with a decimal point, a decimal comma or an exponent: <c>12345678909.0</c>,
    /// <c>1,2E+10</c>.
    /// </summary>
    Float,

    /// <summary>Punctuation where neither a CPF nor a CNPJ has it.</summary>
    Punctuation,

    /// <summary>More digits than a key has.</summary>
    TooLong,
}

/// <summary>The number of rejected values of Table A, by reason.</summary>
/// <param name="Empty">See <see cref="RejectReason.Empty"/>.</param>
/// <param name="NotDigits">See <see cref="RejectReason.NotDigits"/>.</param>
/// <param name="Float">See <see cref="RejectReason.Float"/>.</param>
/// <param name="Punctuation">See <see cref="RejectReason.Punctuation"/>.</param>
/// <param name="TooLong">See <see cref="RejectReason.TooLong"/>.</param>
public readonly record struct RejectedValues(long Empty, long NotDigits, long Float, long Punctuation, long TooLong)
{
    /// <summary>Total number of rejected values.</summary>
    public long Total => Empty + NotDigits + Float + Punctuation + TooLong;

    /// <summary>
    /// For example <c>2 empty, 3 with a decimal point or exponent (floats)</c>; reasons without
    /// values are omitted.
    /// </summary>
    public override string ToString()
    {
        ReadOnlySpan<(long Count, string Words)> reasons =
        [
            (Empty, "{0} empty"),
            (NotDigits, "{0} not digits"),
            (Float, "{0} with a decimal point or exponent (floats)"),
            (Punctuation, "{0} with misplaced punctuation"),
            (TooLong, "{0} too long"),
        ];
        var parts = new List<string>(reasons.Length);
        foreach (var (count, words) in reasons)
        {
            if (count > 0)
                parts.Add(words.Replace("{0}", count.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
        }

        return string.Join(", ", parts);
    }
}
