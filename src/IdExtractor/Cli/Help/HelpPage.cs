using System.Text;
using IdExtractor.Cli.Options;

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

    /// <summary>An option with its value, a variable, the name of the program.</summary>
    private static readonly string[] s_partOfCommand = ["--", OptionDefinition.VariablePrefix, "idextractor "];

    private readonly StringBuilder _page = new();

    /// <summary>
    /// Where the meaning of options begins. Narrow pages have it below the option.
    /// </summary>
    public int TextColumn => width < WideEnough ? indent * 2 : 30;

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

    /// <summary>The form of a command, which goes on further to the right.</summary>
    public void Usage(string form)
    {
        _page.Append(' ', indent);
        Wrap(form, indent, indent * 2);
    }

    /// <summary>
    /// A command that can be copied: where the line is too narrow for it, it goes on in the next
    /// one, as a POSIX shell takes it.
    /// </summary>
    public void Command(string line)
    {
        const string GoesOn = " \\";
        var parts = s_partOfCommand.Aggregate(line, (rest, start) => rest.Replace($" {start}", $"\n{start}", StringComparison.Ordinal))
            .Split('\n');
        _page.Append(' ', indent).Append(parts[0]);
        var at = indent + parts[0].Length;
        for (var i = 1; i < parts.Length; i++)
        {
            // The last part has the rest of its line for itself.
            var room = width - (i == parts.Length - 1 ? 0 : GoesOn.Length);
            if (at + 1 + parts[i].Length > room)
            {
                _page.Append(GoesOn).Append('\n').Append(' ', indent * 2);
                at = (indent * 2) - 1;
            }
            else
            {
                _page.Append(' ');
            }

            _page.Append(parts[i]);
            at += 1 + parts[i].Length;
        }

        _page.Append('\n');
    }

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

    /// <summary>Words that stay on one line, unless it is too narrow.</summary>
    public static string Unbroken(string text) => text.Replace(' ', NoBreak);

    /// <inheritdoc/>
    public override string ToString() => _page.ToString().TrimEnd('\n');

    /// <summary>
    /// Appends words from the current position, which is <paramref name="column"/>. Lines after the
    /// first begin there, or at <paramref name="next"/>.
    /// </summary>
    private void Wrap(string text, int column, int? next = null)
    {
        var (at, start, isFirst) = (column, next ?? column, true);
        foreach (var word in text.Split(' ').SelectMany(word => start + word.Length > width ? word.Split(NoBreak) : [word]))
        {
            if (!isFirst && at + 1 + word.Length > width)
            {
                _page.Append('\n').Append(' ', start);
                at = start;
            }
            else if (!isFirst)
            {
                _page.Append(' ');
                at++;
            }

            _page.Append(word.Replace(NoBreak, ' '));
            at += word.Length;
            isFirst = false;
        }

        _page.Append('\n');
    }
}
