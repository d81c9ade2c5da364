using System.Text;
using IdExtractor.Core.Storage;
using Xunit;

namespace IdExtractor.Core.Tests.Storage;

public sealed class KeyOrderTests
{
    /// <summary>
    /// Both sides of every border between the lengths of UTF-8, and of the surrogates.
    /// </summary>
    private static readonly int[] s_borders = [
        0x21, 0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFD, 0x10000, 0x103FF, 0x10400, 0x1F600, 0x10FFFF
    ];

    [Fact]
    public void Compare_AnyTwoKeys_IsTheOrderOfTheirBytes()
    {
        var random = new Random(5);
        var keys = Enumerable.Range(0, 400)
            .Select(
                _ => string.Concat(
                    Enumerable.Range(0, random.Next(4)).Select(_ => char.ConvertFromUtf32(s_borders[random.Next(s_borders.Length)]))))
            .ToArray();
        var differs = 0;
        foreach (var left in keys)
        {
            foreach (var right in keys)
            {
                var expected = Math.Sign(Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right)));
                Assert.Equal(expected, Math.Sign(KeyOrder.Instance.Compare(left, right)));
                differs += expected == Math.Sign(string.CompareOrdinal(left, right)) ? 0 : 1;
            }
        }

        // Otherwise the keys would not distinguish the two orders.
        Assert.NotEqual(0, differs);
    }

    [Fact]
    public void Compare_Null_IsFirst()
    {
        Assert.True(KeyOrder.Instance.Compare(null, "") < 0);
        Assert.True(KeyOrder.Instance.Compare("", null) > 0);
        Assert.Equal(0, KeyOrder.Instance.Compare(null, null));
    }
}
