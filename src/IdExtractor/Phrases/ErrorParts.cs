using System.Text;

namespace IdExtractor.Phrases;

/// <summary>
/// Divides the one line that an error prints into its parts: <c>problem: object, row group 3,
/// column 'x', offset 9, expected a, found b; advice</c>. The line does not mark where they end,
/// and names may hold the same signs, so the division that explains most letters is taken.
/// </summary>
/// <param name="recognise">Translates a part; null for what is no sentence of the program.</param>
internal sealed class ErrorParts(Func<string, Recognised?> recognise)
{
    private const string PlaceSign = ": ", AdviceSign = "; ", Next = ", ";

    private static readonly string[] s_labels = ["row group ", "column ", "offset ", "expected ", "found "];

    /// <summary>The best division, translated; null when there is none.</summary>
    public Recognised? Best(string text)
    {
        var best = OfProblem(text, null);
        foreach (var at in Positions(text, AdviceSign))
        {
            if (recognise(text[(at + AdviceSign.Length)..]) is { } advice)
                best = Better(best, OfProblem(text[..at], advice));
        }

        return best;
    }

    private Recognised? OfProblem(string text, Recognised? advice)
    {
        var best = advice is null ? null : Join(recognise(text), null, advice);
        foreach (var at in Positions(text, PlaceSign))
        {
            if (recognise(text[..at]) is { } problem)
                best = Better(best, Join(problem, Place(text[(at + PlaceSign.Length)..]), advice));
        }

        return best;
    }

    /// <summary>
    /// Labels are found from the last to the first; what lies before them is the object.
    /// </summary>
    private Recognised Place(string text)
    {
        var (translated, letters) = ("", 0);
        for (var i = s_labels.Length - 1; i >= 0; i--)
        {
            var label = s_labels[i];
            var at = text.StartsWith(label, StringComparison.Ordinal) ? 0 : text.LastIndexOf(Next + label, StringComparison.Ordinal);
            if (at < 0)
                continue;
            var start = at == 0 ? label.Length : at + Next.Length + label.Length;
            var value = recognise(text[start..]);
            letters += label.Length + (value?.Letters ?? 0);
            var said = (recognise(label)?.Text ?? label) + (value?.Text ?? PhraseBook.Number(text[start..]));
            translated = $"{(at == 0 ? "" : Next)}{said}{translated}";
            text = text[..at];
        }

        return new Recognised(text + translated, letters);
    }

    private static Recognised? Join(Recognised? problem, Recognised? place, Recognised? advice)
    {
        if (problem is null)
            return null;
        var line = new StringBuilder(problem.Text);
        if (place is not null)
            line.Append(PlaceSign).Append(place.Text);
        if (advice is not null)
            line.Append(AdviceSign).Append(advice.Text);
        return new Recognised(line.ToString(), problem.Letters + (place?.Letters ?? 0) + (advice?.Letters ?? 0));
    }

    private static Recognised? Better(Recognised? one, Recognised? other) => (other?.Letters ?? 0) > (one?.Letters ?? 0) ? other : one;

    private static IEnumerable<int> Positions(string text, string sign)
    {
        for (var at = text.IndexOf(sign, StringComparison.Ordinal); at >= 0; at = text.IndexOf(sign, at + 1, StringComparison.Ordinal))
            yield return at;
    }
}
