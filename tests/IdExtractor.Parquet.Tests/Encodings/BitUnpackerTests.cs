using System.Runtime.InteropServices;
using IdExtractor.Parquet.Encodings;
using IdExtractor.Testing.Buffers;
using IdExtractor.Testing.Pages;
using Xunit;

namespace IdExtractor.Parquet.Tests.Encodings;

public class BitUnpackerTests
{
    private const int Longest = 45;

    public static TheoryData<int> Widths => [.. Enumerable.Range(1, 64)];

    [Theory]
    [MemberData(nameof(Widths))]
    public void Unpack_EveryStartAndLength_GivesWhatWasPacked(int width)
    {
        var random = new Random(width);
        for (var count = 0; count <= Longest; count++)
        {
            var values = Values(random, count, width);
            using var source = new GuardedBuffer(new EncodedBytes().AddLowBitsFirst(values, width).ToArray(), atEnd: true);
            for (var first = 0; first <= count; first++)
            {
                var length = first % 3 == 0 ? count - first : random.Next(count - first + 1);
                var expected = values.AsSpan(first, length).ToArray();
                Assert.Equal(expected, Unpack64(source.Span, first, width, length));
                if (width > 32)
                    continue;
                Assert.Equal(expected, Unpack32(source.Span, first, width, length));
                Assert.Equal(expected, Unpack32Scalar(source.Span, first, width, length));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void UnpackGroups_AnyLength_AgreesWithScalarTwinOnWholeGroups(int width)
    {
        if (width > LaneLayout.WidestValue)
            return;
        var random = new Random(width);
        for (var length = 0; length < Longest; length++)
        {
            using var source = new GuardedBuffer(ValueTables.Bytes(random, length), atEnd: true);
            var count = length * 8 / width;
            using var destination = new GuardedBuffer(count * sizeof(uint), atEnd: true);
            var values = MemoryMarshal.Cast<byte, uint>(destination.Span);

            var done = BitUnpacker.UnpackGroups(source.Span, width, values);

            Assert.Equal(0, done % 8);
            Assert.InRange(done, Math.Max(0, count - 8 - (8 * 16 * 8 / width)), count);
            Assert.Equal(Unpack32Scalar(source.Span, 0, width, done), values[..done].ToArray().Select(value => (ulong)value));
        }
    }

    [Theory]
    [InlineData(-1, 8, 1)]
    [InlineData(0, 8, 11)]
    [InlineData(10, 8, 1)]
    [InlineData(0, 3, 27)]
    [InlineData(long.MaxValue / 64, 32, 16)]
    public void Unpack_ValuesOutsideOfSource_Throws(long first, int width, int count)
    {
        Assert.Throws<ArgumentException>(() => BitUnpacker.Unpack32(new byte[10], first, width, new uint[count]));
        Assert.Throws<ArgumentException>(() => BitUnpacker.Unpack64(new byte[10], first, width, new ulong[count]));
    }

    private static ulong[] Values(Random random, int count, int width)
    {
        var mask = ulong.MaxValue >> (64 - width);
        var values = new ulong[count];
        for (var i = 0; i < count; i++)
            values[i] = (
                random.Next(4) switch { 0 => 0UL, 1 => ulong.MaxValue, _ => (ulong)random.NextInt64(long.MinValue, long.MaxValue) }) & mask;
        return values;
    }

    private static ulong[] Unpack64(ReadOnlySpan<byte> source, long first, int width, int count)
    {
        using var destination = new GuardedBuffer(count * sizeof(ulong), atEnd: true);
        var values = MemoryMarshal.Cast<byte, ulong>(destination.Span);
        BitUnpacker.Unpack64(source, first, width, values);
        return values.ToArray();
    }

    private static ulong[] Unpack32(ReadOnlySpan<byte> source, long first, int width, int count)
    {
        using var destination = new GuardedBuffer(count * sizeof(uint), atEnd: true);
        var values = MemoryMarshal.Cast<byte, uint>(destination.Span);
        BitUnpacker.Unpack32(source, first, width, values);
        return [.. values.ToArray().Select(value => (ulong)value)];
    }

    private static ulong[] Unpack32Scalar(ReadOnlySpan<byte> source, long first, int width, int count)
    {
        var values = new uint[count];
        BitUnpacker.Unpack32Scalar(source, first, width, values);
        return [.. values.Select(value => (ulong)value)];
    }
}
