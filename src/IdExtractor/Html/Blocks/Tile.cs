namespace IdExtractor.Html.Blocks;

/// <summary>
/// How good something is, as a colour. Words say the same, for those who cannot see it.
/// </summary>
internal enum Tone
{
    /// <summary>Neither.</summary>
    Plain,

    /// <summary>As it should be.</summary>
    Good,

    /// <summary>Worth a look.</summary>
    Warn,

    /// <summary>Wrong.</summary>
    Bad,
}

/// <summary>A number that readers look for first.</summary>
/// <param name="Label">What it is.</param>
/// <param name="Value">The number, formatted.</param>
/// <param name="Detail">A few words below it; null for none.</param>
/// <param name="Tone">Its colour.</param>
internal sealed record Tile(string Label, string Value, string? Detail = null, Tone Tone = Tone.Plain);

/// <summary>A grid of tiles.</summary>
internal static class Tiles
{
    /// <summary>Appends them.</summary>
    public static void Write(HtmlText html, IEnumerable<Tile> tiles)
    {
        html.Markup("<dl class=\"tiles\">\n");
        foreach (var tile in tiles)
        {
            html.Open("div", ("class", ClassOf(tile.Tone))).Element("dt", tile.Label).Element("dd", tile.Value, ("class", "value"));
            if (tile.Detail is not null)
                html.Element("dd", tile.Detail, ("class", "detail"));
            html.Close("div");
        }

        html.Close("dl");
    }

    /// <summary>The class of a tone in the style.</summary>
    public static string ClassOf(Tone tone) => tone switch { Tone.Good => "good", Tone.Warn => "warn", Tone.Bad => "bad", _ => "plain" };

    /// <summary>Appends a word with a coloured ground.</summary>
    public static void WritePill(HtmlText html, string word, Tone tone) => html.Element("span", word, ("class", "pill " + ClassOf(tone)));
}
