namespace IdExtractor.Html.Blocks;

/// <summary>
/// The frame of a page: one file without scripts and without anything from a network, which its
/// content security policy also demands.
/// </summary>
internal static class PageShell
{
    private const string Policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

    /// <summary>Begins a page up to its main part.</summary>
    /// <param name="locale">Its language.</param>
    /// <param name="title">Its title.</param>
    public static HtmlText Begin(Locale locale, string title)
    {
        var html = new HtmlText();
        html.Markup("<!doctype html>\n").Open("html", ("lang", locale.Tag)).Markup("\n<head>\n<meta charset=\"utf-8\">\n");
        html.Open("meta", ("http-equiv", "Content-Security-Policy"), ("content", Policy)).Markup("\n");
        html.Markup(
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n");
        html.Markup("<meta name=\"robots\" content=\"noindex\">\n<link rel=\"icon\" href=\"data:,\">\n");
        html.Element("title", title).Markup("<style>\n").Markup(PageStyle.Colours).Markup(PageStyle.Layout)
            .Markup(PageStyle.Charts).Markup("</style>\n</head>\n<body>\n<main>\n");
        return html;
    }

    /// <summary>Ends a page with a line of small print.</summary>
    public static string End(HtmlText html, string footer) =>
        html.Markup("</main>\n").Element("footer", footer).Markup("</body>\n</html>\n").ToString();

    /// <summary>Begins a section that its heading names.</summary>
    /// <param name="html">Takes it.</param>
    /// <param name="id">Unique in the page: letters and dashes.</param>
    /// <param name="heading">Its heading.</param>
    /// <param name="note">A sentence below the heading; null for none.</param>
    public static void BeginSection(HtmlText html, string id, string heading, string? note = null)
    {
        html.Open("section", ("id", id), ("aria-labelledby", id + "-h")).Markup("\n").Element("h2", heading, ("id", id + "-h"));
        if (note is not null)
            html.Element("p", note, ("class", "note"));
    }

    /// <summary>Ends a section.</summary>
    public static void EndSection(HtmlText html) => html.Close("section");
}
