using System.Globalization;
using System.Text;
using IdExtractor.Core.Keys;
using Xunit;

namespace IdExtractor.Core.Tests.Keys;

public sealed class PackedDigitsTests
{
    [Fact]
    public void TryPack_DigitsOfAllLengths_UnpackToTheSameText()
    {
        var random = new Random(3);
        for (var i = 0; i < 20_000; i++)
        {
            var text = Digits(random, random.Next(8, 17));
            Assert.True(PackedDigits.TryPack(text, out var word));
            var unpacked = new byte[text.Length];
            PackedDigits.Unpack(word, unpacked);
            Assert.Equal(text, unpacked);
            Assert.Equal(
                ulong.Parse(Encoding.ASCII.GetString(text), CultureInfo.InvariantCulture), PackedDigits.ToNumber(word, text.Length));
        }
    }

    [Fact]
    public void TryPack_AnyByteThatIsNoDigit_ReturnsFalse()
    {
        for (var length = 8; length <= 16; length++)
        {
            for (var place = 0; place < length; place++)
            {
                for (var value = 0; value < 256; value++)
                {
                    var text = Enumerable.Repeat((byte)'9', length).ToArray();
                    text[place] = (byte)value;
                    Assert.Equal(value is >= '0' and <= '9', PackedDigits.TryPack(text, out _));
                }
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("1234567")]
    [InlineData("12345678901234567")]
    public void TryPack_OtherLengths_ReturnsFalse(string text) => Assert.False(PackedDigits.TryPack(Encoding.ASCII.GetBytes(text), out _));

    [Fact]
    public void Sortable_TextsOfOneLength_SortAsTheTexts()
    {
        var random = new Random(4);
        for (var length = 8; length <= 16; length++)
        {
            for (var i = 0; i < 2000; i++)
            {
                var (left, right) = (Digits(random, length), Digits(random, length));
                left.AsSpan(0, random.Next(length + 1)).CopyTo(right);
                PackedDigits.TryPack(left, out var leftWord);
                PackedDigits.TryPack(right, out var rightWord);
                Assert.Equal(
                    Math.Sign(left.AsSpan().SequenceCompareTo(right)),
                    PackedDigits.Sortable(leftWord).CompareTo(PackedDigits.Sortable(rightWord)));
            }
        }
    }

    private static byte[] Digits(Random random, int length)
    {
        var text = new byte[length];
        for (var i = 0; i < length; i++)
            text[i] = (byte)('0' + random.Next(10));
        return text;
    }
}
