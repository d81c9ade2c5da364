using System.Text;

namespace IdExtractor.Html.Blocks;

/// <summary>A series of a line chart.</summary>
/// <param name="Label">What it is.</param>
/// <param name="Points">Positions from 0 to 1 along the axis, and values; in order.</param>
/// <param name="IsSecond">Drawn in the second colour.</param>
/// <param name="HasArea">The ground below it is tinted.</param>
internal sealed record Series(string Label, IReadOnlyList<(double At, double Value)> Points, bool IsSecond = false, bool HasArea = true);

/// <summary>A band behind the lines, as a median with its usual deviation.</summary>
/// <param name="Label">What it is.</param>
/// <param name="Points">Positions from 0 to 1, and the lower and upper value there.</param>
internal sealed record Band(string Label, IReadOnlyList<(double At, double Low, double High)> Points);

/// <summary>Lines over time. Its scale begins at 0, or below where a value is.</summary>
internal sealed class LineChart
{
    private const double Width = 600, Height = 140;

    /// <summary>The caption.</summary>
    public required string Title { get; init; }

    /// <summary>What the chart shows in words, for those who cannot see it.</summary>
    public required string Description { get; init; }

    /// <summary>Its lines.</summary>
    public required IReadOnlyList<Series> Lines { get; init; }

    /// <summary>Writes a value of the scale.</summary>
    public required Func<double, string> Format { get; init; }

    /// <summary>Marks below the axis, from its begin to its end.</summary>
    public required IReadOnlyList<string> Marks { get; init; }

    /// <summary>A band behind the lines; null for none.</summary>
    public Band? Behind { get; init; }

    /// <summary>A limit, as a dashed line, with what it is; null for none.</summary>
    public (string Label, double Value)? Limit { get; init; }

    /// <summary>Values are bytes: the scale ends at a round number of KiB, MiB or GiB.</summary>
    public bool IsBinary { get; init; }

    /// <summary>Each point is a dot too.</summary>
    public bool HasDots { get; init; }

    /// <summary>Appends the chart.</summary>
    public void Write(HtmlText html)
    {
        var values = Lines.SelectMany(line => line.Points, (_, point) => point.Value)
            .Concat(Behind?.Points.SelectMany(point => new[] { point.Low, point.High }) ?? [])
            .Concat(Limit is { } limit ? [limit.Value] : []).Where(double.IsFinite).DefaultIfEmpty(0).ToArray();
        var (low, high) = (Math.Min(0, values.Min()), NiceEnd(values.Max()));
        if (high <= low)
            high = low + 1;
        double Y(double value) => Height - ((value - low) / (high - low) * Height);

        html.Markup("<figure class=\"chart\">").Element("figcaption", Title);
        html.Markup("<div class=\"scale\" aria-hidden=\"true\">");
        for (var step = 4; step >= 0; step -= 2)
            html.Element("span", Format(low + ((high - low) * step / 4)));
        html.Markup("</div>");
        html.Open("svg", ("viewBox", $"0 0 {Width} {Height}"),
            ("preserveAspectRatio", "none"), ("role", "img"), ("aria-label", Description));
        DrawGround(html, Y);
        foreach (var line in Lines.Where(line => line.Points.Count > 0))
            Draw(html, line, Y);
        html.Markup("</svg><div class=\"axis\" aria-hidden=\"true\">");
        foreach (var mark in Marks)
            html.Element("span", mark);
        html.Markup("</div>").Close("figure");
    }

    private void DrawGround(HtmlText html, Func<double, double> y)
    {
        for (var step = 0; step <= 4; step++)
            Straight(html, "grid", Height * step / 4);
        if (Behind is { Points.Count: > 0 } band)
        {
            var outline = band.Points.Select(point => (point.At, point.High))
                .Concat(band.Points.Reverse().Select(point => (point.At, point.Low)));
            html.Open("path", ("class", "band"), ("d", Path(outline, y) + "Z")).Element("title", band.Label).Close("path");
        }

        if (Limit is { } limit)
        {
            html.Open("line", ("class", "dash"), ("x1", "0"), ("x2", HtmlText.Number(Width)),
                ("y1", HtmlText.Number(y(limit.Value))), ("y2", HtmlText.Number(y(limit.Value))))
                .Element("title", limit.Label).Close("line");
        }
    }

    private void Draw(HtmlText html, Series line, Func<double, double> y)
    {
        var second = line.IsSecond ? " second" : "";
        var path = Path(line.Points, y);
        if (line.HasArea && line.Points.Count > 1)
        {
            var end = HtmlText.Number(line.Points[^1].At * Width);
            html.Open("path", ("class", "area" + second),
                ("d", $"{path}L{end} {HtmlText.Number(y(0))}L{HtmlText.Number(line.Points[0].At * Width)} {HtmlText.Number(y(0))}Z"))
                .Markup("</path>");
        }

        html.Open("path", ("class", "line" + second), ("d", path)).Element("title", line.Label).Close("path");
        if (!HasDots && line.Points.Count > 1)
            return;

        // A line without length with round ends: a circle that does not become an ellipse when the
        // chart is stretched.
        foreach (var (at, value) in line.Points)
        {
            html.Open("path", ("class", "dot" + second), ("d", $"M{HtmlText.Number(at * Width)} {HtmlText.Number(y(value))}h0"))
                .Element("title", Format(value)).Close("path");
        }
    }

    private static void Straight(HtmlText html, string style, double y) =>
        html.Open("line", ("class", style), ("x1", "0"), ("x2", HtmlText.Number(Width)),
            ("y1", HtmlText.Number(y)), ("y2", HtmlText.Number(y))).Markup("</line>");

    private static string Path(IEnumerable<(double At, double Value)> points, Func<double, double> y)
    {
        var path = new StringBuilder();
        foreach (var (at, value) in points)
            path.Append(path.Length == 0 ? 'M' : 'L').Append(HtmlText.Number(at * Width)).Append(' ').Append(HtmlText.Number(y(value)));
        return path.ToString();
    }

    private double NiceEnd(double value)
    {
        var unit = 1.0;
        while (IsBinary && value / unit >= 1024)
            unit *= 1024;
        return Nice(value / unit) * unit;
    }

    /// <summary>The next number of the form 1, 2, 4, 5 or 8 times a power of ten.</summary>
    private static double Nice(double value)
    {
        if (value <= 0 || !double.IsFinite(value))
            return 0;
        var power = Math.Pow(10, Math.Floor(Math.Log10(value)));
        foreach (var step in (ReadOnlySpan<double>)[1, 2, 4, 5, 8])
        {
            if (value <= step * power)
                return step * power;
        }

        return 10 * power;
    }
}
