using System.Globalization;
using System.Text;

namespace IdExtractor.Cli.Tests.Phrases;

/// <summary>A text in a source file.</summary>
/// <param name="Place">File and line.</param>
/// <param name="Text">As a sentence: what is put in is <c>{0}</c>, <c>{1}</c> in the order of the
/// source.</param>
internal sealed record SourceText(string Place, string Text);

/// <summary>
/// Every string of a C# source: literals, interpolated, verbatim and raw ones, also those within
/// the places of others. Strings that are joined by a plus between literals are one.
/// </summary>
/// <param name="file">Its name, for messages.</param>
/// <param name="source">The file.</param>
internal sealed class SourceTexts(string file, string source)
{
    private readonly List<SourceText> _texts = [];

    /// <summary>The strings of a file.</summary>
    public static IReadOnlyList<SourceText> Of(string file, string source)
    {
        var texts = new SourceTexts(file, source);
        texts.Read(0, source.Length);
        return texts._texts;
    }

    private void Read(int at, int end)
    {
        while (at < end)
            at = Next(at) ?? at + 1;
    }

    /// <summary>
    /// The end of the comment or string that begins here; null when code begins here.
    /// </summary>
    private int? Next(int at)
    {
        if (Has(at, "//"))
            return source.IndexOf('\n', at) is >= 0 and var line ? line : source.Length;
        if (Has(at, "/*"))
            return source.IndexOf("*/", at, StringComparison.Ordinal) + 2;
        if (source[at] == '\'')
            return AfterCharacter(at);
        if (StartOf(at) is null)
            return null;
        var sentence = new StringBuilder();
        var holes = 0;
        var next = Literal(at, sentence, ref holes);
        while (AfterPlus(next) is { } joined && StartOf(joined) is not null)
            next = Literal(joined, sentence, ref holes);
        _texts.Add(new SourceText($"{file}:{source.AsSpan(0, at).Count('\n') + 1}", sentence.ToString()));
        return next;
    }

    private bool Has(int at, string text) => string.CompareOrdinal(source, at, text, 0, text.Length) == 0;

    private int AfterCharacter(int at)
    {
        var end = source[at + 1] == '\\' ? at + 3 : at + 2;
        while (source[end] != '\'')
            end++;
        return end + 1;
    }

    private int? AfterPlus(int at)
    {
        at = AfterBlanks(at);
        return at < source.Length && source[at] == '+' ? AfterBlanks(at + 1) : null;
    }

    private int AfterBlanks(int at)
    {
        while (at < source.Length && char.IsWhiteSpace(source[at]))
            at++;
        return at;
    }

    /// <summary>The form of the string that begins here; null when none does.</summary>
    private (int Dollars, bool IsVerbatim, int Quotes, int Body)? StartOf(int at)
    {
        var (dollars, isVerbatim, quotes) = (0, false, 0);
        for (; at < source.Length && source[at] is '$' or '@'; at++)
        {
            dollars += source[at] == '$' ? 1 : 0;
            isVerbatim |= source[at] == '@';
        }

        while (at + quotes < source.Length && source[at + quotes] == '"')
            quotes++;
        if (quotes == 0)
            return null;
        var isRaw = quotes >= 3 && !isVerbatim;
        return (dollars, isVerbatim, isRaw ? quotes : 1, at + (isRaw ? quotes : 1));
    }

    private int Literal(int at, StringBuilder sentence, ref int holes)
    {
        var (dollars, isVerbatim, quotes, body) = StartOf(at)!.Value;
        return quotes > 1 ? Raw(body, quotes, dollars, sentence, ref holes) : Plain(body, dollars > 0, isVerbatim, sentence, ref holes);
    }

    private int Raw(int body, int quotes, int dollars, StringBuilder sentence, ref int holes)
    {
        var end = source.IndexOf(new string('"', quotes), body, StringComparison.Ordinal);
        var (open, close) = (new string('{', Math.Max(1, dollars)), new string('}', Math.Max(1, dollars)));
        for (var at = body; at < end; at++)
        {
            if (dollars == 0 || !Has(at, open))
            {
                sentence.Append(source[at]);
                continue;
            }

            var inner = source.IndexOf(close, at, StringComparison.Ordinal);
            Read(at + dollars, inner);
            sentence.Append(CultureInfo.InvariantCulture, $"{{{holes++}}}");
            at = inner + dollars - 1;
        }

        return end + quotes;
    }

    private int Plain(int at, bool isInterpolated, bool isVerbatim, StringBuilder sentence, ref int holes)
    {
        while (true)
        {
            var letter = source[at];
            var isDoubled = at + 1 < source.Length && source[at + 1] == letter;
            if (letter == '"' && !(isVerbatim && isDoubled))
                return at + 1;
            if (letter == '\\' && !isVerbatim)
            {
                at = Escape(at, sentence);
            }
            else if (isInterpolated && letter == '{' && !isDoubled)
            {
                at = Hole(at + 1);
                sentence.Append(CultureInfo.InvariantCulture, $"{{{holes++}}}");
            }
            else
            {
                sentence.Append(letter);
                at += isDoubled && (letter == '"' || (isInterpolated && letter is '{' or '}')) ? 2 : 1;
            }
        }
    }

    private int Escape(int at, StringBuilder sentence)
    {
        if (source[at + 1] == 'u')
        {
            sentence.Append((char)int.Parse(source.AsSpan(at + 2, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
            return at + 6;
        }

        sentence.Append(source[at + 1] switch { 'n' => '\n', 't' => '\t', 'r' => '\r', 'e' => '\e', '0' => '\0', var other => other });
        return at + 2;
    }

    /// <summary>
    /// The end of a place, behind its brace. Strings in it are texts of their own.
    /// </summary>
    private int Hole(int at)
    {
        for (var depth = 1; ;)
        {
            if (source[at] != '\'' && Next(at) is { } next)
            {
                at = next;
                continue;
            }

            if (source[at] == '\'')
            {
                at = AfterCharacter(at);
                continue;
            }

            depth += source[at] is '{' or '(' or '[' ? 1 : source[at] is '}' or ')' or ']' ? -1 : 0;
            at++;
            if (depth == 0)
                return at;
        }
    }
}
