using IdExtractor.Parquet.Encodings;
using IdExtractor.Testing.Buffers;
using Xunit;

namespace IdExtractor.Parquet.Tests.Encodings;

public class LevelBitsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Expand_EveryStartAndLength_AgreesWithScalarTwin(int seed)
    {
        var random = new Random(seed);
        for (var length = 0; length < 12; length++)
        {
            using var source = new GuardedBuffer(ValueTables.Bytes(random, length), atEnd: true);
            for (var first = 0; first <= length * 8; first++)
            {
                for (var count = 0; first + count <= length * 8; count++)
                {
                    using var destination = new GuardedBuffer(count, atEnd: true);
                    var expected = new byte[count];
                    LevelBits.ExpandScalar(source.Span, first, expected);
                    LevelBits.Expand(source.Span, first, destination.Span);
                    Assert.True(
                        expected.AsSpan().SequenceEqual(destination.Span), $"seed {seed}, {length} bytes, from {first}, {count} levels");
                }
            }
        }
    }

    [Fact]
    public void ExpandScalar_KnownBits_ComeLowestFirst()
    {
        var levels = new byte[12];
        LevelBits.ExpandScalar([0b1010_0001, 0b0000_0110], 0, levels);
        Assert.Equal([1, 0, 0, 0, 0, 1, 0, 1, 0, 1, 1, 0], levels);
    }

    [Fact]
    public void ExpandVector128_WholePairsOnly_AgreesWithScalarTwin()
    {
        var source = ValueTables.Bytes(new Random(3), 33);
        var levels = new byte[33 * 8];
        var expected = new byte[levels.Length];
        LevelBits.ExpandScalar(source, 0, expected);

        Assert.Equal(32 * 8, LevelBits.ExpandVector128(source, levels));
        Assert.Equal(expected[..(32 * 8)], levels[..(32 * 8)]);
    }
}
