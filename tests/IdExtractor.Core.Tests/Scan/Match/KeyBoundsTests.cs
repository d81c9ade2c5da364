using System.Globalization;
using System.Text;
using IdExtractor.Core.Keys;
using IdExtractor.Core.Scan.Match;
using Xunit;

namespace IdExtractor.Core.Tests.Scan.Match;

public sealed class KeyBoundsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(300)]
    public void AnyBetween_FewKeys_AgreesWithALookAtEachKey(int count)
    {
        for (var seed = 0; seed < 30; seed++)
        {
            var random = new Random(seed);
            var texts = Enumerable.Range(0, count).Select(_ => Text(random)).Distinct().ToArray();
            var bounds = new KeyBounds(Keys(texts));
            for (var i = 0; i < 300; i++)
            {
                var (min, max) = (Text(random), Text(random));
                var expected = texts.Any(key => string.CompareOrdinal(key, min) >= 0 && string.CompareOrdinal(key, max) <= 0);
                Assert.True(
                    expected == bounds.AnyBetween(Encoding.ASCII.GetBytes(min), Encoding.ASCII.GetBytes(max)),
                    $"seed {seed}, bounds {min} to {max}");
            }
        }
    }

    [Fact]
    public void AnyBetween_ManyKeys_NeverDeniesAKey()
    {
        var random = new Random(1);
        var texts = Enumerable.Range(0, 40_000).Select(i => i.ToString("D14", CultureInfo.InvariantCulture)).ToArray();
        var bounds = new KeyBounds(Keys(texts));
        for (var i = 0; i < 1000; i++)
        {
            var key = Encoding.ASCII.GetBytes(texts[random.Next(texts.Length)]);
            Assert.True(bounds.AnyBetween(key, key));
        }

        Assert.False(bounds.AnyBetween("00000000050000"u8, "00000000060000"u8));
        Assert.False(bounds.AnyBetween(""u8, "0000000000000"u8));
    }

    [Fact]
    public void AnyBetween_TruncatedBounds_AreBounds()
    {
        var bounds = new KeyBounds(Keys(["00012345678901"]));
        Assert.True(bounds.AnyBetween("00012"u8, "00013"u8));
        Assert.False(bounds.AnyBetween("00012346"u8, "00013"u8));
    }

    private static KeySet Keys(IEnumerable<string> texts)
    {
        var builder = new KeySetBuilder();
        foreach (var text in texts)
            builder.Add(Encoding.ASCII.GetBytes(text));
        return builder.Build();
    }

    private static string Text(Random random) =>
        random.Next(100_000).ToString(CultureInfo.InvariantCulture).PadLeft(random.Next(1, 9), '0');
}
