using IdExtractor.Core.Pipeline;

namespace IdExtractor.Core.Catalog;

/// <summary>When a partition begins, as its keys tell: the first date or timestamp among them, else columns of year, month and day that follow each other.</summary>
internal static class PartitionTime
{
    private static readonly string[] s_year = ["year", "ano", "yyyy", "y"];
    private static readonly string[] s_month = ["month", "mes", "mm", "m"];
    private static readonly string[] s_day = ["day", "dia", "dd", "d"];

    /// <summary>In UTC; null when the keys tell no date.</summary>
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
