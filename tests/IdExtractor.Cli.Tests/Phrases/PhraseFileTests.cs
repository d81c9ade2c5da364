using IdExtractor.Phrases;

namespace IdExtractor.Cli.Tests.Phrases;

public sealed class PhraseFileTests
{
    [Fact]
    public void Read_Entries_AreThoseWithAnId()
    {
        const string File =
            "# about\nmsgid \"\"\nmsgstr \"\"\n\"Language: pt_BR\\n\"\n\nmsgid \"a \\\"b\\\" \\\\ {0}\"\nmsgstr \"c {0:t}\"\n\n#: x\nmsgid \"d\"\nmsgstr \"e\"\n";

        Assert.Equal([("a \"b\" \\ {0}", "c {0:t}"), ("d", "e")], PhraseFile.Read(new StringReader(File)));
    }

    [Theory]
    [InlineData("msgstr \"a\"")]
    [InlineData("msgid \"a\"\nmsgid \"b\"")]
    [InlineData("msgid_plural \"a\"")]
    public void Read_LinesOfNoEntry_AreRefused(string file) =>
        Assert.Throws<FormatException>(() => PhraseFile.Read(new StringReader(file)).ToList());

    [Theory]
    [InlineData("{0} of {1}", "a of b of c", "a|b of c")]
    [InlineData("a {0}", "a ", "")]
    [InlineData("{1} x {0}", "p x q", "q|p")]
    [InlineData("a {0} b", "a c", null)]
    [InlineData("ab{0}ba", "aba", null)]
    [InlineData("as {\"k\": 1}", "as {\"k\": 1}", "")]
    [InlineData("a", "b", null)]
    public void Match_AText_GivesItsValuesOrNothing(string template, string text, string? values)
    {
        var found = new PhraseTemplate(template).Match(text);
        Assert.Equal(values, found is null ? null : string.Join('|', found));
    }
}
