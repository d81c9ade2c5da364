using IdExtractor.Core.Job;

namespace IdExtractor.Core.Catalog;

/// <summary>
/// When a partition begins, according to its keys: the first date or timestamp among them, else
/// consecutive columns of year, month and day.
/// </summary>
internal static class PartitionTime
{
    private static readonly string[] s_year = ["year", "ano", "yyyy", "y"];
    private static readonly string[] s_month = ["month", "mes", "mm", "m"];
    private static readonly string[] s_day = ["day", "dia", "dd", "d"];
    private static readonly string[] s_yearAndMonth = ["yearmonth", "anomes", "yyyymm"];

    /// <summary>In UTC; null when the keys contain no date.</summary>
    public static DateTime? Of(IReadOnlyList<PartitionValue> values, PartitionKeyValue[] typed)
    {
        foreach (var value in typed)
        {
            if (value.Time is { } time)
                return time;
        }

        for (var key = 0; key + 2 < typed.Length; key++)
        {
            if (IsNamed(values[key], s_year) && IsNamed(values[key + 1], s_month) && IsNamed(values[key + 2], s_day))
                return ToDate(typed[key].Integer, typed[key + 1].Integer, typed[key + 2].Integer);
        }

        return null;
    }

    /// <summary>
    /// The beginning of the time that some of the keys name, to find times in the future: a date or
    /// timestamp, else columns of year, of year and month, or of year, month and day. Null when
    /// they name none. A sentinel need not be a date: of year 9999 and month 99, the year counts.
    /// </summary>
    /// <param name="values">All values.</param>
    /// <param name="typed">What they are.</param>
    /// <param name="counts">Whether the key at a place counts.</param>
    public static DateTime? BeginOf(IReadOnlyList<PartitionValue> values, PartitionKeyValue[] typed, Func<int, bool> counts)
    {
        for (var key = 0; key < typed.Length; key++)
        {
            if (counts(key) && typed[key].Time is { } time)
                return time;
        }

        for (var key = 0; key < typed.Length; key++)
        {
            if (!counts(key) || typed[key].Integer is not { } number)
                continue;
            if (IsNamed(values[key], s_year))
                return BeginOf(number, PartOf(key + 1, s_month), PartOf(key + 2, s_day));
            if (IsYearAndMonth(values[key]))
                return BeginOf(number / 100, number % 100, null);
        }

        return null;

        long? PartOf(int key, string[] names) =>
            key < typed.Length && counts(key) && IsNamed(values[key], names) ? typed[key].Integer : null;
    }

    private static DateTime? BeginOf(long year, long? month, long? day) =>
        year > DateTime.MaxValue.Year
            ? DateTime.MaxValue
            : ToDate(year, month ?? 1, month is null ? 1 : day ?? 1) ?? ToDate(year, month ?? 1, 1) ?? ToDate(year, 1, 1);

    /// <summary>Six digits or more in a column that is named so, as in <c>ano_mes</c>.</summary>
    private static bool IsYearAndMonth(PartitionValue value)
    {
        var name = value.Key.Replace("_", "", StringComparison.Ordinal);
        return value.Value.Length >= 6
            && Array.Exists(s_yearAndMonth, ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>A prefix before an underscore, as in <c>event_year</c>, does not matter.</summary>
    private static bool IsNamed(PartitionValue value, string[] names) =>
        names.Contains(value.Key[(value.Key.LastIndexOf('_') + 1)..], StringComparer.OrdinalIgnoreCase);

    private static DateTime? ToDate(long? year, long? month, long? day)
    {
        if (year is not (>= 1 and <= 9999) || month is not (>= 1 and <= 12) || day is not >= 1)
            return null;
        return day <= DateTime.DaysInMonth((int)year, (int)month)
            ? new DateTime((int)year, (int)month, (int)day, 0, 0, 0, DateTimeKind.Utc)
            : null;
    }
}
