using System.Globalization;
using System.Text;
using IdExtractor.Core.Keys;
using IdExtractor.Foundation.Errors;
using Xunit;

namespace IdExtractor.Core.Tests.Keys;

public sealed class KeySetTests
{
    [Fact]
    public void Contains_KeysAndOthers_AgreesWithAHashSet()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            var twin = new HashSet<string>();
            var builder = new KeySetBuilder();
            for (var i = 0; i < 3000; i++)
            {
                var text = Text(random);
                Assert.Equal(twin.Add(text), Added(builder, text));
            }

            var keys = builder.Build();
            Assert.Equal(twin.Count, keys.Count);
            for (var i = 0; i < 10_000; i++)
            {
                var text = Text(random);
                Assert.True(twin.Contains(text) == keys.Contains(Encoding.ASCII.GetBytes(text)), $"seed {seed}: another answer for a text of {text.Length} characters");
            }

            Assert.All(twin, text => Assert.True(keys.Contains(Encoding.ASCII.GetBytes(text))));
        }
    }

    /// <summary>The last keys wait in the builder, and may be those that make its tables of 4,096 keys, or of so many times 14 bytes, grow.</summary>
    [Theory]
    [InlineData(14)]
    [InlineData(20)]
    [InlineData(31)]
    [InlineData(40)]
    public void Build_LastKeysMakeTheTablesGrow_KeepsThemAll(int length)
    {
        var full = Math.Min(4096, 4096 * 14 / length);
        for (var count = full - 12; count <= full + 12; count++)
        {
            var texts = Enumerable.Range(0, count).Select(i => Encoding.ASCII.GetBytes(i.ToString(CultureInfo.InvariantCulture).PadLeft(length, '0'))).ToList();
            var builder = new KeySetBuilder();
            foreach (var text in texts)
                builder.Add(text);
            var keys = builder.Build();
            Assert.Equal(count, keys.Count);
            Assert.All(texts, text => Assert.True(keys.Contains(text)));
            Assert.All(Enumerable.Range(0, count), i => Assert.True(keys[i].SequenceEqual(texts[i])));
        }
    }

    [Fact]
    public void Contains_EmptySet_NothingIsAKey()
    {
        var keys = new KeySetBuilder().Build();
        Assert.False(keys.Contains(""u8));
        Assert.False(keys.Contains("00012345678901"u8));
    }

    [Fact]
    public void Contains_EmptyKey_IsAKeyLikeAnyOther()
    {
        var builder = new KeySetBuilder();
        builder.Add(""u8);
        var keys = builder.Build();
        Assert.True(keys.Contains(""u8));
        Assert.False(keys.Contains("0"u8));
    }

    [Theory]
    [InlineData("00000000000191", 191, true)]
    [InlineData("00012345678901", 12345678901, true)]
    [InlineData("00012345678901", 2345678901, false)]
    [InlineData("00000000000000", 0, true)]
    [InlineData("000.123", 123, false)]
    [InlineData("", 0, false)]
    [InlineData("00009999999999999999999", 9999999999999999999, true)]
    public void NumberKeySet_Contains_ComparesAsNumbers(string key, ulong number, bool expected)
    {
        var builder = new KeySetBuilder();
        builder.Add(Encoding.ASCII.GetBytes(key));
        Assert.Equal(expected, new NumberKeySet(builder.Build()).Contains(number));
    }

    [Fact]
    public void NumberKeySet_NumbersOfMoreThan64Bits_AreComparedAsDigits()
    {
        var builder = new KeySetBuilder();
        builder.Add("000123456789012345678901234567890"u8);
        var numbers = new NumberKeySet(builder.Build());
        Assert.True(numbers.ContainsDigits("123456789012345678901234567890"u8));
        Assert.False(numbers.ContainsDigits("123456789012345678901234567891"u8));
    }

    private static bool Added(KeySetBuilder builder, string text)
    {
        var before = builder.Count;
        builder.Add(Encoding.ASCII.GetBytes(text));
        return builder.Count > before;
    }

    /// <summary>A digit string of mostly usual lengths, from so small a space that equal ones occur.</summary>
    private static string Text(Random random)
    {
        var length = random.Next(10) switch { 0 => random.Next(0, 8), 1 => random.Next(15, 70), _ => 14 };
        return random.Next(4000).ToString(CultureInfo.InvariantCulture).PadLeft(length, '0');
    }

    [Fact]
    public void Add_MoreThanTheMemoryAllows_IsRefusedWithCountsOnly()
    {
        var builder = new KeySetBuilder(maxBytes: 10_000);
        var error = Assert.Throws<MemoryLimitException>(() =>
        {
            for (var i = 0; i < 1000; i++)
                builder.Add(Encoding.ASCII.GetBytes(i.ToString("D14", CultureInfo.InvariantCulture)));
        });
        Assert.InRange(builder.Count, 50, 125);
        Assert.Equal($"more than {builder.Count} keys", error.Place.Actual);
    }
}
