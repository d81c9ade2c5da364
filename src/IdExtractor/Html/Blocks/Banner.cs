namespace IdExtractor.Html.Blocks;

/// <summary>The top of a page: what happened, and what to do next.</summary>
internal static class Banner
{
    /// <summary>Appends it.</summary>
    /// <param name="html">Takes it.</param>
    /// <param name="tone">Its colour.</param>
    /// <param name="eyebrow">A few words above the heading.</param>
    /// <param name="heading">What happened, in one sentence.</param>
    /// <param name="leads">Lines below the heading.</param>
    /// <param name="next">The command to run next, with a caption; null for none.</param>
    public static void Write(
        HtmlText html, Tone tone, string eyebrow, string heading, IEnumerable<string> leads, (string Caption, string Line)? next = null)
    {
        html.Open("section", ("class", "banner " + Tiles.ClassOf(tone)), ("aria-label", heading)).Markup("\n");
        html.Element("p", eyebrow, ("class", "eyebrow")).Element("h1", heading);
        foreach (var lead in leads)
            html.Element("p", lead, ("class", "lead"));
        if (next is { } command)
            WriteCommand(html, command.Caption, command.Line);
        html.Close("section");
    }

    /// <summary>Appends a command line that one click selects.</summary>
    public static void WriteCommand(HtmlText html, string caption, string line) =>
        html.Markup("<figure class=\"command\">").Element("figcaption", caption)
            .Open("pre", ("tabindex", "0"), ("aria-label", caption)).Markup("<code>").Text(line).Markup("</code></pre>").Close("figure");
}
