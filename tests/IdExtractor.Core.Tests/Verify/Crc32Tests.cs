using System.Text;
using IdExtractor.Core.Verify;
using Xunit;

namespace IdExtractor.Core.Tests.Verify;

public sealed class Crc32Tests
{
    [Theory]
    [InlineData("", 0u)]
    [InlineData("a", 0xE8B7BE43u)]
    [InlineData("123456789", 0xCBF43926u)]
    [InlineData("The quick brown fox jumps over the lazy dog", 0x414FA339u)]
    public void Append_KnownText_GivesItsCrc(string text, uint crc) => Assert.Equal(crc, Crc32.Append(0, Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void Append_InPieces_GivesTheSameAsInOne()
    {
        var random = new Random(3);
        var bytes = new byte[1000];
        random.NextBytes(bytes);
        var whole = Crc32.Append(0, bytes);
        for (var cut = 0; cut <= 40; cut++)
            Assert.Equal(whole, Crc32.Append(Crc32.Append(0, bytes.AsSpan(0, cut)), bytes.AsSpan(cut)));
    }
}
