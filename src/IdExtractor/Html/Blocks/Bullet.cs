namespace IdExtractor.Html.Blocks;

/// <summary>A value against its limit.</summary>
/// <param name="Label">What is limited.</param>
/// <param name="Actual">The value, 0 or more; null when it is not known.</param>
/// <param name="Limit">The limit; null when there is none.</param>
/// <param name="IsFloor">The value must be at least the limit; otherwise at most.</param>
/// <param name="Amount">Value and limit in words.</param>
/// <param name="State">The outcome in a word.</param>
/// <param name="Tone">Its colour.</param>
internal sealed record Bullet(string Label, double? Actual, double? Limit, bool IsFloor, string Amount, string State, Tone Tone);

/// <summary>
/// Bullet charts: the bar is the value, the tinted ground what is allowed, the stroke the limit.
/// </summary>
internal static class Bullets
{
    /// <summary>Appends a chart of them, each on a scale of its own.</summary>
    public static void Write(HtmlText html, IEnumerable<Bullet> bullets)
    {
        BarRows.Begin(html, "wider");
        foreach (var bullet in bullets)
        {
            BarRows.BeginRow(html, bullet.Label, hasTrack: bullet.Limit is not null);
            Draw(html, bullet);
            html.Markup("</svg><span class=\"amount\">");
            Tiles.WritePill(html, bullet.State, bullet.Tone);
            html.Element("small", bullet.Amount).Markup("</span>").Close("div");
        }

        BarRows.End(html);
    }

    /// <summary>A value of 0 can be seen too.</summary>
    private const double Shortest = 0.006;

    private static void Draw(HtmlText html, Bullet bullet)
    {
        if (bullet.Limit is not { } limit)
        {
            html.Markup("<rect class=\"off\" x=\"0.5\" y=\"0.5\" width=\"99.8%\" height=\"15\" rx=\"3\"/>");
            return;
        }

        var scale = Math.Max(Math.Max(limit, bullet.Actual ?? 0) * 1.25, double.Epsilon);
        var at = HtmlText.Percent(limit / scale);
        html.Open("rect", ("class", "allowed"), ("x", bullet.IsFloor ? at : "0%"),
            ("width", HtmlText.Percent(bullet.IsFloor ? 1 - (limit / scale) : limit / scale)), ("height", "16"), ("rx", "3"))
            .Markup("</rect>");
        if (bullet.Actual is { } actual)
        {
            html.Open("rect", ("class", "bar " + Tiles.ClassOf(bullet.Tone)), ("y", "5"),
                ("width", HtmlText.Percent(Math.Max(Shortest, actual / scale))), ("height", "6"), ("rx", "2"))
                .Markup("</rect>");
        }

        html.Open("line", ("class", "limit"), ("x1", at), ("x2", at), ("y1", "-2"), ("y2", "18")).Markup("</line>");
    }
}
