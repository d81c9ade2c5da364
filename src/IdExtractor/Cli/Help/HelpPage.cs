using System.Text;

namespace IdExtractor.Cli.Help;

/// <summary>
/// Lays text out in a fixed width: headings, paragraphs, and entries in two columns.
/// </summary>
/// <param name="width">Columns of a line, at most.</param>
/// <param name="indent">Blanks before everything below a heading.</param>
/// <param name="styled">Headings are bold.</param>
internal sealed class HelpPage(int width, int indent, bool styled)
{
    private const string Bold = "\e[1m", Plain = "\e[0m";
    /// <summary>Where the meaning of short terms begins.</summary>
    public const int NarrowColumn = 15;

    private const int WideEnough = 72;
    private const char NoBreak = '\u00A0';

    private readonly StringBuilder _page = new();

    /// <summary>
    /// Where the meaning of options begins. Narrow pages have it below the option.
    /// </summary>
    public int TextColumn => width < WideEnough ? indent * 3 : 30;

    /// <summary>Text from the first column on.</summary>
    public void Paragraph(string text) => Wrap(text, 0);

    /// <summary>A heading, after an empty line.</summary>
    public void Heading(string title) =>
        _page.Append('\n').Append(styled ? Bold : "").Append(title).Append(styled ? Plain : "").Append('\n');

    /// <summary>Text below a heading.</summary>
    public void Text(string text)
    {
        _page.Append(' ', indent);
        Wrap(text, indent);
    }

    /// <summary>A line that is not broken, so that it can be copied.</summary>
    public void Literal(string line) => _page.Append(' ', indent).Append(line).Append('\n');

    /// <summary>
    /// A term and what it means, from <paramref name="column"/> on; on the next line when the term
    /// is too long.
    /// </summary>
    public void Entry(string term, string meaning, int column)
    {
        _page.Append(' ', indent).Append(term);
        var end = indent + term.Length;
        if (end + 2 > column)
        {
            _page.Append('\n');
            end = 0;
        }

        _page.Append(' ', column - end);
        Wrap(meaning, column);
    }

    /// <summary>Words that stay on one line.</summary>
    public static string Unbroken(string text) => text.Replace(' ', NoBreak);

    /// <inheritdoc/>
    public override string ToString() => _page.ToString().TrimEnd('\n');

    /// <summary>
    /// Appends words from the current position, which is <paramref name="column"/>, and breaks
    /// lines there.
    /// </summary>
    private void Wrap(string text, int column)
    {
        var at = column;
        foreach (var word in text.Split(' '))
        {
            if (at > column && at + 1 + word.Length > width)
            {
                _page.Append('\n').Append(' ', column);
                at = column;
            }
            else if (at > column)
            {
                _page.Append(' ');
                at++;
            }

            _page.Append(word.Replace(NoBreak, ' '));
            at += word.Length;
        }

        _page.Append('\n');
    }
}
