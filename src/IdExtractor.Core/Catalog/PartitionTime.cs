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
    /// they name none.
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
            if (!IsNamed(values[key], s_year) || !counts(key) || typed[key].Integer is not { } year)
                continue;
            var month = PartOf(key + 1, s_month);
            return ToDate(year, month ?? 1, month is null ? 1 : PartOf(key + 2, s_day) ?? 1);
        }

        return null;

        long? PartOf(int key, string[] names) =>
            key < typed.Length && counts(key) && IsNamed(values[key], names) ? typed[key].Integer : null;
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
