using System.Globalization;
using IdExtractor.Core.History;
using IdExtractor.Phrases;

namespace IdExtractor.Html.HistoryPage;

/// <summary>
/// The last weeks, a column each: what was staged on each day, and whether readers got it.
/// </summary>
internal static class OutcomeCalendar
{
    private const int Weeks = 18, DaysOfWeek = 7, Cell = 16, Gap = 3;

    /// <summary>Appends it.</summary>
    /// <param name="html">Takes it.</param>
    /// <param name="entries">Stage files.</param>
    /// <param name="now">The last day.</param>
    /// <param name="speech">The language.</param>
    public static void Write(HtmlText html, IEnumerable<StageEntry> entries, DateTimeOffset now, Speech speech)
    {
        var days = entries.GroupBy(entry => entry.Created.UtcDateTime.Date).ToDictionary(day => day.Key, day => day.ToList());
        var last = now.UtcDateTime.Date;
        var first = last.AddDays(-(((int)last.DayOfWeek + 6) % DaysOfWeek) - ((Weeks - 1) * DaysOfWeek));
        html.Open(
            "svg", ("viewBox", $"0 0 {Weeks * (Cell + Gap)} {DaysOfWeek * (Cell + Gap)}"), ("role", "img"),
            ("style", "width:100%;max-width:36rem;height:auto;display:block"),
            ("aria-label", speech.Of("Calendar of the last weeks; the table below lists the same files")));
        for (var day = first; day <= last; day = day.AddDays(1))
        {
            var at = (day - first).Days;
            var files = days.GetValueOrDefault(day, []);
            html.Open(
                "rect", ("class", ClassOf(files)), ("x", Number(at / DaysOfWeek * (Cell + Gap))),
                ("y", Number(at % DaysOfWeek * (Cell + Gap))),
                ("width", Number(Cell)), ("height", Number(Cell)), ("rx", "3"));
            html.Element("title", TitleOf(day, files, speech)).Close("rect");
        }

        html.Close("svg");
        html.Element(
            "p",
            speech.Of(
                "Rows are Monday to Sunday. Green: staged, and active or older than the active file. Amber: staged, and at least one file was not promoted. Red: staged, and no file was promoted."),
            ("class", "note"));
    }

    private static string ClassOf(List<StageEntry> files)
    {
        var good = files.Count(file => file.State is StageState.Active or StageState.Older);
        return files.Count == 0 ? "track" : good == files.Count ? "bar good" : good > 0 ? "bar warn" : "bar bad";
    }

    private static string TitleOf(DateTime day, List<StageEntry> files, Speech speech)
    {
        var states = files.GroupBy(file => file.State).Select(
            state => $"{speech.Of(state.Key.ToName().Replace('_', ' '))} ({state.Count()})");
        return $"{speech.Day(day)}: {(files.Count == 0 ? speech.Of("nothing staged") : string.Join(", ", states))}";
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
