using System.Globalization;
using IdExtractor.Core.Catalog;
using IdExtractor.Core.Job;

namespace IdExtractor.Aws.Glue;

/// <summary>
/// A pin as the <c>Expression</c> of GetPartitions. It never excludes a partition that the pin
/// matches: typed values match in every spelling (<c>dia=9</c> is <c>dia=09</c>), and the selection
/// applies the pin again to the result.
/// </summary>
internal static class PartitionExpression
{
    private static readonly HashSet<string> s_wholeNumbers = new(
        ["tinyint", "smallint", "int", "integer", "bigint", "long"], StringComparer.OrdinalIgnoreCase);

    /// <summary>The expression.</summary>
    /// <param name="keys">The table's partition keys.</param>
    /// <param name="pin">Keys that must have given values.</param>
    /// <returns>Null when nothing can be narrowed.</returns>
    public static string? Of(IReadOnlyList<GlueColumn> keys, PartitionPin? pin)
    {
        var conditions = new List<string>();
        foreach (var value in pin?.Values ?? [])
        {
            if (Find(keys, value.Key) is { } key && IsPlainName(key.Name) && Condition(key, value.Value) is { } condition)
                conditions.Add(condition);
        }

        return conditions.Count == 0 ? null : string.Join(" AND ", conditions);
    }

    /// <summary>
    /// The values of a pin that names every key, each with a text that has one spelling only; null
    /// otherwise.
    /// </summary>
    public static IReadOnlyList<string>? ExactValues(IReadOnlyList<GlueColumn> keys, PartitionPin? pin)
    {
        if (pin is null || pin.Values.Count != keys.Count)
            return null;
        for (var i = 0; i < keys.Count; i++)
        {
            var value = pin.Values[i];
            if (!string.Equals(value.Key, keys[i].Name, StringComparison.OrdinalIgnoreCase) || PartitionKeyValue.Parse(value.Value).IsTyped)
                return null;
        }

        return [.. pin.Values.Select(value => value.Value)];
    }

    private static string? Condition(GlueColumn key, string value)
    {
        var typed = PartitionKeyValue.Parse(value);
        if (IsText(key.Type))
            return TextCondition(key.Name, value, typed);
        if (s_wholeNumbers.Contains(key.Type) && WholeNumber(typed) is { } number)
            return $"{key.Name} = {number}";
        if (string.Equals(key.Type, "date", StringComparison.OrdinalIgnoreCase) && typed.Time is { } day && day.TimeOfDay == TimeSpan.Zero)
            return string.Create(CultureInfo.InvariantCulture, $"{key.Name} = '{day:yyyy-MM-dd}'");
        return null;
    }

    /// <summary>
    /// A number may be padded with zeros; a date may be written with or without dashes, and with
    /// midnight behind it.
    /// </summary>
    private static string TextCondition(string name, string value, PartitionKeyValue typed)
    {
        if (typed.Integer is { } number)
            return string.Create(CultureInfo.InvariantCulture, $"{name} LIKE '%{Digits(number)}'");
        if (typed.Time is { } time)
            return string.Create(CultureInfo.InvariantCulture, $"({name} LIKE '{time:yyyy-MM-dd}%' OR {name} = '{time:yyyyMMdd}')");
        return $"{name} = '{value.Replace("'", "''", StringComparison.Ordinal)}'";
    }

    private static string Digits(long number) => number.ToString(CultureInfo.InvariantCulture).TrimStart('-');

    /// <summary>A date is eight digits in a column of numbers.</summary>
    private static string? WholeNumber(PartitionKeyValue typed)
    {
        if (typed.Integer is { } number)
            return number.ToString(CultureInfo.InvariantCulture);
        return typed.Time is { } day && day.TimeOfDay == TimeSpan.Zero ? day.ToString("yyyyMMdd", CultureInfo.InvariantCulture) : null;
    }

    private static bool IsText(string type) =>
        type.Equals("string", StringComparison.OrdinalIgnoreCase)
        || type.StartsWith("varchar", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// The service parses the expression as SQL; other names would need quotes that it does not
    /// document.
    /// </summary>
    private static bool IsPlainName(string name) =>
        name.Length > 0 && char.IsAsciiLetter(name[0]) && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_');

    private static GlueColumn? Find(IReadOnlyList<GlueColumn> keys, string name) =>
        keys.FirstOrDefault(key => key.Name == name)
            ?? keys.FirstOrDefault(key => string.Equals(key.Name, name, StringComparison.OrdinalIgnoreCase));
}
