using System.Globalization;
using System.Text;

namespace IdExtractor.Phrases;

/// <summary>How an argument reaches the translation.</summary>
internal enum ArgumentKind
{
    /// <summary><c>{0}</c>: as it is. Names, paths and commands are data, not words.</summary>
    Verbatim,

    /// <summary><c>{0:t}</c>: it is itself a phrase or a number, and is translated.</summary>
    Phrase,

    /// <summary><c>{0:l}</c>: phrases with commas between, each of which is translated.</summary>
    List,

    /// <summary><c>{0:e}</c>: an error as one line, with its place and advice.</summary>
    Error,
}

/// <summary>
/// A sentence with numbered places: <c>The list {0} is {1:t}</c>. Braces that hold no number are
/// letters like any other.
/// </summary>
internal sealed class PhraseTemplate
{
    private readonly List<string> _literals = [];
    private readonly List<(int Index, ArgumentKind Kind)> _holes = [];

    /// <param name="text">The sentence.</param>
    public PhraseTemplate(string text)
    {
        Text = text;
        var literal = new StringBuilder();
        for (var at = 0; at < text.Length; at++)
        {
            if (HoleAt(text, at) is { } hole)
            {
                _literals.Add(literal.ToString());
                literal.Clear();
                _holes.Add((hole.Index, hole.Kind));
                at += hole.Length - 1;
            }
            else
            {
                literal.Append(text[at]);
            }
        }

        _literals.Add(literal.ToString());
        Letters = _literals.Sum(part => part.Count(letter => char.IsLetter(letter) || letter == '%'));
    }

    /// <summary>The sentence as it is written.</summary>
    public string Text { get; }

    /// <summary>Its places, in the order in which they come.</summary>
    public IReadOnlyList<(int Index, ArgumentKind Kind)> Holes => _holes;

    /// <summary>What lies around the places: one more than there are places.</summary>
    public IReadOnlyList<string> Literals => _literals;

    /// <summary>
    /// Letters and percent signs outside the places: how much of a text it explains.
    /// </summary>
    public int Letters { get; }

    /// <summary>
    /// The arguments of a text that was made from this sentence, by number; null when it was not.
    /// The first of two possible ways to divide it is taken.
    /// </summary>
    public string[]? Match(string text)
    {
        if (!text.StartsWith(_literals[0], StringComparison.Ordinal))
            return null;
        if (_holes.Count == 0)
            return text.Length == _literals[0].Length ? [] : null;
        var last = _literals[^1];
        var end = text.Length - last.Length;
        if (end < _literals[0].Length || !text.EndsWith(last, StringComparison.Ordinal))
            return null;
        var values = new string[_holes.Max(hole => hole.Index) + 1];
        var at = _literals[0].Length;
        for (var i = 0; i < _holes.Count; i++)
        {
            var next = i == _holes.Count - 1 ? end : text.IndexOf(_literals[i + 1], at, end - at, StringComparison.Ordinal);
            if (next < at)
                return null;
            values[_holes[i].Index] = text[at..next];
            at = next + _literals[i + 1].Length;
        }

        return values;
    }

    /// <summary>The sentence with these arguments.</summary>
    /// <param name="values">By number.</param>
    /// <param name="translate">What becomes of an argument that is not verbatim.</param>
    public string Fill(string[] values, Func<string, ArgumentKind, string> translate)
    {
        var text = new StringBuilder(_literals[0]);
        for (var i = 0; i < _holes.Count; i++)
        {
            var (index, kind) = _holes[i];
            text.Append(kind == ArgumentKind.Verbatim ? values[index] : translate(values[index], kind)).Append(_literals[i + 1]);
        }

        return text.ToString();
    }

    private static (int Index, ArgumentKind Kind, int Length)? HoleAt(string text, int at)
    {
        var end = text[at] == '{' ? text.IndexOf('}', at) : -1;
        if (end < 0)
            return null;
        var inner = text.AsSpan(at + 1, end - at - 1);
        var colon = inner.IndexOf(':');
        if (!int.TryParse(colon < 0 ? inner : inner[..colon], NumberStyles.None, CultureInfo.InvariantCulture, out var index))
            return null;
        ArgumentKind? kind = (colon < 0 ? "" : inner[(colon + 1)..]) switch
        {
            "" => ArgumentKind.Verbatim,
            "t" => ArgumentKind.Phrase,
            "l" => ArgumentKind.List,
            "e" => ArgumentKind.Error,
            _ => null,
        };
        return kind is { } known ? (index, known, end + 1 - at) : null;
    }
}
