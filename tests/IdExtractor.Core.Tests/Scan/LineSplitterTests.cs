using System.Text;
using IdExtractor.Core.Scan;
using IdExtractor.Foundation.Errors;
using Xunit;

namespace IdExtractor.Core.Tests.Scan;

public sealed class LineSplitterTests
{
    [Theory]
    [InlineData("a\nb", "a|b")]
    [InlineData("a\nb\n", "a|b")]
    [InlineData("a\n\nb\n", "a||b")]
    [InlineData("a\r\nb\r\n", "a|b")]
    [InlineData("a\r\nb\r", "a|b")]
    [InlineData("a\rb\n", "a\rb")]
    [InlineData("\uFEFFa\nb", "a|b")]
    [InlineData("\uFEFF\na", "|a")]
    [InlineData("a\n\uFEFFb\n", "a|\uFEFFb")]
    [InlineData("\uFEFF", null)]
    [InlineData("", null)]
    public void Feed_InPiecesOfAnySize_GivesTheSameLines(string text, string? lines)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var size = 1; size <= bytes.Length + 1; size++)
        {
            var found = new List<string>();
            var splitter = new LineSplitter("p", line => found.Add(Encoding.UTF8.GetString(line)));
            foreach (var piece in bytes.Chunk(size))
                splitter.Feed(piece);
            splitter.Finish();
            Assert.Equal(lines?.Split('|') ?? [], found);
        }
    }

    [Fact]
    public void Feed_LineWithoutEnd_IsRefusedBeforeItIsHeld()
    {
        var splitter = new LineSplitter("p", _ => { });
        var piece = new byte[1 << 16];
        var error = Assert.Throws<InputDataException>(() =>
        {
            for (var i = 0; i < 1000; i++)
                splitter.Feed(piece);
        });
        Assert.Equal("p", error.Place.Object);
    }

    [Fact]
    public void Feed_LongestLine_IsWhole()
    {
        var length = 0;
        var splitter = new LineSplitter("p", line => length = line.Length);
        splitter.Feed(new byte[LineSplitter.MaxLineBytes]);
        splitter.Finish();
        Assert.Equal(LineSplitter.MaxLineBytes, length);
    }
}
