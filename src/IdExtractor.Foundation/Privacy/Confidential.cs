using System.Text.RegularExpressions;

namespace IdExtractor.Foundation.Privacy;

/// <summary>
/// Masks documents and secrets in text from outside before it reaches a log, a message or a report.
/// Column names, paths and option values may contain a person's CPF. For example, a CSV file
/// without a header that was converted to Parquet has its first record as column names.
/// </summary>
public static partial class Confidential
{
    private const int CnpjDigits = 14;
    private const int FewestDigits = 9;

    private static readonly int[] s_cnpjWeights = [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2];

    /// <summary>
    /// The text with <c>#</c> for the digits of anything that looks like a CPF or CNPJ, in the
    /// punctuation that people use, padded with zeros, or as a floating-point number, and
    /// <c>***</c> for the user, the password and the query of URLs. Hashes, times, account numbers
    /// and sizes stay readable.
    /// </summary>
    public static string Mask(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Contains("://", StringComparison.Ordinal))
            text = Query().Replace(User().Replace(text, "://***@"), "$1?***");
        return HasManyDigits(text) ? Documents().Replace(text, MaskOne) : text;
    }

    /// <summary>As <see cref="Mask"/>; null stays null.</summary>
    public static string? MaskOrNull(string? text) => text is null ? null : Mask(text);

    private static bool HasManyDigits(string text)
    {
        var digits = 0;
        foreach (var letter in text)
        {
            if (char.IsAsciiDigit(letter) && ++digits == FewestDigits)
                return true;
        }

        return false;
    }

    private static string MaskOne(System.Text.RegularExpressions.Match match)
    {
        if (match.Groups["hash"].Success || (match.Groups["long"].Success && !IsCnpj(match.ValueSpan)))
            return match.Value;
        return string.Create(match.Length, match, static (masked, found) =>
        {
            for (var i = 0; i < masked.Length; i++)
                masked[i] = char.IsAsciiLetterOrDigit(found.ValueSpan[i]) ? '#' : found.ValueSpan[i];
        });
    }

    /// <summary>
    /// Fourteen digits are a zero-padded CPF or a CNPJ if its check digits match, and most likely a
    /// timestamp otherwise.
    /// </summary>
    private static bool IsCnpj(ReadOnlySpan<char> digits) =>
        digits.StartsWith("000") || (CheckDigit(digits, CnpjDigits - 2) == digits[^2] && CheckDigit(digits, CnpjDigits - 1) == digits[^1]);

    private static char CheckDigit(ReadOnlySpan<char> digits, int count)
    {
        var sum = 0;
        for (var i = 0; i < count; i++)
            sum += (digits[i] - '0') * s_cnpjWeights[s_cnpjWeights.Length - count + i];
        var rest = sum % 11;
        return (char)('0' + (rest < 2 ? 0 : 11 - rest));
    }

    [GeneratedRegex(@"(?<hash>(?<![0-9A-Za-z])[0-9a-fA-F]{32,}(?![0-9A-Za-z]))"
        + @"|(?<!\d)(?:\d{3}[. -]?\d{3}[. -]?\d{3}[-/ ]?\d{2}(?!\d| (?:bytes|rows|IDs?|B|values|keys)\b))"
        + @"|(?<!\d)(?:00\d{11}|\d[.,]\d{6,13}[eE]\+?1[0-3])(?!\d)"
        + @"|(?<![0-9A-Z])[0-9A-Z]{2}\.[0-9A-Z]{3}\.[0-9A-Z]{3}/[0-9A-Z]{4}-\d{2}(?!\d)"
        + @"|(?<long>(?<!\d)\d{14}(?!\d))", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Documents();

    [GeneratedRegex(@"://[^/\s@'""]*@", RegexOptions.CultureInvariant)]
    private static partial Regex User();

    [GeneratedRegex(@"(https?://[^\s?'""]*)\?[^\s'""]*", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Query();
}
