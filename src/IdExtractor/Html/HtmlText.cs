using System.Globalization;
using System.Text;
using IdExtractor.Foundation.Privacy;

namespace IdExtractor.Html;

/// <summary>
/// HTML in the making. Every text and every attribute value is masked and escaped here: names of
/// files, columns and partitions are chosen by others. Only markup that the program itself wrote
/// goes through <see cref="Markup"/>.
/// </summary>
internal sealed class HtmlText
{
    private const char Stand = '\uFFFD';

    private readonly StringBuilder _text = new(32 * 1024);

    /// <summary>Appends markup as it is. Never pass text from outside.</summary>
    public HtmlText Markup(string markup)
    {
        _text.Append(markup);
        return this;
    }

    /// <summary>Appends text, masked and escaped.</summary>
    public HtmlText Text(string? text)
    {
        Escape(_text, text);
        return this;
    }

    /// <summary>Opens an element.</summary>
    /// <param name="tag">Its name.</param>
    /// <param name="attributes">Names, and values that are escaped; null leaves an attribute
    /// out.</param>
    public HtmlText Open(string tag, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        _text.Append('<').Append(tag);
        foreach (var (name, value) in attributes)
        {
            if (value is null)
                continue;
            _text.Append(' ').Append(name).Append("=\"");
            Escape(_text, value);
            _text.Append('"');
        }

        _text.Append('>');
        return this;
    }

    /// <summary>Closes an element and ends the line.</summary>
    public HtmlText Close(string tag)
    {
        _text.Append("</").Append(tag).Append(">\n");
        return this;
    }

    /// <summary>An element that holds text alone.</summary>
    public HtmlText Element(string tag, string? text, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        Open(tag, attributes);
        Escape(_text, text);
        _text.Append("</").Append(tag).Append(">\n");
        return this;
    }

    /// <summary>
    /// A length or a position in percent, for attributes: at most 3 decimals, with a point.
    /// </summary>
    /// <param name="share">0 to 1; others are limited to that.</param>
    public static string Percent(double share) =>
        (double.IsFinite(share) ? Math.Clamp(share, 0, 1) * 100 : 0).ToString("0.###", CultureInfo.InvariantCulture) + "%";

    /// <summary>A number for attributes: at most 2 decimals, with a point.</summary>
    public static string Number(double value) => (double.IsFinite(value) ? value : 0).ToString("0.##", CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    private static void Escape(StringBuilder target, string? text)
    {
        foreach (var letter in Confidential.MaskOrNull(text) ?? "")
        {
            switch (letter)
            {
                case '&':
                    target.Append("&amp;");
                    break;
                case '<':
                    target.Append("&lt;");
                    break;
                case '>':
                    target.Append("&gt;");
                    break;
                case '"':
                    target.Append("&quot;");
                    break;
                case '\'':
                    target.Append("&#39;");
                    break;
                default:
                    target.Append(IsHarmless(letter) ? letter : Stand);
                    break;
            }
        }
    }

    /// <summary>Not a control character, nor one that turns the direction of writing.</summary>
    private static bool IsHarmless(char letter) => letter is >= ' ' and <= '~'
        || CharUnicodeInfo.GetUnicodeCategory(letter) is not (
            UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
