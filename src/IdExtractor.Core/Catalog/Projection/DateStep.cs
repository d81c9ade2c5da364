using System.Globalization;
using System.Text.RegularExpressions;

namespace IdExtractor.Core.Catalog.Projection;

/// <summary>Units of an interval between partitions.</summary>
internal enum DateUnit
{
    /// <summary>Years of the calendar.</summary>
    Years,

    /// <summary>Months of the calendar.</summary>
    Months,

    /// <summary>Seven days.</summary>
    Weeks,

    /// <summary>Days of 24 hours, in UTC.</summary>
    Days,

    /// <summary>Hours.</summary>
    Hours,

    /// <summary>Minutes.</summary>
    Minutes,

    /// <summary>Seconds.</summary>
    Seconds,

    /// <summary>Thousandths of a second.</summary>
    Millis,
}

/// <summary>An interval of time. Also an offset from now.</summary>
/// <param name="Count">How many units; below 0 goes back.</param>
/// <param name="Unit">The unit.</param>
internal readonly partial record struct DateStep(int Count, DateUnit Unit)
{
    /// <summary>
    /// Most units of an interval, so that sums stay within the calendar's own type.
    /// </summary>
    private const int MostUnits = 1_000_000;

    /// <summary>
    /// The time that is one interval later; null when the calendar (years 1 to 9999) ends before.
    /// </summary>
    public DateTime? After(DateTime time)
    {
        try
        {
            return Unit switch
            {
                DateUnit.Years => time.AddYears(Count),
                DateUnit.Months => time.AddMonths(Count),
                DateUnit.Weeks => time.AddDays(7L * Count),
                DateUnit.Days => time.AddDays(Count),
                DateUnit.Hours => time.AddHours(Count),
                DateUnit.Minutes => time.AddMinutes(Count),
                DateUnit.Seconds => time.AddSeconds(Count),
                _ => time.AddMilliseconds(Count),
            };
        }
        catch (ArgumentOutOfRangeException)
        {
            return null;
        }
    }

    /// <summary>Reads a unit by its name; null when there is none of that name.</summary>
    public static DateUnit? UnitOf(string name) => name.Trim().ToUpperInvariant() switch
    {
        "YEAR" or "YEARS" => DateUnit.Years,
        "MONTH" or "MONTHS" => DateUnit.Months,
        "WEEK" or "WEEKS" => DateUnit.Weeks,
        "DAY" or "DAYS" => DateUnit.Days,
        "HOUR" or "HOURS" => DateUnit.Hours,
        "MINUTE" or "MINUTES" => DateUnit.Minutes,
        "SECOND" or "SECONDS" => DateUnit.Seconds,
        "MILLI" or "MILLIS" => DateUnit.Millis,
        _ => null,
    };

    /// <summary>
    /// Reads <c>NOW</c>, <c>NOW-3YEARS</c>, <c>NOW + 1 MONTH</c>; null when the text is none of
    /// these, or leaves the calendar.
    /// </summary>
    public static DateTime? FromNow(string text, DateTime now)
    {
        if (Relative().Match(text) is not { Success: true } match)
            return null;
        if (!match.Groups["count"].Success)
            return now;
        if (!int.TryParse(match.Groups["count"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            || count > MostUnits)
            return null;
        return new DateStep(match.Groups["sign"].ValueSpan is "-" ? -count : count, UnitOf(match.Groups["unit"].Value)!.Value).After(now);
    }

    [GeneratedRegex(@"^\s*NOW\s*(?:(?<sign>[+-])\s*(?<count>[0-9]+)\s*(?<unit>YEARS?|MONTHS?|WEEKS?|DAYS?|HOURS?|MINUTES?|SECONDS?)\s*)?$",
        RegexOptions.CultureInvariant)]
    private static partial Regex Relative();
}
