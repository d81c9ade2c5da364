using System.Globalization;
using System.Text;
using IdExtractor.Core.Keys;
using Xunit;

namespace IdExtractor.Core.Tests.Keys;

public sealed class ShortDigitsTests
{
    [Fact]
    public void TryParse_RandomDigits_GivesTheirNumber()
    {
        var random = new Random(1);
        for (var round = 0; round < 20_000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(8, 17)).Select(_ => random.Next(random.Next(1, 11))));
            Assert.True(ShortDigits.TryParse(Encoding.ASCII.GetBytes(text), out var number), text);
            Assert.Equal(ulong.Parse(text, CultureInfo.InvariantCulture), number);
        }
    }

    [Fact]
    public void TryParse_AnyOtherByteAnywhere_IsRefused()
    {
        for (var length = 8; length <= 16; length++)
        {
            for (var place = 0; place < length; place++)
            {
                for (var other = 0; other < 256; other++)
                {
                    var text = Enumerable.Repeat((byte)'5', length).ToArray();
                    text[place] = (byte)other;
                    Assert.Equal(char.IsAsciiDigit((char)other), ShortDigits.TryParse(text, out _));
                }
            }
        }
    }
}
