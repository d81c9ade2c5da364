using System.Globalization;

namespace IdExtractor.Core.Catalog.Projection;

/// <summary>One value of a projected partition key.</summary>
/// <param name="Text">As written in locations and messages.</param>
/// <param name="Typed">The typed value, which decides the order.</param>
public readonly record struct ProjectedValue(string Text, PartitionKeyValue Typed);

/// <summary>The values of one partition key, by the table's projection settings.</summary>
internal abstract class ProjectedColumn
{
    /// <summary>
    /// Most values of one key: a table with more wants another layout, and to enumerate them would
    /// take longer than to list the bucket.
    /// </summary>
    public const int MostValues = 1 << 20;

    /// <summary>All values, latest first where they have an order.</summary>
    /// <param name="now">What <c>NOW</c> is, in UTC.</param>
    /// <returns>Null when there are more than <see cref="MostValues"/>.</returns>
    public abstract IReadOnlyList<ProjectedValue>? Values(DateTime now);

    /// <summary>
    /// What a text of this column is, where it has a form of its own; null to go by the text.
    /// </summary>
    public virtual PartitionKeyValue? TypeOf(string text) => null;

    /// <summary>
    /// Puts the latest first. Those without an order stay behind the others, as they came.
    /// </summary>
    protected static IReadOnlyList<ProjectedValue> LatestFirst(List<ProjectedValue> values) =>
        [.. values.Order(Comparer<ProjectedValue>.Create(Compare))];

    private static int Compare(ProjectedValue left, ProjectedValue right)
    {
        if (PartitionKeyValue.TryCompare(right.Typed, left.Typed, out var order))
            return order;
        return (right.Typed.IsTyped ? 1 : 0) - (left.Typed.IsTyped ? 1 : 0);
    }
}

/// <summary>A key of type <c>enum</c>: its values are listed. Blanks are part of them.</summary>
internal sealed class EnumColumn(IReadOnlyList<string> values) : ProjectedColumn
{
    /// <inheritdoc/>
    public override IReadOnlyList<ProjectedValue>? Values(DateTime now) =>
        values.Count > MostValues
            ? null
            : LatestFirst(
                [.. values.Distinct(StringComparer.Ordinal).Select(value => new ProjectedValue(value, PartitionKeyValue.Parse(value)))]);
}

/// <summary>
/// A key of type <c>integer</c>: every so many from the least to the most, both among them where
/// the interval meets them.
/// </summary>
/// <param name="least">The least.</param>
/// <param name="most">The most; not below the least.</param>
/// <param name="interval">From one to the next; 1 or more.</param>
/// <param name="digits">Digits that they are padded to with zeros; 0 for none.</param>
internal sealed class IntegerColumn(long least, long most, long interval, int digits) : ProjectedColumn
{
    /// <inheritdoc/>
    public override IReadOnlyList<ProjectedValue>? Values(DateTime now)
    {
        var steps = (ulong)(most - (Int128)least) / (ulong)interval;
        if (steps >= MostValues)
            return null;
        var values = new List<ProjectedValue>((int)steps + 1);
        for (var step = (long)steps; step >= 0; step--)
        {
            var text = Format(least + (step * interval));
            values.Add(new ProjectedValue(text, PartitionKeyValue.Parse(text)));
        }

        return LatestFirst(values);
    }

    private string Format(long number) => number < 0
        ? "-" + ((Int128)number * -1).ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0')
        : number.ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');
}

/// <summary>
/// A key of type <c>date</c>: times at a fixed interval from the first to the last. Both may be
/// relative to now.
/// </summary>
/// <param name="first">Returns the first time, given the current time.</param>
/// <param name="last">Returns the last time, given the current time.</param>
/// <param name="step">The interval.</param>
/// <param name="pattern">How the times are written.</param>
internal sealed class DateColumn(
    Func<DateTime, DateTime> first, Func<DateTime, DateTime> last, DateStep step, JavaDatePattern pattern) : ProjectedColumn
{
    /// <inheritdoc/>
    public override IReadOnlyList<ProjectedValue>? Values(DateTime now)
    {
        var values = new List<ProjectedValue>();
        var end = Floor(last(now));
        for (DateTime? time = Floor(first(now)); time <= end; time = step.After(time.Value))
        {
            if (values.Count == MostValues)
                return null;
            var text = pattern.Format(time.Value);
            if (values.Count == 0 || values[^1].Text != text)
                values.Add(new ProjectedValue(text, PartitionKeyValue.At(Floor(time.Value))));
        }

        values.Reverse();
        return values;
    }

    /// <inheritdoc/>
    public override PartitionKeyValue? TypeOf(string text) =>
        pattern.TryRead(text, out var time) ? PartitionKeyValue.At(Floor(time)) : null;

    /// <summary>
    /// Truncates to the precision of the pattern, so that a value means the start of its period and
    /// a range relative to now includes all of its days.
    /// </summary>
    private DateTime Floor(DateTime time) => pattern.Precision switch
    {
        DatePrecision.Year => new DateTime(time.Year, 1, 1, 0, 0, 0, DateTimeKind.Utc),
        DatePrecision.Month => new DateTime(time.Year, time.Month, 1, 0, 0, 0, DateTimeKind.Utc),
        DatePrecision.Day => time.Date,
        DatePrecision.Hour => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerHour)),
        DatePrecision.Minute => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMinute)),
        DatePrecision.Second => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerSecond)),
        _ => time,
    };
}
