using System.Globalization;
using System.Text;
using IdExtractor.Core.Job;
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
                Assert.True(
                    twin.Contains(text) == keys.Contains(Encoding.ASCII.GetBytes(text)),
                    $"seed {seed}: another answer for a text of {text.Length} characters");
            }

            Assert.All(twin, text => Assert.True(keys.Contains(Encoding.ASCII.GetBytes(text))));
        }
    }

    /// <summary>
    /// The last keys wait in the builder, and may be those that make its tables of 4,096 keys, or
    /// of so many times 14 bytes, grow.
    /// </summary>
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
            var texts = Enumerable.Range(0, count)
                .Select(i => Encoding.ASCII.GetBytes(i.ToString(CultureInfo.InvariantCulture).PadLeft(length, '0')))
                .ToList();
            var builder = new KeySetBuilder();
            foreach (var text in texts)
                builder.Add(text);
            var keys = builder.Build();
            Assert.Equal(count, keys.Count);
            Assert.All(texts, text => Assert.True(keys.Contains(text)));
            Assert.True(texts.Select(Encoding.ASCII.GetString).ToHashSet().SetEquals(AllOf(keys)));
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

    /// <summary>
    /// Keys and documents of all lengths, of digits and of bytes that differ from digits in one
    /// bit, so that texts whose words would be equal if they were packed occur.
    /// </summary>
    [Fact]
    public void Contains_TextsOfAllForms_AgreesWithAHashSet()
    {
        for (var seed = 0; seed < 30; seed++)
        {
            var random = new Random(seed);
            var twin = new HashSet<string>();
            var builder = new KeySetBuilder();
            for (var i = 0; i < 2000; i++)
            {
                var text = Mixed(random);
                Assert.Equal(twin.Add(text), Added(builder, text));
            }

            var keys = builder.Build();
            Assert.Equal(twin.Count, keys.Count);
            Assert.True(twin.SetEquals(AllOf(keys)), $"seed {seed}: other keys");
            Assert.Equal(twin.Order(StringComparer.Ordinal).First(), Encoding.Latin1.GetString(keys.Smallest));
            Assert.Equal(twin.Order(StringComparer.Ordinal).Last(), Encoding.Latin1.GetString(keys.Largest));
            foreach (var text in twin.Concat(Enumerable.Range(0, 10_000).Select(_ => Mixed(random))))
                Assert.True(
                    twin.Contains(text) == keys.Contains(Encoding.Latin1.GetBytes(text)),
                    $"seed {seed}: another answer for a text of {text.Length} characters");
        }
    }

    [Fact]
    public void Build_FarFewerKeysThanExpected_GivesMemoryBack()
    {
        var builder = new KeySetBuilder(expectedKeys: 1_000_000);
        builder.Add("00012345678901"u8);
        var keys = builder.Build();
        Assert.True(keys.Contains("00012345678901"u8));
        Assert.InRange(keys.MemoryBytes, 1, 1000);
    }

    [Fact]
    public void Add_TenMillionKeys_FitTheShareOfOneGiB()
    {
        // The memory of ten million keys, whether or not their number is known from the start.
        var share = new MemoryShares(1L << 30).Keys;
        foreach (var expected in new[] { 0, 10_000_000 })
        {
            var builder = new KeySetBuilder(expected, share);
            var words = new ulong[1 << 12];
            for (var i = 0; i < 10_000_000; i += words.Length)
            {
                for (var j = 0; j < words.Length; j++)
                    words[j] = (ulong)(i + j);
                builder.AddDigits(words, 14);
            }

            Assert.InRange(builder.Build().MemoryBytes, 1, share);
        }
    }

    private static List<string> AllOf(KeySet keys)
    {
        var texts = new List<string>();
        foreach (var key in keys)
            texts.Add(Encoding.Latin1.GetString(key));
        Assert.Equal(texts.Count, texts.Distinct().Count());
        return texts;
    }

    /// <summary>A text of 0 to 20 characters from so small a space that equal ones occur.</summary>
    private static string Mixed(Random random)
    {
        var length = random.Next(4) == 0 ? random.Next(21) : random.Next(8, 17);
        var text = random.Next(500).ToString(CultureInfo.InvariantCulture).PadLeft(length, random.Next(3) == 0 ? '3' : '0').ToCharArray();
        for (var changes = random.Next(8) == 0 && text.Length > 0 ? random.Next(1, 3) : 0; changes > 0; changes--)
            text[random.Next(text.Length)] ^= (char)(1 << random.Next(8));
        return new string(text);
    }

    private static bool Added(KeySetBuilder builder, string text)
    {
        var before = builder.Count;
        builder.Add(Encoding.Latin1.GetBytes(text));
        return builder.Count > before;
    }

    /// <summary>
    /// A digit string of mostly usual lengths, from so small a space that equal ones occur.
    /// </summary>
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
        Assert.InRange(builder.Count, 200, 800);
        Assert.Equal($"more than {builder.Count} keys", error.Place.Actual);
    }
}
