namespace IdExtractor.Cli.Tests.Phrases;

/// <summary>
/// The reader of sources, on which the proof that the catalogue is complete rests.
/// </summary>
public sealed class SourceTextsTests
{
    [Theory]
    [InlineData("x = \"a b\";", "a b")]
    [InlineData("x = \"a \\\"b\\\" \\u00e9\\n\";", "a \"b\" \u00e9\n")]
    [InlineData("x = @\"a \"\"b\"\" \\\";", "a \"b\" \\")]
    [InlineData("x = $\"a {b} c {d(1, '}')} {{e}}\";", "a {0} c {1} {e}")]
    [InlineData("x = $\"a {b,-10:0.0}%\";", "a {0}%")]
    [InlineData("x = $\"a {(b ? \"c d\" : $\"e {f}\")} g\";", "c d|e {0}|a {0} g")]
    [InlineData("x = \"a \" + \"b\";", "a b")]
    [InlineData("x = $\"a {1} \"\n    + $\"b {2}\";", "a {0} b {1}")]
    [InlineData("x = \"a \" + b;", "a ")]
    [InlineData("x = \"\"\"a \"b\" c\"\"\";", "a \"b\" c")]
    [InlineData("x = $$\"\"\"a {b} {{c}}\"\"\";", "a {b} {0}")]
    [InlineData("// \"a\"\n/* \"b\" */ x = '\"'; y = '\\''; z = \"c\";", "c")]
    [InlineData("x = y is [\"a\", { Length: > 0 }] ? \"b\" : \"\";", "a|b|")]
    public void Of_ASource_AreItsStrings(string source, string texts) =>
        Assert.Equal(texts.Split('|'), SourceTexts.Of("x.cs", source).Select(text => text.Text));

    [Fact]
    public void Of_ASource_KnowsTheLine() => Assert.Equal("x.cs:3", Assert.Single(SourceTexts.Of("x.cs", "a\nb\nc \"d\"")).Place);
}
