using System.Globalization;
using System.Text;
using IdExtractor.Core.Collect;
using IdExtractor.Foundation.Bytes;
using IdExtractor.Testing;
using Xunit;

namespace IdExtractor.Core.Tests.Collect;

public class WordSorterTests
{
    [Fact]
    public void Sort_AnyNumbers_GivesTheOrderOfTheFrameworksSort()
    {
        for (var seed = 1; seed <= 400; seed++)
        {
            var random = new Random(seed);
            var words = Words(random, random.Next(seed % 10 == 0 ? 20_000 : 200));
            var indices = Enumerable.Range(0, words.Length).ToArray();
            var sorted = words.ToArray();
            WordSorter.Sort(sorted, indices);

            Assert.True(words.Order().SequenceEqual(sorted), $"seed {seed}");
            Assert.True(indices.Select(index => words[index]).SequenceEqual(sorted), $"seed {seed}: indices went elsewhere");
            Assert.True(indices.Order().SequenceEqual(Enumerable.Range(0, words.Length)), $"seed {seed}: an index is lost");
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(5000)]
    public void Sort_EqualNumbers_Ends(int count)
    {
        var words = Enumerable.Repeat(0x4944_3030_3030_3030UL, count).ToArray();
        var indices = Enumerable.Range(0, count).ToArray();
        WordSorter.Sort(words, indices);
        Assert.Equal(Enumerable.Range(0, count), indices.Order());
    }

    [Fact]
    public void Sort_FewerIndices_IsRefused() => Assert.Throws<ArgumentException>(() => WordSorter.Sort(new ulong[2], new int[1]));

    [Fact]
    public void Sort_Any_AllocatesNothing()
    {
        var words = Words(new Random(7), 10_000);
        var indices = new int[words.Length];
        var copy = words.ToArray();
        Assert.Equal(0, Allocations.LeastOf(() =>
        {
            words.CopyTo(copy, 0);
            WordSorter.Sort(copy, indices);
        }));
    }

    /// <summary>
    /// Numbers that agree in some bytes, as ids do, in all of them, or in none; or the eight bytes
    /// of digits, letters before some of them.
    /// </summary>
    private static ulong[] Words(Random random, int count)
    {
        var free = (ulong)random.NextInt64() & (ulong)random.NextInt64();
        var kinds = random.Next(1, 4);
        if (random.Next(3) == 0)
        {
            var text = $"{new string('X', random.Next(8))}{{0:D{random.Next(1, 9)}}}{(random.Next(2) == 0 ? "" : "a")}";
            return [.. Enumerable.Range(0, count)
                .Select(_ => ByteOrder
                    .WordAt(Encoding.ASCII.GetBytes(string.Format(CultureInfo.InvariantCulture, text, random.Next(100_000_000))), 0))];
        }

        return [.. Enumerable.Range(0, count).Select(_ => random.Next(kinds) switch
        {
            0 => (ulong)random.NextInt64() & free,
            1 => 0x4944_3000_0000_0000UL + (ulong)random.Next(1000),
            _ => ulong.MaxValue - (ulong)random.Next(3),
        })];
    }
}
