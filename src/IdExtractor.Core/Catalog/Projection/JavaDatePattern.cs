using System.Globalization;
using System.Text;

namespace IdExtractor.Core.Catalog.Projection;

/// <summary>The smallest unit of time that a pattern writes.</summary>
internal enum DatePrecision
{
    /// <summary>A year.</summary>
    Year,

    /// <summary>A month.</summary>
    Month,

    /// <summary>A day.</summary>
    Day,

    /// <summary>An hour.</summary>
    Hour,

    /// <summary>A minute.</summary>
    Minute,

    /// <summary>A second.</summary>
    Second,

    /// <summary>A part of a second.</summary>
    Fraction,
}

/// <summary>
/// A date pattern as Java's <c>DateTimeFormatter</c> takes it, as far as partition values have use
/// for it: years (<c>y</c>, <c>u</c>), months (<c>M</c>, <c>L</c>), days (<c>d</c>, <c>D</c>),
/// hours (<c>H</c>), minutes, seconds, fractions (<c>S</c>), quoted text and everything that is not
/// a letter. Names of months are English.
/// </summary>
internal sealed class JavaDatePattern
{
    private const char Text = '\'';

    private readonly List<Part> _parts;

    private JavaDatePattern(List<Part> parts)
    {
        _parts = parts;
        Precision = parts.Max(part => PrecisionOf(part.Letter));
    }

    /// <summary>The smallest unit that it writes.</summary>
    public DatePrecision Precision { get; }

    /// <summary>
    /// Reads a pattern; null when it has letters that are not supported, or none at all.
    /// </summary>
    public static JavaDatePattern? TryParse(string pattern)
    {
        var parts = new List<Part>();
        for (var position = 0; position < pattern.Length;)
        {
            var letter = pattern[position];
            if (letter == Text)
            {
                if (ReadQuoted(pattern, ref position) is not { } quoted)
                    return null;
                parts.Add(new Part(Text, 0, quoted));
            }
            else if (char.IsAsciiLetter(letter))
            {
                var end = position;
                while (end < pattern.Length && pattern[end] == letter)
                    end++;
                if (end - position > LongestOf(letter))
                    return null;
                parts.Add(new Part(letter, end - position, ""));
                position = end;
            }
            else if ("[]{}#".Contains(letter, StringComparison.Ordinal))
            {
                return null;
            }
            else
            {
                parts.Add(new Part(Text, 0, letter.ToString()));
                position++;
            }
        }

        return parts.Exists(part => part.Letter is 'y' or 'u') ? new JavaDatePattern(parts) : null;
    }

    /// <summary>Writes a time.</summary>
    public string Format(DateTime time)
    {
        var text = new StringBuilder();
        foreach (var part in _parts)
            text.Append(part.Letter == Text ? part.Literal : Write(part, time));
        return text.ToString();
    }

    /// <summary>
    /// Parses the entire text; false when it does not match the pattern, or is not a date. Fields
    /// that the pattern lacks have their first value.
    /// </summary>
    public bool TryRead(string text, out DateTime time)
    {
        time = default;
        var fields = new Fields();
        var position = 0;
        for (var i = 0; i < _parts.Count; i++)
        {
            var isFollowedByDigits = i + 1 < _parts.Count && IsNumber(_parts[i + 1]);
            if (!TryRead(_parts[i], text, ref position, fields, isFollowedByDigits))
                return false;
        }

        return position == text.Length && fields.TryMake(out time);
    }

    private static string? ReadQuoted(string pattern, ref int position)
    {
        if (position + 1 < pattern.Length && pattern[position + 1] == Text)
        {
            position += 2;
            return "'";
        }

        var text = new StringBuilder();
        for (position++; position < pattern.Length; position++)
        {
            if (pattern[position] != Text)
                text.Append(pattern[position]);
            else if (position + 1 < pattern.Length && pattern[position + 1] == Text)
                text.Append(pattern[++position]);
            else
            {
                position++;
                return text.ToString();
            }
        }

        return null;
    }

    private static string Write(Part part, DateTime time)
    {
        var months = CultureInfo.InvariantCulture.DateTimeFormat;
        switch (part)
        {
            case { Letter: 'M' or 'L', Count: 3 }:
                return months.GetAbbreviatedMonthName(time.Month);
            case { Letter: 'M' or 'L', Count: 4 }:
                return months.GetMonthName(time.Month);
            case { Letter: 'S' }:
                return (time.Ticks % TimeSpan.TicksPerSecond).ToString("D7", CultureInfo.InvariantCulture)[..part.Count];
        }

        var number = part.Letter switch
        {
            'y' or 'u' => part.Count == 2 ? time.Year % 100 : time.Year,
            'M' or 'L' => time.Month,
            'd' => time.Day,
            'D' => time.DayOfYear,
            'H' => time.Hour,
            'm' => time.Minute,
            _ => time.Second,
        };
        return number.ToString(CultureInfo.InvariantCulture).PadLeft(part.Count, '0');
    }

    private static bool TryRead(Part part, string text, ref int position, Fields fields, bool isFollowedByDigits)
    {
        if (part.Letter == Text)
        {
            if (!text.AsSpan(position).StartsWith(part.Literal, StringComparison.Ordinal))
                return false;
            position += part.Literal.Length;
            return true;
        }

        if (part is { Letter: 'M' or 'L', Count: > 2 })
            return TryReadMonth(part, text, ref position, fields);

        // One letter stands for as many digits as there are, unless digits of another field follow.
        var most = part.Count > 1 || isFollowedByDigits ? part.Count : LongestOf(part.Letter);
        var least = part.Count;
        var end = position;
        while (end < text.Length && end - position < most && char.IsAsciiDigit(text[end]))
            end++;
        if (end - position < least)
            return false;
        var digits = text[position..end];
        position = end;
        fields.Set(part, digits);
        return true;
    }

    private static bool TryReadMonth(Part part, string text, ref int position, Fields fields)
    {
        var names = CultureInfo.InvariantCulture.DateTimeFormat;
        for (var month = 1; month <= 12; month++)
        {
            var name = part.Count == 3 ? names.GetAbbreviatedMonthName(month) : names.GetMonthName(month);
            if (!text.AsSpan(position).StartsWith(name, StringComparison.Ordinal))
                continue;
            position += name.Length;
            fields.Month = month;
            return true;
        }

        return false;
    }

    /// <summary>
    /// The most of a letter that there may be; 0 for those that are not supported.
    /// </summary>
    private static int LongestOf(char letter) => letter switch
    {
        'y' or 'u' or 'M' or 'L' => 4,
        'd' or 'H' or 'm' or 's' => 2,
        'D' => 3,
        'S' => 7,
        _ => 0,
    };

    private static bool IsNumber(Part part) => part.Letter != Text && part is not { Letter: 'M' or 'L', Count: > 2 };

    private static DatePrecision PrecisionOf(char letter) => letter switch
    {
        'M' or 'L' => DatePrecision.Month,
        'd' or 'D' => DatePrecision.Day,
        'H' => DatePrecision.Hour,
        'm' => DatePrecision.Minute,
        's' => DatePrecision.Second,
        'S' => DatePrecision.Fraction,
        _ => DatePrecision.Year,
    };

    private sealed record Part(char Letter, int Count, string Literal);

    private sealed class Fields
    {
        private int _year = 1, _day = 1, _hour, _minute, _second;
        private int? _dayOfYear;
        private long _ticks;

        public int Month { get; set; } = 1;

        public void Set(Part part, string digits)
        {
            var number = int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
            switch (part.Letter)
            {
                case 'y' or 'u':
                    _year = part.Count == 2 ? 2000 + number : number;
                    break;
                case 'M' or 'L':
                    Month = number;
                    break;
                case 'd':
                    _day = number;
                    break;
                case 'D':
                    _dayOfYear = number;
                    break;
                case 'H':
                    _hour = number;
                    break;
                case 'm':
                    _minute = number;
                    break;
                case 's':
                    _second = number;
                    break;
                default:
                    _ticks = long.Parse(digits.PadRight(7, '0'), NumberStyles.None, CultureInfo.InvariantCulture);
                    break;
            }
        }

        public bool TryMake(out DateTime time)
        {
            time = default;
            if (_year is < 1 or > 9999 || Month is < 1 or > 12 || _hour > 23 || _minute > 59 || _second > 59)
                return false;
            if (_day < 1
                || _day > DateTime.DaysInMonth(_year, Month)
                || _dayOfYear < 1
                || _dayOfYear > (DateTime.IsLeapYear(_year) ? 366 : 365))
                return false;
            var day = _dayOfYear is { } ordinal
                ? new DateTime(_year, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddDays(ordinal - 1)
                : new DateTime(_year, Month, _day, 0, 0, 0, DateTimeKind.Utc);
            time = day + new TimeSpan(_hour, _minute, _second) + new TimeSpan(_ticks);
            return true;
        }
    }
}
