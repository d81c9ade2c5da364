using System.Globalization;
using IdExtractor.Html;

namespace IdExtractor.Phrases;

/// <summary>
/// The language of text for people. The program is written in English, and other languages are a
/// file of sentences beside it, which is read when the first of them is needed. Logs, results and
/// reports in JSON are for programs, and are English always.
/// </summary>
internal sealed class Speech
{
    private const string PortugueseFile = "pt-BR.po";

    private static readonly string[] s_variables = ["LC_ALL", "LC_MESSAGES", "LANG"];

    private readonly PhraseBook? _book;

    private Speech(PageLanguage language, PhraseBook? book) => (Language, _book) = (language, book);

    /// <summary>English: every text is what it is.</summary>
    public static Speech English { get; } = new(PageLanguage.English, null);

    /// <summary>Portuguese as in Brazil.</summary>
    public static Speech Portuguese { get; } = new(PageLanguage.Portuguese, new PhraseBook(Sentences(PortugueseFile)));

    /// <summary>Which it is.</summary>
    public PageLanguage Language { get; }

    /// <summary>The language that is chosen.</summary>
    public static Speech Of(PageLanguage language) => language == PageLanguage.Portuguese ? Portuguese : English;

    /// <summary>
    /// The language of the system, as programs of POSIX find it: the first of three variables that
    /// is set. Portuguese of every country is answered in that of Brazil.
    /// </summary>
    public static PageLanguage OfSystem(Func<string, string?> variable)
    {
        var locale = s_variables.Select(variable).FirstOrDefault(value => value is { Length: > 0 }) ?? "";
        var isPortuguese = locale.Split('_', '-', '.', '@')[0].Equals("pt", StringComparison.OrdinalIgnoreCase);
        return isPortuguese ? PageLanguage.Portuguese : PageLanguage.English;
    }

    /// <summary>The sentences of a language, in the order of its file.</summary>
    internal static IEnumerable<(string English, string Other)> Sentences(string name)
    {
        var bytes = typeof(Speech).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException("A language has no file.");
        using var file = new StreamReader(bytes);
        foreach (var entry in PhraseFile.Read(file))
            yield return entry;
    }

    /// <summary>A text of the program in this language.</summary>
    public string Of(string text) => _book is null ? text : _book.Translate(text);

    /// <summary>A line of a log: an error or a warning, with its place and advice.</summary>
    public string Line(string text) => _book is null ? text : _book.TranslateLine(text);

    /// <summary>A number, percentage or size as this language writes it.</summary>
    public string Number(string text) => _book is null ? text : PhraseBook.Number(text);

    /// <summary>A date and time in UTC: ISO 8601 in English, day first in Portuguese.</summary>
    public string Moment(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString(_book is null ? "yyyy-MM-dd HH:mm:ss" : "dd/MM/yyyy HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>A day, as <see cref="Moment"/> writes it.</summary>
    public string Day(DateTime day) => day.ToString(_book is null ? "yyyy-MM-dd" : "dd/MM/yyyy", CultureInfo.InvariantCulture);

    /// <summary>Phrases with commas between.</summary>
    public string List(IEnumerable<string> texts) => string.Join(", ", texts.Select(Of));
}
