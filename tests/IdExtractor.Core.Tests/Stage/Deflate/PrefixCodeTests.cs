using IdExtractor.Core.Stage.Deflate;
using Xunit;

namespace IdExtractor.Core.Tests.Stage.Deflate;

public sealed class PrefixCodeTests
{
    /// <summary>
    /// Huffman's own way has no limit; where it stays below ours, no code is shorter.
    /// </summary>
    [Fact]
    public void Build_NoLimitReached_IsAsShortAsHuffmans()
    {
        for (var seed = 1; seed <= 200; seed++)
        {
            var random = new Random(seed);
            var code = new PrefixCode(random.Next(2, 287), 15);
            Fill(code, () => random.Next(3) == 0 ? 0 : random.Next(1, 2000));
            code.Build();
            EnsureCode(code, 15);
            Assert.Equal(HuffmanBits(code.Frequencies), Bits(code));
        }
    }

    /// <summary>All ways to give lengths that a code can have.</summary>
    [Fact]
    public void Build_LimitReached_IsAsShortAsAnyWithinIt()
    {
        for (var seed = 1; seed <= 100; seed++)
        {
            var random = new Random(seed);
            var code = new PrefixCode(6, 3);
            Fill(code, () => 1 << random.Next(12));
            code.Build();
            EnsureCode(code, 3);
            Assert.Equal(BestBits(code.Frequencies, 3), Bits(code));
        }
    }

    [Theory]
    [InlineData(19, 7)]
    [InlineData(30, 15)]
    public void Build_FrequenciesOfFibonacci_StaysWithinTheLimit(int symbols, int maxBits)
    {
        var code = new PrefixCode(symbols, maxBits);
        var (a, b) = (1, 1);
        Fill(code, () => (a, b) = (b, a + b));
        code.Build();
        EnsureCode(code, maxBits);
        Assert.Equal(maxBits, code.Lengths.ToArray().Max());

        void Fill(PrefixCode of, Func<(int Frequency, int)> next)
        {
            for (var i = 0; i < of.Frequencies.Length; i++)
                of.Frequencies[i] = next().Frequency;
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(29)]
    public void Build_OneSymbolOrNone_HasTwo(int symbol)
    {
        var code = new PrefixCode(30, 15);
        if (symbol >= 0)
            code.Frequencies[symbol] = 7;
        code.Build();
        EnsureCode(code, 15);
        Assert.Equal(2, code.Lengths.ToArray().Count(length => length == 1));
        Assert.True(symbol < 0 || code.Lengths[symbol] == 1);
    }

    private static void Fill(PrefixCode code, Func<int> frequency)
    {
        for (var i = 0; i < code.Frequencies.Length; i++)
            code.Frequencies[i] = frequency();
    }

    /// <summary>
    /// Symbols that occur have codes within the limit, none begins with another, and no code is
    /// left over.
    /// </summary>
    private static void EnsureCode(PrefixCode code, int maxBits)
    {
        var taken = new bool[1 << maxBits];
        for (var symbol = 0; symbol < code.Lengths.Length; symbol++)
        {
            var bits = code.Codes[symbol];
            Assert.Equal(code.Lengths[symbol], bits.Count);
            Assert.InRange(bits.Count, code.Frequencies[symbol] > 0 ? 1 : 0, maxBits);
            Assert.Equal(0UL, bits.Value >> bits.Count);
            for (var rest = 0; bits.Count > 0 && rest < 1 << (maxBits - bits.Count); rest++)
            {
                Assert.False(taken[((int)bits.Value) | (rest << bits.Count)]);
                taken[((int)bits.Value) | (rest << bits.Count)] = true;
            }
        }

        Assert.DoesNotContain(false, taken);
    }

    private static long Bits(PrefixCode code)
    {
        var bits = 0L;
        for (var symbol = 0; symbol < code.Lengths.Length; symbol++)
            bits += (long)code.Frequencies[symbol] * code.Lengths[symbol];
        return bits;
    }

    private static long HuffmanBits(Span<int> frequencies)
    {
        var open = new PriorityQueue<long, long>();
        foreach (var frequency in frequencies)
        {
            if (frequency > 0)
                open.Enqueue(frequency, frequency);
        }

        var bits = 0L;
        while (open.Count > 1)
        {
            var both = open.Dequeue() + open.Dequeue();
            bits += both;
            open.Enqueue(both, both);
        }

        return bits;
    }

    private static long BestBits(ReadOnlySpan<int> frequencies, int maxBits, int room = -1)
    {
        room = room < 0 ? 1 << maxBits : room;
        if (frequencies.IsEmpty)
            return 0;
        var best = long.MaxValue / 2;
        for (var length = 1; length <= maxBits && room > 0; length++)
        {
            var left = room - (1 << (maxBits - length));
            if (left >= frequencies.Length - 1)
                best = Math.Min(best, ((long)frequencies[0] * length) + BestBits(frequencies[1..], maxBits, left));
        }

        return best;
    }
}
