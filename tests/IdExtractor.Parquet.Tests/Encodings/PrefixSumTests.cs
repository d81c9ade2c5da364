using System.Runtime.InteropServices;
using IdExtractor.Parquet.Encodings;
using IdExtractor.Testing.Buffers;
using Xunit;

namespace IdExtractor.Parquet.Tests.Encodings;

public class PrefixSumTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Accumulate_EveryLength_AgreesWithTheScalarTwin(int seed)
    {
        var random = new Random(seed);
        for (var count = 0; count < 40; count++)
        {
            var smallest = random.Next(int.MinValue, int.MaxValue);
            var last = random.Next(int.MinValue, int.MaxValue);
            var expected = Enumerable.Range(0, count).Select(_ => random.Next(int.MinValue, int.MaxValue)).ToArray();
            using var fast = new GuardedBuffer(MemoryMarshal.AsBytes<int>(expected), atEnd: true);
            var values = MemoryMarshal.Cast<byte, int>(fast.Span);

            Assert.Equal(PrefixSum.AccumulateScalar(expected, smallest, last), PrefixSum.Accumulate(values, smallest, last));
            Assert.Equal(expected, values.ToArray());
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Accumulate_NarrowDifferencesInTheUpperHalf_AgreesWithWideOnes(int seed)
    {
        var random = new Random(seed);
        for (var count = 0; count < 40; count++)
        {
            var smallest = random.NextInt64(long.MinValue, long.MaxValue);
            var last = random.NextInt64(long.MinValue, long.MaxValue);
            var narrow = Enumerable.Range(0, count).Select(_ => (uint)random.NextInt64()).ToArray();
            var expected = narrow.Select(delta => (long)delta).ToArray();
            var values = new long[count];
            var upperHalf = MemoryMarshal.Cast<long, uint>(values.AsSpan())[count..];
            narrow.AsSpan().CopyTo(upperHalf);

            Assert.Equal(PrefixSum.Accumulate(expected, smallest, last), PrefixSum.Accumulate(upperHalf, values, smallest, last));
            Assert.Equal(expected, values);
        }
    }

    [Fact]
    public void Repeat_AnyStep_IsAnArithmeticProgressionThatWraps()
    {
        int[] values = new int[4];
        Assert.Equal(int.MinValue + 1, PrefixSum.Repeat(values, 1, int.MaxValue - 2));
        Assert.Equal([int.MaxValue - 1, int.MaxValue, int.MinValue, int.MinValue + 1], values);
        Assert.Equal(9, PrefixSum.Repeat(values, 0, 9));
        Assert.Equal([9, 9, 9, 9], values);
    }
}
