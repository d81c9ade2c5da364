using IdExtractor.Html.Blocks;

namespace IdExtractor.Html.RunPage;

/// <summary>All settings with their origin: what was given first.</summary>
internal static class SettingsSection
{
    private const string Default = "default";

    /// <summary>Appends it.</summary>
    public static void Write(PageContext page)
    {
        var (html, words) = (page.Html, page.Words);
        Column[] columns = [new(words.Option, "name"), new(words.Value), new(words.Origin)];
        PageShell.BeginSection(html, "settings", words.Settings, words.SettingsNote);
        DataTable.Begin(html, words.Settings, columns);
        foreach (var setting in page.Report.Settings.OrderBy(setting => setting.From == Default))
        {
            // A default is a word of the program; what was given is the user's.
            var (style, value) = setting.From == Default
                ? ("quiet", setting.Value is null ? null : page.Speech.Of(setting.Value))
                : (null, setting.Value);
            DataTable.WriteRow(
                html, columns, style, "--" + setting.Name, page.Clip(value) ?? words.Unknown,
                words.Origins.GetValueOrDefault(setting.From, setting.From));
        }

        DataTable.End(html);
        PageShell.EndSection(html);
    }
}
