namespace IdExtractor.Html.Blocks;

/// <summary>A column of a table.</summary>
/// <param name="Heading">Its heading.</param>
/// <param name="Style">Null for text, <c>num</c> for numbers, <c>name</c> for names of
/// files.</param>
internal sealed record Column(string Heading, string? Style = null);

/// <summary>A table that scrolls by itself when the page is too narrow for it.</summary>
internal static class DataTable
{
    /// <summary>Begins a table.</summary>
    /// <param name="html">Takes it.</param>
    /// <param name="caption">What it lists, for those who cannot see it.</param>
    /// <param name="columns">Its columns.</param>
    public static void Begin(HtmlText html, string caption, IReadOnlyList<Column> columns)
    {
        html.Open("div", ("class", "scroll"), ("role", "region"), ("tabindex", "0"), ("aria-label", caption));
        html.Markup("<table>").Element("caption", caption, ("class", "sr")).Markup("<thead><tr>");
        foreach (var column in columns)
            html.Element("th", column.Heading, ("scope", "col"), ("class", column.Style));
        html.Markup("</tr></thead>\n<tbody>\n");
    }

    /// <summary>Appends a row of texts.</summary>
    /// <param name="html">Takes it.</param>
    /// <param name="columns">The table's columns.</param>
    /// <param name="style">The row's class, as <c>quiet</c>; null for none.</param>
    /// <param name="cells">As many as there are columns.</param>
    public static void WriteRow(HtmlText html, IReadOnlyList<Column> columns, string? style, params ReadOnlySpan<string?> cells)
    {
        html.Open("tr", ("class", style));
        for (var i = 0; i < cells.Length; i++)
            html.Element("td", cells[i], ("class", columns[i].Style));
        html.Close("tr");
    }

    /// <summary>Ends a table.</summary>
    public static void End(HtmlText html) => html.Markup("</tbody></table>").Close("div");

    /// <summary>Appends a list of names and values.</summary>
    public static void WriteFacts(HtmlText html, IEnumerable<(string Name, string? Value)> facts)
    {
        html.Markup("<dl class=\"facts\">\n");
        foreach (var (name, value) in facts)
        {
            if (value is not null)
                html.Element("dt", name).Element("dd", value);
        }

        html.Close("dl");
    }
}
