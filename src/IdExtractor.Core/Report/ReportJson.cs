using System.Text.Json;
using IdExtractor.Foundation.Privacy;

namespace IdExtractor.Core.Report;

/// <summary>How values of a report are written.</summary>
internal static class ReportJson
{
    /// <summary>Text that others chose, or that may repeat it.</summary>
    public static void WriteText(this Utf8JsonWriter json, string name, string? value) =>
        json.WriteString(name, Confidential.MaskOrNull(value));

    /// <summary>A length of time.</summary>
    public static void WriteSeconds(this Utf8JsonWriter json, TimeSpan time) =>
        json.WriteNumber("seconds", Math.Round(time.TotalSeconds, 6));

    /// <summary>A number that may be unknown.</summary>
    public static void WriteNumberOrNull(this Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number)
            json.WriteNumber(name, number);
        else
            json.WriteNull(name);
    }

    /// <summary>A number with 3 decimals that may be unknown.</summary>
    public static void WriteRoundedOrNull(this Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number && double.IsFinite(number))
            // Plus 0, because a small negative number is rounded to -0.
            json.WriteNumber(name, Math.Round(number, 3) + 0.0);
        else
            json.WriteNull(name);
    }
}
