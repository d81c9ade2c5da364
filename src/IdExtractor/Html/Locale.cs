using System.Globalization;

namespace IdExtractor.Html;

/// <summary>Languages of pages.</summary>
internal enum PageLanguage
{
    /// <summary>English.</summary>
    English,

    /// <summary>Portuguese as in Brazil.</summary>
    Portuguese,
}

/// <summary>Numbers, sizes and times as readers of a language write them. Times are UTC.</summary>
internal sealed class Locale
{
    private static readonly string[] s_binary = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

    private readonly NumberFormatInfo _numbers;

    private Locale(string tag, string decimals, string groups)
    {
        Tag = tag;
        _numbers = new NumberFormatInfo { NumberDecimalSeparator = decimals, NumberGroupSeparator = groups };
    }

    /// <summary>The language's tag, as the attribute <c>lang</c> takes it.</summary>
    public string Tag { get; }

    /// <summary>The conventions of a language.</summary>
    public static Locale Of(PageLanguage language) =>
        language == PageLanguage.Portuguese ? new Locale("pt-BR", ",", ".") : new Locale("en", ".", ",");

    /// <summary>Every digit, in groups.</summary>
    public string Count(long count) => count.ToString("#,0", _numbers);

    /// <summary>At most so many decimals.</summary>
    public string Number(double number, int decimals = 2) =>
        number.ToString(decimals == 0 ? "#,0" : "#,0." + new string('#', decimals), _numbers);

    /// <summary>A share in percent.</summary>
    public string Percent(double percent) => Number(percent, Math.Abs(percent) >= 10 ? 1 : 2) + "%";

    /// <summary>A change in percent, with its sign.</summary>
    public string Change(double percent) => (percent > 0 ? "+" : percent < 0 ? "\u2212" : "") + Percent(Math.Abs(percent));

    /// <summary>A difference with its sign.</summary>
    public string Difference(long count) => (count > 0 ? "+" : count < 0 ? "\u2212" : "") + Count(Math.Abs(count));

    /// <summary>Three digits or so, in powers of 1024.</summary>
    public string Bytes(double bytes)
    {
        var unit = 0;
        for (; Math.Abs(bytes) >= 1024 && unit < s_binary.Length - 1; unit++)
            bytes /= 1024;
        return Number(bytes, unit == 0 || Math.Abs(bytes) >= 100 ? 0 : Math.Abs(bytes) >= 10 ? 1 : 2) + "\u00A0" + s_binary[unit];
    }

    /// <summary>Three digits or so, in powers of 1000: <c>1.23 M</c>.</summary>
    public string Short(double count) => Math.Abs(count) switch
    {
        >= 1e9 => Number(count / 1e9) + "\u00A0G",
        >= 1e6 => Number(count / 1e6) + "\u00A0M",
        >= 1e4 => Number(count / 1e3, 1) + "\u00A0k",
        _ => Number(count, 0),
    };

    /// <summary>The two largest units that matter.</summary>
    public string Time(TimeSpan time) => time switch
    {
        { TotalDays: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalDays}\u00A0d {time.Hours:00}\u00A0h"),
        { TotalHours: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.Hours}\u00A0h {time.Minutes:00}\u00A0min"),
        { TotalMinutes: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.Minutes}\u00A0min {time.Seconds:00}\u00A0s"),
        { TotalSeconds: >= 1 } => Number(time.TotalSeconds, time.TotalSeconds >= 10 ? 1 : 2) + "\u00A0s",
        _ => Number(time.TotalMilliseconds, time.TotalMilliseconds >= 10 ? 0 : 1) + "\u00A0ms",
    };

    /// <summary>A date and time: ISO 8601 in English, day first in Portuguese.</summary>
    public string Moment(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString(Tag == "en" ? "yyyy-MM-dd HH:mm:ss 'UTC'" : "dd/MM/yyyy HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>A date.</summary>
    public string Day(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString(Tag == "en" ? "yyyy-MM-dd" : "dd/MM/yyyy", CultureInfo.InvariantCulture);
}
