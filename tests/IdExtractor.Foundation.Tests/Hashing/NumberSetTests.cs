using IdExtractor.Foundation.Hashing;
using Xunit;

namespace IdExtractor.Foundation.Tests.Hashing;

/// <summary>Compared with the framework's set.</summary>
public sealed class NumberSetTests
{
    private const ulong Factor = 0x9E37_79B9_7F4A_7C15;

    [Theory]
    [InlineData(0, ulong.MaxValue)]
    [InlineData(0, 1000UL)]
    [InlineData(5000, ulong.MaxValue)]
    public void Add_RandomNumbers_EqualsFrameworkSet(int expected, ulong below)
    {
        var random = new Random(17);
        var set = new NumberSet(expected);
        var reference = new HashSet<ulong>();
        for (var i = 0; i < 30_000; i++)
        {
            var number = (ulong)random.NextInt64() * 3 % below;
            Assert.Equal(reference.Add(number), set.Add(number));
        }

        Assert.Equal(reference.Count, set.Count);
        Assert.All(reference, number => Assert.True(set.Contains(number)));
        for (var i = 0; i < 30_000; i++)
        {
            var number = (ulong)random.NextInt64() % below;
            Assert.Equal(reference.Contains(number), set.Contains(number));
        }
    }

    [Fact]
    public void GetEnumerator_NumbersWithZero_ReturnsEachOnce()
    {
        var set = new NumberSet();
        for (var i = 0UL; i < 1000; i++)
            set.Add(i * i);

        var found = new List<ulong>();
        foreach (var number in set)
            found.Add(number);

        Assert.Equal(Enumerable.Range(0, 1000).Select(i => (ulong)i * (ulong)i), found.Order());
    }

    [Fact]
    public void Add_NumbersWithTheHighestHashes_FindsThemAll()
    {
        // The inverse of the factor turns hashes into the numbers that have them.
        var inverse = Factor;
        for (var i = 0; i < 6; i++)
            inverse *= 2 - (Factor * inverse);
        var set = new NumberSet(1000);
        for (var i = 0UL; i < 500; i++)
        {
            var number = (ulong.MaxValue - i) * inverse;
            Assert.Equal(ulong.MaxValue - i, NumberSet.Hash(number));
            Assert.True(set.Add(number));
        }

        for (var i = 0UL; i < 1000; i++)
            Assert.Equal(i < 500, set.Contains((ulong.MaxValue - i) * inverse));
    }

    [Fact]
    public void BytesWhileGrowing_FullSet_IsOldAndNew()
    {
        var set = new NumberSet(10_000);
        Assert.Equal(NumberSet.BytesFor(10_000), set.Bytes);
        for (var i = 1UL; !set.IsFull; i++)
            set.Add(i);
        var (before, growing) = (set.Bytes, set.BytesWhileGrowing);

        set.Add(ulong.MaxValue);

        Assert.InRange(set.Count, 10_000, 10_010);
        Assert.Equal(growing, before + set.Bytes);
    }
}
