using System.Globalization;

namespace IdExtractor.Core.Catalog;

/// <summary>What a partition value is (decision 2).</summary>
public enum PartitionKeyKind
{
    /// <summary>
    /// Anything that is none of the others, <c>__HIVE_DEFAULT_PARTITION__</c> among it. It has no
    /// order.
    /// </summary>
    Text,

    /// <summary>A whole number of 64 bits that is not eight digits.</summary>
    Integer,

    /// <summary><c>yyyyMMdd</c> or <c>yyyy-MM-dd</c>.</summary>
    Date,

    /// <summary>
    /// <c>yyyy-MM-dd HH:mm:ss</c>, or with a <c>T</c>, and up to nine digits after the decimal
    /// point of the seconds.
    /// </summary>
    Timestamp,
}

/// <summary>
/// A partition value with its type (decision 2). Dates and timestamps share one time line, on which
/// a date is its midnight; whole numbers have another; texts have no order.
/// </summary>
public readonly record struct PartitionKeyValue
{
    private readonly long _number;
    private readonly int _nanoseconds;

    private PartitionKeyValue(PartitionKeyKind kind, long number, int nanoseconds = 0)
    {
        Kind = kind;
        _number = number;
        _nanoseconds = nanoseconds;
    }

    /// <summary>What the value is.</summary>
    public PartitionKeyKind Kind { get; }

    /// <summary>The value has an order.</summary>
    public bool IsTyped => Kind != PartitionKeyKind.Text;

    /// <summary>The value is a date or a timestamp.</summary>
    public bool IsCalendar => Kind is PartitionKeyKind.Date or PartitionKeyKind.Timestamp;

    /// <summary>The number; null when it is none.</summary>
    public long? Integer => Kind == PartitionKeyKind.Integer ? _number : null;

    /// <summary>
    /// Date and time in UTC, to 100 nanoseconds; null when it is neither date nor timestamp.
    /// </summary>
    public DateTime? Time => IsCalendar
        ? new DateTime((_number * TimeSpan.TicksPerSecond) + (_nanoseconds / TimeSpan.NanosecondsPerTick), DateTimeKind.Utc)
        : null;

    /// <summary>A time, for catalogs that write it in a form of their own.</summary>
    /// <param name="time">In UTC.</param>
    public static PartitionKeyValue At(DateTime time) =>
        new(
            PartitionKeyKind.Timestamp, time.Ticks / TimeSpan.TicksPerSecond,
            (int)(time.Ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick));

    /// <summary>Types a value. Only ASCII digits are digits.</summary>
    public static PartitionKeyValue Parse(ReadOnlySpan<char> text)
    {
        var digits = text is ['-', ..] ? text[1..] : text;
        if (!digits.IsEmpty && !digits.ContainsAnyExceptInRange('0', '9'))
            return text.Length == 8 && digits.Length == 8 ? ParseDate(text[..4], text[4..6], text[6..]) : ParseInteger(text);
        if (text.Length < 10 || text[4] != '-' || text[7] != '-')
            return default;
        var date = ParseDate(text[..4], text[5..7], text[8..10]);
        return date.Kind == PartitionKeyKind.Text || text.Length == 10 ? date : ParseTimestamp(date, text[10..]);
    }

    /// <summary>
    /// Compares two values of one time or number line; false when they have none in common.
    /// </summary>
    /// <param name="left">One value.</param>
    /// <param name="right">The other.</param>
    /// <param name="order">Below 0 when the left one is older or smaller, 0 when they are equal,
    /// else above 0.</param>
    public static bool TryCompare(PartitionKeyValue left, PartitionKeyValue right, out int order)
    {
        order = 0;
        if (!left.IsTyped || !right.IsTyped || left.IsCalendar != right.IsCalendar)
            return false;
        order = left._number.CompareTo(right._number);
        if (order == 0)
            order = left._nanoseconds.CompareTo(right._nanoseconds);
        return true;
    }

    private static PartitionKeyValue ParseInteger(ReadOnlySpan<char> text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? new(PartitionKeyKind.Integer, number)
            : default;

    private static PartitionKeyValue ParseDate(ReadOnlySpan<char> year, ReadOnlySpan<char> month, ReadOnlySpan<char> day)
    {
        if (!TryDigits(year, out var y) || !TryDigits(month, out var m) || !TryDigits(day, out var d))
            return default;
        if (y < 1 || m is < 1 or > 12 || d < 1 || d > DateTime.DaysInMonth(y, m))
            return default;
        return new(PartitionKeyKind.Date, new DateTime(y, m, d, 0, 0, 0, DateTimeKind.Utc).Ticks / TimeSpan.TicksPerSecond);
    }

    private static PartitionKeyValue ParseTimestamp(PartitionKeyValue date, ReadOnlySpan<char> time)
    {
        if (time.Length < 9 || time[0] is not (' ' or 'T') || time[3] != ':' || time[6] != ':')
            return default;
        if (!TryDigits(time[1..3], out var hour) || !TryDigits(time[4..6], out var minute) || !TryDigits(time[7..9], out var second))
            return default;
        if (hour > 23 || minute > 59 || second > 59 || !TryFraction(time[9..], out var nanoseconds))
            return default;
        return new(PartitionKeyKind.Timestamp, date._number + (hour * 3600) + (minute * 60) + second, nanoseconds);
    }

    private static bool TryFraction(ReadOnlySpan<char> text, out int nanoseconds)
    {
        nanoseconds = 0;
        if (text.IsEmpty)
            return true;
        if (text[0] != '.' || text.Length is < 2 or > 10 || !TryDigits(text[1..], out nanoseconds))
            return false;
        for (var digits = text.Length - 1; digits < 9; digits++)
            nanoseconds *= 10;
        return true;
    }

    /// <summary>At most nine ASCII digits.</summary>
    private static bool TryDigits(ReadOnlySpan<char> text, out int value)
    {
        value = 0;
        foreach (var c in text)
        {
            if (!char.IsAsciiDigit(c))
                return false;
            value = (value * 10) + (c - '0');
        }

        return true;
    }
}
