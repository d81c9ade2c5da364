using System.Globalization;

namespace IdExtractor.Display;

/// <summary>Numbers as people read them.</summary>
internal static class Units
{
    private static readonly string[] s_binary = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    private static readonly string[] s_decimal = ["", " k", " M", " G", " T", " P", " E"];

    /// <summary>Every digit, in groups: <c>1,234,567</c>.</summary>
    public static string Exact(long count) => count.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>Every digit and what is counted: <c>1 file</c>, <c>1,234 files</c>.</summary>
    /// <param name="count">How many.</param>
    /// <param name="one">For one of them: <c>{0} file</c>.</param>
    /// <param name="many">For any other number: <c>{0} files</c>.</param>
    public static string Exact(long count, string one, string many) =>
        (count == 1 ? one : many).Replace("{0}", Exact(count), StringComparison.Ordinal);

    /// <summary>Three digits or so: <c>1.23 M</c>.</summary>
    public static string Short(double count) => Scale(count, 1000, s_decimal, "");

    /// <summary>Three digits or so: <c>1.23 GiB</c>.</summary>
    public static string Bytes(double bytes) => Scale(bytes, 1024, s_binary, " ");

    /// <summary>
    /// The two largest units that matter: <c>1 h 05 min</c>, <c>12 s</c>, <c>0.35 s</c>.
    /// </summary>
    public static string Time(TimeSpan time) => time switch
    {
        { TotalDays: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalDays} d {time.Hours:00} h"),
        { TotalHours: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.Hours} h {time.Minutes:00} min"),
        { TotalMinutes: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.Minutes} min {time.Seconds:00} s"),
        { TotalSeconds: >= 10 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.00} s"),
    };

    private static string Scale(double value, double step, string[] units, string separator)
    {
        var unit = 0;
        for (; Math.Abs(value) >= step && unit < units.Length - 1; unit++)
            value /= step;
        var format = unit == 0 || Math.Abs(value) >= 100 ? "0" : Math.Abs(value) >= 10 ? "0.0" : "0.00";
        return value.ToString(format, CultureInfo.InvariantCulture) + separator + units[unit];
    }
}
