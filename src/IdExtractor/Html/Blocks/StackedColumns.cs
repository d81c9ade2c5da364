using System.Text;

namespace IdExtractor.Html.Blocks;

/// <summary>A part of every column.</summary>
/// <param name="Label">What it is.</param>
/// <param name="Values">One per column, from the left; 0 for none.</param>
internal sealed record StackedPart(string Label, IReadOnlyList<double> Values);

/// <summary>Columns, each a stack of the same parts. The key below names them.</summary>
internal sealed class StackedColumns
{
    private const double Width = 600, Height = 140, Filled = 0.8;

    /// <summary>Colours of the pages, in three strengths.</summary>
    private static readonly string[] s_fills =
    [
        "fill:var(--second);opacity:.35", "fill:var(--second);opacity:.65", "fill:var(--second)",
        "fill:var(--accent)", "fill:var(--accent);opacity:.65", "fill:var(--accent);opacity:.35", "fill:var(--warn);opacity:.75",
    ];

    /// <summary>The caption.</summary>
    public required string Title { get; init; }

    /// <summary>What the chart shows in words, for those who cannot see it.</summary>
    public required string Description { get; init; }

    /// <summary>From the bottom to the top, at most seven.</summary>
    public required IReadOnlyList<StackedPart> Parts { get; init; }

    /// <summary>Writes a value.</summary>
    public required Func<double, string> Format { get; init; }

    /// <summary>Marks below the axis, from its begin to its end.</summary>
    public required IReadOnlyList<string> Marks { get; init; }

    /// <summary>Appends the chart.</summary>
    public void Write(HtmlText html)
    {
        var columns = Parts.Max(part => part.Values.Count);
        var highest = Math.Max(double.Epsilon, Enumerable.Range(0, columns).Max(column => Parts.Sum(part => part.Values[column])));
        html.Markup("<figure class=\"chart\">").Element("figcaption", Title);
        html.Markup("<div class=\"scale\" aria-hidden=\"true\">");
        foreach (var share in (ReadOnlySpan<double>)[1, 0.5, 0])
            html.Element("span", Format(highest * share));
        html.Markup("</div>");
        html.Open(
            "svg", ("viewBox", $"0 0 {Width} {Height}"), ("preserveAspectRatio", "none"), ("role", "img"), ("aria-label", Description));
        var below = new double[columns];
        for (var i = 0; i < Parts.Count; i++)
            html.Open("path", ("style", s_fills[i]), ("d", Path(Parts[i], below, highest))).Element("title", Parts[i].Label).Close("path");
        html.Markup("</svg><div class=\"axis\" aria-hidden=\"true\">");
        foreach (var mark in Marks)
            html.Element("span", mark);
        html.Markup("</div><div class=\"key\">");
        for (var i = 0; i < Parts.Count; i++)
        {
            html.Open("span").Markup("<svg style=\"display:inline-block;width:10px;height:10px\" aria-hidden=\"true\">")
                .Open("rect", ("width", "10"), ("height", "10"), ("style", s_fills[i])).Markup("</rect></svg> ")
                .Text(Parts[i].Label).Close("span");
        }

        html.Markup("</div>").Close("figure");
    }

    /// <summary>
    /// All rectangles of a part, as one path: a page with a rectangle for each would be too large.
    /// </summary>
    private static string Path(StackedPart part, double[] below, double highest)
    {
        var path = new StringBuilder();
        var step = Width / below.Length;
        for (var column = 0; column < below.Length; column++)
        {
            var length = part.Values[column] / highest * Height;
            if (length > 0)
            {
                var (x, y, width) = ((column + ((1 - Filled) / 2)) * step, Height - below[column], step * Filled);
                path.Append('M').Append(HtmlText.Number(x)).Append(' ').Append(HtmlText.Number(y)).Append('v')
                    .Append(HtmlText.Number(-length))
                    .Append('h').Append(HtmlText.Number(width)).Append('v').Append(HtmlText.Number(length)).Append('Z');
            }

            below[column] += length;
        }

        return path.ToString();
    }
}
