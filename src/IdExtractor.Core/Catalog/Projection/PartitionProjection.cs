using System.Globalization;
using IdExtractor.Core.Job;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Core.Catalog.Projection;

/// <summary>
/// The partitions that a table's properties describe, as in Athena's partition projection
/// (specification, section 3): a rule for the values of each key, and one for their locations.
/// Nothing is registered, so only the storage shows which partitions hold data.
/// </summary>
public sealed class PartitionProjection
{
    private const string Prefix = "projection.";

    private readonly IReadOnlyList<ProjectedColumn> _columns;
    private readonly LocationTemplate _template;

    private PartitionProjection(string table, IReadOnlyList<string> keys, IReadOnlyList<ProjectedColumn> columns, LocationTemplate template)
    {
        Table = table;
        Keys = keys;
        _columns = columns;
        _template = template;
    }

    /// <summary>The table, for messages.</summary>
    public string Table { get; }

    /// <summary>Names of the partition keys in order.</summary>
    public IReadOnlyList<string> Keys { get; }

    /// <summary>The address of the folder that all partitions are below.</summary>
    public string Root => _template.Root;

    /// <summary>The table has projection on.</summary>
    public static bool IsEnabled(IReadOnlyDictionary<string, string> properties) =>
        string.Equals(Find(properties, "projection.enabled")?.Trim(), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads the settings of a table.</summary>
    /// <param name="table">The table, for messages.</param>
    /// <param name="keys">Names of its partition keys in order.</param>
    /// <param name="properties">The table's properties.</param>
    /// <param name="location">The table's Location.</param>
    /// <exception cref="ConfigurationException">A setting is missing or wrong, or a key is
    /// injected.</exception>
    public static PartitionProjection Parse(
        string table, IReadOnlyList<string> keys, IReadOnlyDictionary<string, string> properties, string location)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(properties);
        ArgumentNullException.ThrowIfNull(location);
        var settings = new Settings(table, properties);
        var columns = keys.Select(settings.ReadColumn).ToArray();
        if (Find(properties, "storage.location.template") is not { Length: > 0 } text)
            return new PartitionProjection(table, keys, columns, LocationTemplate.Hive(location, keys));
        var template = LocationTemplate.TryParse(text, keys, out var problem)
            ?? throw settings.Wrong("storage.location.template", $"a folder with each partition key as ${{key}}; {problem}", text);
        return new PartitionProjection(table, keys, columns, template);
    }

    /// <summary>The values of a key, latest first where they have an order.</summary>
    /// <param name="key">Its place among the keys.</param>
    /// <param name="now">What <c>NOW</c> is, in UTC.</param>
    /// <exception cref="ConfigurationException">There are too many.</exception>
    public IReadOnlyList<ProjectedValue> Values(int key, DateTime now) => _columns[key].Values(now) ?? throw new ConfigurationException(
        "The projection of a partition key has too many values",
        new ErrorPlace { Object = Table, Column = Keys[key], Expected = $"at most {ProjectedColumn.MostValues}" },
        "narrow its range or widen its interval");

    /// <summary>
    /// The order of partitions by their texts, with dates as the projection writes them.
    /// </summary>
    public IPartitionOrder Order => new SourcePartition((key, value) =>
    {
        var at = key.Length == 0 ? 0 : Keys.ToList().FindIndex(name => string.Equals(name, key, StringComparison.OrdinalIgnoreCase));
        return at >= 0 && _columns[at].TypeOf(value) is { } typed ? typed : PartitionKeyValue.Parse(value);
    });

    /// <summary>See <see cref="LocationTemplate.NamesFolders"/>.</summary>
    internal bool NamesFolders => _template.NamesFolders;

    /// <summary>
    /// The folder of a partition below <see cref="Root"/>, with a <c>/</c> at its end.
    /// </summary>
    public string FolderOf(IReadOnlyList<ProjectedValue> values) => _template.FolderOf(values);

    /// <summary>Names of properties are met in any case.</summary>
    private static string? Find(IReadOnlyDictionary<string, string> properties, string name) => properties.TryGetValue(name, out var exact)
        ? exact
        : properties.FirstOrDefault(property => string.Equals(property.Key, name, StringComparison.OrdinalIgnoreCase)).Value;

    private sealed class Settings(string table, IReadOnlyDictionary<string, string> properties)
    {
        public ProjectedColumn ReadColumn(string key) => Text(key, "type")?.Trim().ToUpperInvariant() switch
        {
            "ENUM" => ReadEnum(key),
            "INTEGER" => ReadInteger(key),
            "DATE" => ReadDate(key),
            "INJECTED" => throw new ConfigurationException(
                "A partition key is injected by each query, so that it has no latest value",
                new ErrorPlace { Object = table, Column = key, Expected = "a projection of type date, integer or enum" },
                "name the folder of the table itself instead of glue://"),
            var other => throw Wrong($"{Prefix}{key}.type", "date, integer or enum", other),
        };

        public ConfigurationException Wrong(string property, string expected, string? found) => new(
            "A setting of the partition projection is wrong",
            new ErrorPlace { Object = table, Column = property, Expected = expected, Actual = found is null ? "nothing" : $"'{found}'" },
            "correct the table's properties");

        private EnumColumn ReadEnum(string key)
        {
            var values = Text(key, "values");
            return string.IsNullOrEmpty(values)
                ? throw Wrong($"{Prefix}{key}.values", "values with commas between", values)
                : new EnumColumn(values.Split(','));
        }

        private IntegerColumn ReadInteger(string key)
        {
            var range = Text(key, "range");
            if (range?.Split(',') is not [var low, var high]
                || !TryNumber(low, out var least)
                || !TryNumber(high, out var most)
                || least > most)
                throw Wrong($"{Prefix}{key}.range", "two whole numbers with a comma between, the least first", range);
            return new IntegerColumn(least, most, Count(key, "interval", long.MaxValue) ?? 1, (int)(Count(key, "digits", 64) ?? 0));
        }

        private DateColumn ReadDate(string key)
        {
            var format = Text(key, "format");
            var pattern = string.IsNullOrEmpty(format) ? null : JavaDatePattern.TryParse(format);
            if (pattern is null)
                throw Wrong(
                    $"{Prefix}{key}.format", "a date pattern of years, months, days, hours, minutes and seconds in numbers, as yyyy-MM-dd",
                    format);
            var range = Text(key, "range");
            if (range?.Split(',') is not [var low, var high]
                || Bound(low, pattern) is not { } first
                || Bound(high, pattern) is not { } last)
                throw Wrong($"{Prefix}{key}.range", $"two dates as {format} or NOW±N UNITS, with a comma between", range);
            return new DateColumn(first, last, ReadStep(key, pattern), pattern);
        }

        /// <summary>Days and months need no interval; it is one of them then.</summary>
        private DateStep ReadStep(string key, JavaDatePattern pattern)
        {
            var name = Text(key, "interval.unit");
            var unit = name is null ? null : DateStep.UnitOf(name);
            if (name is not null && unit is null)
                throw Wrong($"{Prefix}{key}.interval.unit", "YEARS, MONTHS, WEEKS, DAYS, HOURS, MINUTES, SECONDS or MILLIS", name);
            var count = Count(key, "interval", int.MaxValue);
            DateUnit? own = pattern.Precision switch
            {
                DatePrecision.Day => DateUnit.Days,
                DatePrecision.Month => DateUnit.Months,
                _ => null
            };
            if ((unit ?? own) is not { } known)
                throw Wrong($"{Prefix}{key}.interval.unit", "a unit, since the dates are neither days nor months", null);
            if (count is null && own is null)
                throw Wrong($"{Prefix}{key}.interval", "a whole number from 1, since the dates are neither days nor months", null);
            return new DateStep((int)(count ?? 1), known);
        }

        private static Func<DateTime, DateTime>? Bound(string text, JavaDatePattern pattern)
        {
            if (DateStep.FromNow(text, DateTime.UnixEpoch) is not null)
                return now => DateStep.FromNow(text, now) ?? DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc);
            return pattern.TryRead(text, out var time) || pattern.TryRead(text.Trim(), out time) ? _ => time : null;
        }

        private long? Count(string key, string setting, long most)
        {
            if (Text(key, setting) is not { } text)
                return null;
            return TryNumber(text, out var count) && count >= 1 && count <= most
                ? count
                : throw Wrong($"{Prefix}{key}.{setting}", $"a whole number from 1 to {most}", text);
        }

        private string? Text(string key, string setting) => Find(properties, $"{Prefix}{key}.{setting}");

        private static bool TryNumber(string text, out long number) =>
            long.TryParse(
                text, NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite,
                CultureInfo.InvariantCulture, out number);
    }
}
