using IdExtractor.Cli.Commands;
using IdExtractor.Cli.Options;
using IdExtractor.Cli.Tests.Hosting;
using IdExtractor.Core.History;
using IdExtractor.Core.Job;
using IdExtractor.Phrases;

namespace IdExtractor.Cli.Tests.Phrases;

/// <summary>
/// The catalogue against the sources: every text for people in them has its sentence in Portuguese,
/// and every sentence is one of theirs.
/// </summary>
public sealed class CatalogTests
{
    /// <summary>
    /// Folders and files whose texts are markup, patterns, scripts for shells, or have their own
    /// words in every language (<c>Words</c>).
    /// </summary>
    private static readonly string[] s_otherText =
    [
        "IdExtractor.Foundation/Privacy/", "IdExtractor/Html/Blocks/", "IdExtractor/Html/RunPage/",
        "IdExtractor/Cli/Completions/BashScript.cs", "IdExtractor/Cli/Completions/ZshScript.cs",
        "IdExtractor/Cli/Completions/FishScript.cs", "IdExtractor/Cli/Completions/PowerShellScript.cs",
    ];

    private static readonly Lazy<IReadOnlyList<SourceText>> s_texts = new(ReadSources);

    private static readonly (string English, string Other)[] s_catalog = [.. Speech.Sentences("pt-BR.po")];

    /// <summary>
    /// Texts that are built from names in the sources, and are not written there as such.
    /// </summary>
    private static IEnumerable<string> Derived => Enum.GetValues<StageState>().Select(state => state.ToName().Replace('_', ' '));

    [Fact]
    public void Sources_EveryTextWithABlank_IsInTheCatalogOrForPrograms()
    {
        var known = s_catalog.Select(entry => entry.English).Concat(ForPrograms()).ToHashSet(StringComparer.Ordinal);
        var missing = s_texts.Value
            .Where(
                text => IsSentence(text.Text) && !known.Contains(text.Text) && !s_otherText.Any(
                    place => text.Place.StartsWith(place, StringComparison.Ordinal)))
            .Select(text => $"{text.Place}: {text.Text}");

        AssertNone(missing);
    }

    [Fact]
    public void Catalog_EverySentence_IsInTheSources()
    {
        var written = s_texts.Value.Select(text => text.Text).Concat(Derived).ToHashSet(StringComparer.Ordinal);

        AssertNone(s_catalog.Select(entry => entry.English).Where(english => !written.Contains(english)));
    }

    [Fact]
    public void TextsForPrograms_EachOfThem_IsInTheSourcesAndInNoCatalog()
    {
        var written = s_texts.Value.Select(text => text.Text).ToHashSet(StringComparer.Ordinal);
        var translated = s_catalog.Select(entry => entry.English).ToHashSet(StringComparer.Ordinal);

        AssertNone(ForPrograms().Where(text => !written.Contains(text) || translated.Contains(text)));
    }

    [Fact]
    public void Catalog_EverySentence_IsThereOnceWithTheSamePlaces()
    {
        Assert.Equal(s_catalog.Length, s_catalog.DistinctBy(entry => entry.English).Count());
        Assert.All(s_catalog, entry =>
        {
            var (english, other) = (new PhraseTemplate(entry.English), new PhraseTemplate(entry.Other));
            Assert.True(entry.Other.Length > 0, $"'{entry.English}' has no translation");
            Assert.Equal(english.Holes.Select(hole => hole.Index).Order(), other.Holes.Select(hole => hole.Index).Order());
            Assert.All(english.Holes, hole => Assert.Equal(ArgumentKind.Verbatim, hole.Kind));
            Assert.True(
                english.Literals.Skip(1).SkipLast(1).All(literal => literal.Length > 0),
                $"the places of '{entry.English}' cannot be told apart");
            Assert.Equal(
                (char.IsWhiteSpace(entry.English[0]), entry.English[^1] == ' '),
                (char.IsWhiteSpace(entry.Other[0]), entry.Other[^1] == ' '));
        });
    }

    /// <summary>
    /// Of the sentences that a text could be, the one that it was made from is recognised.
    /// </summary>
    [Fact]
    public void Catalog_ATextOfEverySentence_IsRecognisedAsThatSentence()
    {
        var book = new PhraseBook(s_catalog);
        foreach (var (english, other) in s_catalog)
        {
            var template = new PhraseTemplate(english);
            var isLoose = template.Letters < 3 && new PhraseTemplate(other).Holes.Any(hole => hole.Kind != ArgumentKind.Verbatim);
            if (template.Letters == 0 || isLoose)
                continue;
            string[] values = [.. template.Holes.Select(hole => $"\u00A7{hole.Index}\u00A7")];
            var text = template.Fill(values, (value, _) => value);

            Assert.Equal(new PhraseTemplate(other).Fill(values, (value, _) => value), book.Translate(text));
        }
    }

    [Fact]
    public void Catalog_WordsOfTables_AreKnown()
    {
        var book = new PhraseBook(s_catalog);
        var words = Enum.GetValues<RunPhase>().Select(phase => phase.ToName())
            .Concat(Derived)
            .Concat(CommandTable.All.SelectMany(command => new[] { command.Summary, command.SeeHelp }))
            .Concat(
                OptionTable.All.SelectMany(
                    option => new[]
                    {
                        option.Summary,
                        option.Form.Words is null ? option.Form.Takes : option.Summary,
                        $"[default: {option.Default}]"
                    }))
            .Concat(["error:", "warning:", "CREATED (UTC)", "PARTITION", "IDS", "CHANGE", "SIZE", "RUN", "STATE", "FILE"]);

        AssertNone(words.Distinct().Where(text => !book.Knows(text)));
    }

    /// <summary>What is the same in both languages. Any other equal text was forgotten.</summary>
    [Fact]
    public void Catalog_OtherSentences_AreNotTheEnglishOnes() => Assert.Equal(
        [
            "  md5        {0}", "  sha256     {0}", "  stage      {0}", "0 bytes", "AWS", "CRC {0}", "IDS", "IDs", "bytes", "debug:",
            "encoding {0}", "info:",
            "row group ", "usual", "{0} chunks",
        ],
        s_catalog.Where(entry => entry.English == entry.Other && entry.English.Any(char.IsLetter))
            .Select(entry => entry.English)
            .Order(StringComparer.Ordinal));

    private static void AssertNone(IEnumerable<string> texts)
    {
        var all = string.Join('\n', texts);
        Assert.True(all.Length == 0, all);
    }

    private static IReadOnlyList<SourceText> ReadSources()
    {
        var root = Path.Combine(Repository.Root, "src");
        return
        [
            .. from path in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
               let name = Path.GetRelativePath(root, path).Replace('\\', '/')
               where !name.Split('/').Any(part => part is "obj" or "bin")
               from text in SourceTexts.Of(name, File.ReadAllText(path))
               select text,
        ];
    }

    /// <summary>
    /// Texts of several words. Single words are names for programs, except those in the tables
    /// above.
    /// </summary>
    private static bool IsSentence(string text) =>
        text.Any(char.IsLetter) && text.Trim().Contains(' ', StringComparison.Ordinal) && !text.StartsWith('<');

    private static IEnumerable<string> ForPrograms() =>
        File.ReadLines(
            Path.Combine(
                Repository.Root, "tests", "IdExtractor.Cli.Tests", "Phrases",
                "for-programs.txt")).Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Replace("\\n", "\n", StringComparison.Ordinal));
}
