using System.Text;
using IdExtractor.Core.Stage.Deflate;
using Xunit;

namespace IdExtractor.Core.Tests.Stage.Deflate;

public sealed class LineMatcherTests
{
    [Fact]
    public void Find_AnyText_GivesCopiesThatDeflateCanName()
    {
        var matcher = new LineMatcher(1 << 17);
        for (var seed = 1; seed <= 8; seed++)
        {
            foreach (var (kind, text) in SampleTexts.Of(seed, 1 << (2 * seed)))
            {
                var end = 0;
                foreach (var copy in matcher.Find(text))
                {
                    Assert.True(copy.Start >= end, $"{kind}, seed {seed}: {copy} overlaps the one before it");
                    Assert.InRange(copy.Length, 3, 258);
                    Assert.InRange(copy.Distance, 1, Math.Min(copy.Start, 32_768));
                    end = copy.Start + copy.Length;
                    Assert.True(
                        text.AsSpan(copy.Start..end).SequenceEqual(text.AsSpan(copy.Start - copy.Distance, copy.Length)),
                        $"{kind}, seed {seed}: {copy}");
                }

                Assert.True(end <= text.Length);
            }
        }
    }

    [Theory]
    [InlineData("\nid100\nid101\nid202", "6+5@6 12+3@6")]
    [InlineData("\na-100-x\na-207-x\na-309-x\n", "8+3@8 14+5@8 22+3@8")]
    [InlineData("\n7-street\n12-street\n13-street", "12+9@10 22+7@10")]
    [InlineData("\n7-xy\n12-xy\n13-xy\n9-xy", "8+5@6 14+4@6 19+3@5")]
    [InlineData("nothing\nshared\n", "")]
    [InlineData("one line", "")]
    [InlineData("", "")]
    public void Find_Lines_SharesBeginningsAndEnds(string text, string copies) =>
        Assert.Equal(
            copies,
            string.Join(
                ' ',
                new LineMatcher(100).Find(Encoding.ASCII.GetBytes(text)).ToArray()
                    .Select(copy => $"{copy.Start}+{copy.Length}@{copy.Distance}")));

    [Theory]
    [InlineData(258, "258")]
    [InlineData(259, "255 4")]
    [InlineData(260, "255 5")]
    [InlineData(261, "258 3")]
    [InlineData(520, "258 258 4")]
    public void Find_LongCopies_AreCutWhereNoPieceIsTooShort(int length, string pieces)
    {
        var line = new string('x', length - 1);
        var copies = new LineMatcher(10_000).Find(Encoding.ASCII.GetBytes($"\n{line}\n{line}")).ToArray();

        Assert.Equal(pieces, string.Join(' ', copies.Select(copy => copy.Length)));
    }
}
