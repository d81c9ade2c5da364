namespace IdExtractor.Html.Blocks;

/// <summary>One bar of a row: where it begins and how long it is, as shares of the width.</summary>
/// <param name="Start">0 to 1.</param>
/// <param name="Length">0 to 1; 0 draws nothing, and a little more is drawn as long as can be
/// seen.</param>
/// <param name="Style">Its class, such as <c>bar</c>, <c>bar2</c> or <c>bar good</c>.</param>
internal readonly record struct Bar(double Start, double Length, string Style = "bar");

/// <summary>Rows of a label, bars and an amount: funnels, timelines, stacked durations.</summary>
internal static class BarRows
{
    /// <summary>Less cannot be seen on a narrow screen.</summary>
    private const double Shortest = 0.004;

    /// <summary>Begins a chart.</summary>
    /// <param name="html">Takes it.</param>
    /// <param name="width">Null, or <c>wide</c> for long labels, or <c>wider</c> for long amounts
    /// too.</param>
    public static void Begin(HtmlText html, string? width = null) =>
        html.Open("div", ("class", width is null ? "rows" : "rows " + width), ("role", "list")).Markup("\n");

    /// <summary>Ends a chart.</summary>
    public static void End(HtmlText html) => html.Close("div");

    /// <summary>Appends a row.</summary>
    /// <param name="html">Takes it.</param>
    /// <param name="label">What it is about.</param>
    /// <param name="bars">Its bars, the first one below.</param>
    /// <param name="amount">The number.</param>
    /// <param name="aside">A few words below the number; null for none.</param>
    public static void Write(HtmlText html, string label, ReadOnlySpan<Bar> bars, string amount, string? aside = null) =>
        Write(html, label, null, bars, amount, aside);

    /// <summary>Appends a row whose label is explained.</summary>
    /// <param name="html">Takes it.</param>
    /// <param name="label">What it is about.</param>
    /// <param name="note">A few words below the label; null for none.</param>
    /// <param name="bars">Its bars, the first one below.</param>
    /// <param name="amount">The number.</param>
    /// <param name="aside">A few words below the number; null for none.</param>
    public static void Write(HtmlText html, string label, string? note, ReadOnlySpan<Bar> bars, string amount, string? aside)
    {
        BeginRow(html, label, note);
        foreach (var bar in bars)
            Rectangle(html, bar);
        EndRow(html, amount, aside);
    }

    /// <summary>Appends the ends of the scale below the bars.</summary>
    public static void WriteAxis(HtmlText html, params ReadOnlySpan<string> marks)
    {
        html.Markup("<div class=\"row\" role=\"presentation\"><div class=\"axis\" aria-hidden=\"true\">");
        foreach (var mark in marks)
            html.Markup("<span>").Text(mark).Markup("</span>");
        html.Markup("</div>").Close("div");
    }

    /// <summary>
    /// Begins a row up to its drawing, with a track unless something else is drawn there.
    /// </summary>
    public static void BeginRow(HtmlText html, string label, string? note = null, bool hasTrack = true)
    {
        html.Markup("<div class=\"row\" role=\"listitem\"><span class=\"label\">").Text(label);
        if (note is not null)
            html.Markup(" ").Element("small", note);
        html.Markup("</span><svg aria-hidden=\"true\">");
        if (hasTrack)
            html.Markup("<rect class=\"track\" width=\"100%\" height=\"16\" rx=\"3\"/>");
    }

    /// <summary>Ends a row after its drawing.</summary>
    public static void EndRow(HtmlText html, string amount, string? aside)
    {
        html.Markup("</svg><span class=\"amount\">").Text(amount);
        if (aside is not null)
            html.Markup(" ").Element("small", aside);
        html.Markup("</span>").Close("div");
    }

    private static void Rectangle(HtmlText html, Bar bar)
    {
        if (bar.Length <= 0)
            return;
        var length = Math.Clamp(bar.Length, Shortest, 1);
        html.Open("rect", ("class", bar.Style), ("x", HtmlText.Percent(Math.Min(bar.Start, 1 - length))),
            ("width", HtmlText.Percent(length)), ("height", "16"), ("rx", "2")).Markup("</rect>");
    }
}
