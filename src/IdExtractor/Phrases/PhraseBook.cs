using System.Text;

namespace IdExtractor.Phrases;

/// <summary>
/// A language's sentences, each beside the English one. The program speaks English; a text for
/// people is recognised here by the sentence that it was made from, and said in the other language.
/// </summary>
internal sealed class PhraseBook
{
    private const string Comma = ", ";

    /// <summary>Sentences within sentences: no text of the program goes deeper.</summary>
    private const int Deepest = 4;

    private const int FewestLetters = 3;

    /// <summary>Read when the first text comes: a run in English never does.</summary>
    private readonly Lazy<Sentences> _sentences;

    /// <param name="entries">English sentences and their translations.</param>
    public PhraseBook(IEnumerable<(string English, string Other)> entries) =>
        _sentences = new Lazy<Sentences>(() => new Sentences(entries));

    /// <summary>A text in the other language. What is not recognised stays as it is.</summary>
    public string Translate(string text) => Recognise(text, 0)?.Text ?? text;

    /// <summary>An error or warning, which may go on with its place and with advice.</summary>
    public string TranslateLine(string text) => RecogniseLine(text, 0)?.Text ?? text;

    /// <summary>A sentence of the program is recognised in the text.</summary>
    public bool Knows(string text) => Recognise(text, 0) is not null;

    /// <summary>A number, percentage or size as the language writes it: <c>1.234,5</c>.</summary>
    public static string Number(string text)
    {
        var swapped = new StringBuilder(text);
        for (var i = 1; i < text.Length - 1; i++)
        {
            if (text[i] is '.' or ',' && char.IsAsciiDigit(text[i - 1]) && char.IsAsciiDigit(text[i + 1]))
                swapped[i] = text[i] == '.' ? ',' : '.';
        }

        return swapped.ToString();
    }

    private Recognised? RecogniseLine(string text, int depth)
    {
        var whole = Recognise(text, depth);
        var parts = new ErrorParts(part => Recognise(part, depth + 1)).Best(text);
        return parts is not null && parts.Letters > (whole?.Letters ?? 0) ? parts : whole;
    }

    /// <summary>
    /// The translation that explains most letters of a text; null when there is none.
    /// </summary>
    private Recognised? Recognise(string text, int depth)
    {
        var sentences = _sentences.Value;
        if (sentences.Whole.TryGetValue(text, out var known))
            return new Recognised(known, Math.Max(1, text.Count(char.IsLetter)));
        if (depth > Deepest)
            return null;
        Recognised? best = null;
        foreach (var (english, other) in sentences.Templates)
        {
            var found = english.Match(text) is { } values ? Fill(english, other, values, depth) : null;
            if (found is not null && found.Letters > (best?.Letters ?? 0))
                best = found;
        }

        return best ?? (text.Length > 1 && char.IsAsciiLetterLower(text[0]) ? RecogniseInside(text) : null);
    }

    /// <summary>In parentheses a sentence begins with a small letter.</summary>
    private Recognised? RecogniseInside(string text) =>
        Recognise(char.ToUpperInvariant(text[0]) + text[1..], Deepest) is { } sentence
            ? sentence with { Text = char.ToLowerInvariant(sentence.Text[0]) + sentence.Text[1..] }
            : null;

    private Recognised? Fill(PhraseTemplate english, PhraseTemplate other, string[] values, int depth)
    {
        // What is little more than signs fits everything. It counts when what it holds is a
        // sentence or a number, and not just a word.
        var isLoose = english.Letters < FewestLetters && other.Holes.Any(hole => hole.Kind != ArgumentKind.Verbatim);
        var (letters, isFound) = (english.Letters, !isLoose);
        string Translated(string value, ArgumentKind kind)
        {
            if (kind == ArgumentKind.List)
                return string.Join(Comma, value.Split(Comma).Select(part => Translated(part, ArgumentKind.Phrase)));
            var found = isLoose && !value.Contains(' ', StringComparison.Ordinal) ? null
                : kind == ArgumentKind.Error ? RecogniseLine(value, depth + 1)
                : Recognise(value, depth + 1);
            isFound |= found is not null || IsNumber(value);
            letters += found?.Letters ?? 0;
            return found?.Text ?? (IsNumber(value) ? Number(value) : value);
        }

        var text = other.Fill(values, Translated);
        return isFound ? new Recognised(text, letters) : null;
    }

    private static bool IsNumber(string text) => char.IsAsciiDigit(text.TrimStart('+', '-').FirstOrDefault());

    private sealed class Sentences
    {
        public Sentences(IEnumerable<(string English, string Other)> entries)
        {
            foreach (var (english, other) in entries)
            {
                var template = new PhraseTemplate(english);
                if (template.Holes.Count == 0)
                    Whole[english] = other;
                else
                    Templates.Add((template, new PhraseTemplate(other)));
            }

            Templates.Sort((one, two) => two.English.Letters.CompareTo(one.English.Letters));
        }

        public Dictionary<string, string> Whole { get; } = new(StringComparer.Ordinal);

        /// <summary>Those with places, the longest first.</summary>
        public List<(PhraseTemplate English, PhraseTemplate Other)> Templates { get; } = [];
    }
}

/// <summary>
/// A text in another language, and how many letters of the English one its sentences hold.
/// </summary>
/// <param name="Text">The translation.</param>
/// <param name="Letters">How much of the English text is explained.</param>
internal sealed record Recognised(string Text, int Letters);
