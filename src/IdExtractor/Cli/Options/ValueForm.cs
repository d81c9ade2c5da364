using System.Globalization;
using IdExtractor.Core.Job;

namespace IdExtractor.Cli.Options;

/// <summary>The JSON values by which a config file may give an option.</summary>
[Flags]
internal enum JsonForms
{
    String = 1,
    Number = 2,
    Boolean = 4,
}

/// <summary>
/// How a value is written. Values are boxed: generic code over enumerations and the like is
/// compiled at every start, which would take longer than all the rest of the command line.
/// </summary>
/// <param name="Takes">What is taken, for messages.</param>
/// <param name="Json">The JSON values that it accepts.</param>
/// <param name="Read">Reads a text; null when it is not what is taken.</param>
internal sealed record ValueForm(string Takes, JsonForms Json, Func<string, object?> Read)
{
    /// <summary>
    /// How the report repeats a text that may hold a secret; messages do not repeat it at all. Null
    /// for all others.
    /// </summary>
    public Func<string, string>? ReportAs { get; init; }

    /// <summary>The words that it is one of; null where there are too many to list.</summary>
    public IReadOnlyList<string>? Words { get; init; }
}

/// <summary>The forms that have nothing to do with places or AWS.</summary>
internal static class ValueForms
{
    private const long Kibi = 1024, Kilo = 1000;

    /// <summary>
    /// A pebibyte: more than any machine has, and still small enough to calculate with.
    /// </summary>
    private const long MostBytes = 1L << 50;

    /// <summary>A <see cref="bool"/>.</summary>
    public static ValueForm Flag { get; } = new("true, false, 1 or 0", JsonForms.Boolean, text => text switch
    {
        "true" or "1" => true,
        "false" or "0" => false,
        _ => null,
    });

    /// <summary>A <see cref="string"/>.</summary>
    public static ValueForm Name { get; } = new("a name", JsonForms.String, ReadPlain);

    /// <summary>A <see cref="string"/>.</summary>
    public static ValueForm FilePath { get; } = new("a path", JsonForms.String, ReadPlain);

    /// <summary>A <see cref="double"/>.</summary>
    public static ValueForm Percent { get; } = new(
        "a percentage from 0 to 100, as 20 or 12.5%", JsonForms.String | JsonForms.Number, text => ReadPercent(text));

    /// <summary>A <see cref="TimeSpan"/>.</summary>
    public static ValueForm Duration { get; } = new(
        "a length of time above zero in days, hours or minutes, as 2d, 36h or 90m", JsonForms.String, text => ReadDuration(text));

    /// <summary>A <see cref="PartitionPin"/>.</summary>
    public static ValueForm Partition { get; } =
        new(
            "key=value, or key=value/key=value with each key once, where %2F stands for a slash in a value", JsonForms.String,
            PartitionText.Read);

    /// <summary>A <see cref="long"/> within bounds.</summary>
    public static ValueForm Whole(long least, long most) => new(
        most == long.MaxValue ? $"a whole number, {least} or more" : $"a whole number from {least} to {most}",
        JsonForms.String | JsonForms.Number,
        text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
            ? value
            : null);

    /// <summary>
    /// A <see cref="long"/>: a number of bytes, <paramref name="least"/> or more. What is more than
    /// any machine has is read as the most that a machine could have.
    /// </summary>
    public static ValueForm Size(long least, string leastText) => new(
        $"a size of {leastText} or more, as 512MiB, 1GiB, 2GB or a number of bytes",
        JsonForms.String | JsonForms.Number,
        text => ReadSize(text) is { } value && value >= least ? Math.Min(value, MostBytes) : null);

    /// <summary>One of a few words, each of which means the value at the same index.</summary>
    public static ValueForm Choice(string[] words, params object[] values) => new(
        $"{string.Join(", ", words, 0, words.Length - 1)} or {words[^1]}",
        JsonForms.String,
        text => Array.IndexOf(words, text) is >= 0 and var at ? values[at] : null)
    {
        Words = words,
    };

    /// <summary>Any text that is not blank and holds no control characters.</summary>
    internal static string? ReadPlain(string text) => string.IsNullOrWhiteSpace(text) || text.Any(char.IsControl) ? null : text;

    private static double? ReadPercent(string text)
    {
        var digits = text.EndsWith('%') ? text.AsSpan(0, text.Length - 1) : text;
        return double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            && value is >= 0 and <= 100
            ? value
            : null;
    }

    private static TimeSpan? ReadDuration(string text)
    {
        if (text.Length < 2
            || !long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            return null;
        var unit = text[^1] switch
        {
            'd' => TimeSpan.TicksPerDay,
            'h' => TimeSpan.TicksPerHour,
            'm' => TimeSpan.TicksPerMinute,
            _ => 0,
        };
        return unit == 0 || count == 0 || count > TimeSpan.MaxValue.Ticks / unit ? null : new TimeSpan(count * unit);
    }

    private static long? ReadSize(string text)
    {
        var digits = text.Length;
        while (digits > 0 && char.IsAsciiLetter(text[digits - 1]))
            digits--;
        var unit = text[digits..].ToUpperInvariant() switch
        {
            "" or "B" => 1,
            "KB" => Kilo,
            "MB" => Kilo * Kilo,
            "GB" => Kilo * Kilo * Kilo,
            "TB" => Kilo * Kilo * Kilo * Kilo,
            "KIB" => Kibi,
            "MIB" => Kibi * Kibi,
            "GIB" => Kibi * Kibi * Kibi,
            "TIB" => Kibi * Kibi * Kibi * Kibi,
            _ => 0,
        };
        if (unit == 0
            || !decimal.TryParse(text.AsSpan(0, digits), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count))
            return null;
        return count > long.MaxValue / unit ? null : (long)(count * unit);
    }
}
